"""`feedback quarantine`, `denunciations`, `retention`: what people wrote, and how long it stays."""

from __future__ import annotations

import argparse

from feedback.cli.verbs import Verbs, add, group_of, settings


def declare(verbs: Verbs) -> None:
    """Add the commands of this family."""
    _quarantine(verbs)
    _denunciations(verbs)
    _retention(verbs)


def _quarantine(verbs: Verbs) -> None:
    def listing(_: argparse.Namespace) -> int:
        from feedback.commands import quarantine

        return quarantine.listing(settings())

    def replay(arguments: argparse.Namespace) -> int:
        from feedback.commands import quarantine

        return quarantine.replay(settings(), arguments.id)

    group = group_of(verbs, "quarantine", "deliveries that could not be read")
    add(group, "list", "what lies there, without content", listing)
    add(group, "replay", "verify and parse again", replay).add_argument("id", type=int)


def _denunciations(verbs: Verbs) -> None:
    def seal(_: argparse.Namespace) -> int:
        from feedback.commands import denunciations

        return denunciations.seal(settings())

    def rekey(_: argparse.Namespace) -> int:
        from feedback.commands import denunciations

        return denunciations.rekey(settings())

    group = group_of(verbs, "denunciations", "the restricted store")
    add(group, "seal", "put under seal what was received before there was one", seal)
    add(group, "rekey", "encrypt everything with the newest key; may be stopped and begun again", rekey)


def _retention(verbs: Verbs) -> None:
    def run(arguments: argparse.Namespace) -> int:
        from feedback.commands import retention

        return retention.run(settings(), dry_run=arguments.dry_run)

    def rules(_: argparse.Namespace) -> int:
        from feedback.commands import retention

        return retention.rules()

    group = group_of(verbs, "retention", "how long personal data is kept")
    add(group, "rules", "the table of years, checked", rules)
    runner = add(group, "run", "erase what has been kept long enough", run)
    runner.add_argument("--dry-run", action="store_true", help="only count, by rule")
