"""`feedback audit`: the trail, its seals, and the figures that follow from it."""

from __future__ import annotations

import argparse
from datetime import date

from feedback.cli.verbs import Verbs, add, group_of, settings


def declare(verbs: Verbs) -> None:
    """Add the commands of this family."""
    group = group_of(verbs, "audit", "the audit trail")
    _verify(group)
    _seal(group)
    _copies(group)
    _proofs(group)
    _figures(group)


def _verify(group: Verbs) -> None:
    def run(chosen: argparse.Namespace) -> int:
        from feedback.commands import audit

        return audit.verify(settings(), chosen.against, chosen.workers)

    parser = add(group, "verify", "recompute chains, heads and seals", run)
    parser.add_argument("--against", metavar="FILE", help="also compare with a copy of the seals")
    parser.add_argument("--workers", type=int, choices=range(1, 17), metavar="N", help="processes (up to 16)")


def _seal(group: Verbs) -> None:
    def run(chosen: argparse.Namespace) -> int:
        from feedback.commands import seals

        return seals.seal(settings(), chosen.day)

    parser = add(group, "seal", "seal finished days; the clock process does so every night", run)
    parser.add_argument("--day", type=_day, metavar="YYYY-MM-DD", help="up to this day")


def _day(text: str) -> date:
    """Raises ArgumentTypeError with a sentence for the person at the keyboard."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"no such day: {text} (YYYY-MM-DD)") from None


def _copies(group: Verbs) -> None:
    def export(chosen: argparse.Namespace) -> int:
        from feedback.commands import seals

        return seals.export(settings(), chosen.export)

    def key(_: argparse.Namespace) -> int:
        from feedback.commands import seals

        return seals.key(settings())

    parser = add(group, "seals", "write the seals to a file, to be kept elsewhere", export)
    parser.add_argument(
        "--export", metavar="FILE", required=True, help="a new file, or - for standard output"
    )
    add(group, "key", "print the public key of the seals", key)


def _proofs(group: Verbs) -> None:
    def prove(chosen: argparse.Namespace) -> int:
        from feedback.commands import seals

        return seals.proof(settings(), chosen.code)

    def check(chosen: argparse.Namespace) -> int:
        from feedback.commands import seals

        return seals.check_proof(chosen.file, chosen.seals, chosen.key or ())

    parser = add(group, "proof", "prove that a ticket's rows stand in sealed days (JSON)", prove)
    parser.add_argument("code", metavar="CODE")
    parser = add(group, "check-proof", "check such a proof with a copy of the seals, offline", check)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--seals", metavar="FILE", required=True, help="a copy of the seals")
    parser.add_argument(
        "--key", action="append", help="public key that is trusted; may be given several times"
    )


def _figures(group: Verbs) -> None:
    def recompute(arguments: argparse.Namespace) -> int:
        from feedback.commands import recompute

        return recompute.run(settings(), arguments.period, as_json=arguments.json)

    def explain(arguments: argparse.Namespace) -> int:
        from feedback.commands import explain

        return explain.run(settings(), arguments.code, as_json=arguments.json)

    parser = add(group, "recompute", "make the figures again from the trail, and compare", recompute)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--period", help="received in 2026-11, or 2026-11-01..2026-11-22 (Hanoi days, both included)"
    )
    which.add_argument("--all", action="store_true", help="every ticket there is")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser = add(group, "explain", "every minute of one ticket: counted or not, and why", explain)
    parser.add_argument("code", metavar="CODE", help="HN-26-7K3F-92")
    parser.add_argument("--json", action="store_true", help="one JSON object with every interval")
