"""The words of `feedback audit` about seals: what each takes, and what it calls. Imports nothing heavy."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from feedback.settings import Settings

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Load = Callable[[], Settings]


def declare(group: Verbs, settings: Load) -> None:
    """Add the commands to `feedback audit`."""
    _verify(group, settings)
    _seal(group, settings)
    _copies(group, settings)
    _proofs(group, settings)


def _verify(group: Verbs, settings: Load) -> None:
    def run(chosen: argparse.Namespace) -> int:
        from feedback.commands import audit

        return audit.verify(settings(), chosen.against, chosen.workers)

    parser = group.add_parser("verify", help="recompute chains, heads and seals")
    parser.set_defaults(run=run)
    parser.add_argument("--against", metavar="FILE", help="also compare with a copy of the seals")
    parser.add_argument("--workers", type=int, choices=range(1, 17), metavar="N", help="processes (up to 16)")


def _seal(group: Verbs, settings: Load) -> None:
    def run(chosen: argparse.Namespace) -> int:
        from feedback.commands import seals

        return seals.seal(settings(), chosen.day)

    parser = group.add_parser("seal", help="seal finished days; the clock process does so every night")
    parser.set_defaults(run=run)
    parser.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="up to this day")


def _copies(group: Verbs, settings: Load) -> None:
    def export(chosen: argparse.Namespace) -> int:
        from feedback.commands import seals

        return seals.export(settings(), chosen.export)

    def key(_: argparse.Namespace) -> int:
        from feedback.commands import seals

        return seals.key(settings())

    parser = group.add_parser("seals", help="write the seals to a file, to be kept elsewhere")
    parser.set_defaults(run=export)
    parser.add_argument(
        "--export", metavar="FILE", required=True, help="a new file, or - for standard output"
    )
    group.add_parser("key", help="print the public key of the seals").set_defaults(run=key)


def _proofs(group: Verbs, settings: Load) -> None:
    def prove(chosen: argparse.Namespace) -> int:
        from feedback.commands import seals

        return seals.proof(settings(), chosen.code)

    def check(chosen: argparse.Namespace) -> int:
        from feedback.commands import seals

        return seals.check_proof(chosen.file, chosen.seals, chosen.key or ())

    parser = group.add_parser("proof", help="prove that a ticket's rows stand in sealed days (JSON)")
    parser.set_defaults(run=prove)
    parser.add_argument("code", metavar="CODE")
    parser = group.add_parser("check-proof", help="check such a proof with a copy of the seals, offline")
    parser.set_defaults(run=check)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--seals", metavar="FILE", required=True, help="a copy of the seals")
    parser.add_argument(
        "--key", action="append", help="public key that is trusted; may be given several times"
    )
