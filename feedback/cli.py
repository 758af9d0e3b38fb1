"""`feedback`: the operator's command line. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from feedback.commands import audit_verbs
from feedback.settings import Settings, SettingsError

Run = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 done, 1 a check failed or the input was refused, 2 wrong usage or settings."""
    arguments = _parser().parse_args(argv)
    run: Run = arguments.run
    try:
        return run(arguments)
    except SettingsError as faults:
        print(faults, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _settings() -> Settings:
    from feedback.commands import settings

    return settings.load()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="feedback", description=__doc__)
    verbs = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _database(verbs)
    _accounts(verbs)
    _processes(verbs)
    _checks(verbs)
    _clock(verbs)
    _terms(verbs)
    _quarantine(verbs)
    _denunciations(verbs)
    _retention(verbs)
    return parser


Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _group(verbs: Verbs, name: str, help_text: str) -> Verbs:
    group = verbs.add_parser(name, help=help_text)
    return group.add_subparsers(title="commands", required=True, metavar="COMMAND")


def _add(verbs: Verbs, name: str, help_text: str, run: Run) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=help_text)
    parser.set_defaults(run=run)
    return parser


def _database(verbs: Verbs) -> None:
    def upgrade(_: argparse.Namespace) -> int:
        from feedback.commands import database

        return database.upgrade(_settings())

    def current(_: argparse.Namespace) -> int:
        from feedback.commands import database

        return database.current(_settings())

    group = _group(verbs, "db", "database schema")
    _add(group, "upgrade", "bring schema and reference data up to date", upgrade)
    _add(group, "current", "say which revision the database stands at", current)


def _accounts(verbs: Verbs) -> None:
    def demo(_: argparse.Namespace) -> int:
        from feedback.commands import accounts

        return accounts.demo(_settings())

    def create(arguments: argparse.Namespace) -> int:
        from feedback.commands import accounts

        return accounts.create(_settings(), arguments.email, arguments.name, arguments.role, arguments.ward)

    def set_roles(arguments: argparse.Namespace) -> int:
        from feedback.commands import accounts

        return accounts.set_roles(_settings(), arguments.email, arguments.role, arguments.ward)

    def set_password(arguments: argparse.Namespace) -> int:
        from feedback.commands import accounts

        return accounts.set_password(_settings(), arguments.email)

    group = _group(verbs, "accounts", "staff accounts")
    _add(group, "demo", "create the demo accounts and say how to log in", demo)
    new = _add(group, "create", "create an account; the password is asked for", create)
    new.add_argument("email")
    new.add_argument("--name", required=True)
    new.add_argument("--role", required=True, action="append", help="may be given several times")
    new.add_argument("--ward", help="code of the ward, for ward staff")
    roles = _add(group, "roles", "replace the roles of an account", set_roles)
    roles.add_argument("email")
    roles.add_argument("--role", required=True, action="append", help="may be given several times")
    roles.add_argument("--ward", help="code of the ward, for ward staff")
    _add(group, "password", "set a password; it is asked for", set_password).add_argument("email")


def _processes(verbs: Verbs) -> None:
    def worker(_: argparse.Namespace) -> int:
        from feedback.jobs import worker

        return worker.main(_started())

    _add(verbs, "worker", "run a worker (Procfile)", worker)


def _started() -> Settings:
    from feedback import logs

    settings = _settings()
    logs.configure(settings.log)
    return settings


def _checks(verbs: Verbs) -> None:
    def status(arguments: argparse.Namespace) -> int:
        from feedback.commands import status

        return status.show(_settings(), as_json=arguments.json)

    def doctor(_: argparse.Namespace) -> int:
        from feedback.commands import doctor, settings

        return doctor.examine(settings.environment())

    _add(verbs, "status", "counters of the service", status).add_argument(
        "--json", action="store_true", help="one JSON object"
    )
    _add(verbs, "doctor", "check database, Redis, models, channels and clock", doctor)
    group = _group(verbs, "audit", "the audit trail")
    audit_verbs.declare(group, _settings)
    _figures(group)


def _figures(group: Verbs) -> None:
    def recompute(arguments: argparse.Namespace) -> int:
        from feedback.commands import recompute

        return recompute.run(_settings(), arguments.period, as_json=arguments.json)

    def explain(arguments: argparse.Namespace) -> int:
        from feedback.commands import explain

        return explain.run(_settings(), arguments.code, as_json=arguments.json)

    parser = _add(group, "recompute", "make the figures again from the trail, and compare", recompute)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--period", help="received in 2026-11, or 2026-11-01..2026-11-22 (Hanoi days, both included)"
    )
    which.add_argument("--all", action="store_true", help="every ticket there is")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser = _add(group, "explain", "every minute of one ticket: counted or not, and why", explain)
    parser.add_argument("code", metavar="CODE", help="HN-26-7K3F-92")
    parser.add_argument("--json", action="store_true", help="one JSON object with every interval")


def _clock(verbs: Verbs) -> None:
    def run(_: argparse.Namespace) -> int:
        from feedback.jobs import sweep

        return sweep.main(_started())

    def due(arguments: argparse.Namespace) -> int:
        from feedback import cli_clock

        def answer() -> str:
            end = cli_clock.due(arguments.start, arguments.term)
            _warn(cli_clock.warnings(arguments.start, end))
            return end

        return _tell(answer)

    def worked(arguments: argparse.Namespace) -> int:
        from feedback import cli_clock

        def answer() -> int:
            seconds = cli_clock.worked(arguments.start, arguments.end)
            _warn(cli_clock.warnings(arguments.start, arguments.end))
            return seconds

        return _tell(answer)

    def scan(arguments: argparse.Namespace) -> int:
        from feedback.commands import scan

        return scan.scan(_started(), once=arguments.once)

    def check(arguments: argparse.Namespace) -> int:
        from feedback import cli_clock

        try:
            line, notes = cli_clock.check(arguments.folder)
        except ValueError as faults:
            print(faults, file=sys.stderr)
            return 1
        _warn(notes)
        print(line)
        return 0

    group = _group(verbs, "clock", "working time, and the clock process")
    _add(group, "run", "run the clock process (Procfile)", run)
    parser = _add(group, "scan", "look which terms have run far enough that somebody is told", scan)
    parser.add_argument("--once", action="store_true", help="one look, instead of one every ten seconds")
    parser = _add(group, "due", "when a term ends", due)
    parser.add_argument("start", metavar="FROM", help="ISO 8601, for example 2026-02-13T16:30+07:00")
    parser.add_argument("term", metavar="TERM", help="4wh, 5wd or 30d")
    parser = _add(group, "worked", "working seconds between two instants", worked)
    parser.add_argument("start", metavar="FROM")
    parser.add_argument("end", metavar="TO")
    parser = _add(group, "check", "read calendar files and say every fault before they are installed", check)
    parser.add_argument("folder", metavar="FOLDER", nargs="?", help="without it, the shipped calendar")


def _terms(verbs: Verbs) -> None:
    def listing(_: argparse.Namespace) -> int:
        from feedback.commands import terms

        return terms.listing(_settings())

    def show(arguments: argparse.Namespace) -> int:
        from feedback.commands import terms

        return terms.show(_settings(), arguments.version)

    def preview(arguments: argparse.Namespace) -> int:
        from feedback.commands import terms

        return terms.preview(_settings(), arguments.file)

    def publish(arguments: argparse.Namespace) -> int:
        from feedback.commands import terms

        return terms.publish(_settings(), arguments.file, arguments.note, move=arguments.move)

    def calendar(arguments: argparse.Namespace) -> int:
        from feedback.commands import terms

        return terms.move_calendar(_settings(), arguments.note, really=arguments.move)

    group = _group(verbs, "terms", "what is due when, in versions")
    _add(group, "list", "every version, and the running tickets judged by it", listing)
    _add(group, "show", "a version as JSON", show).add_argument("version", nargs="?", metavar="VERSION")
    parser = _add(group, "preview", "what another version would do to running tickets", preview)
    parser.add_argument("file", type=Path, metavar="FILE", help="TOML or JSON")
    parser = _add(group, "publish", "publish another version", publish)
    parser.add_argument("file", type=Path, metavar="FILE", help="TOML or JSON")
    parser.add_argument("--note", required=True, help="on what grounds")
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument(
        "--keep", dest="move", action="store_false", help="running tickets keep their deadlines"
    )
    choice.add_argument("--move", dest="move", action="store_true", help="running tickets are judged anew")
    parser = _add(group, "calendar", "running tickets and the shipped calendar", calendar)
    parser.add_argument("--move", action="store_true", help="judge running tickets by it")
    parser.add_argument("--note", default="", help="on what grounds")


def _tell(compute: Callable[[], object]) -> int:
    from feedback.domain.errors import DomainError

    try:
        print(compute())
    except DomainError as refusal:
        print(refusal.message_vi, file=sys.stderr)
        return 1
    return 0


def _warn(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        print(sentence, file=sys.stderr)


def _denunciations(verbs: Verbs) -> None:
    def seal(_: argparse.Namespace) -> int:
        from feedback.commands import denunciations

        return denunciations.seal(_settings())

    def rekey(_: argparse.Namespace) -> int:
        from feedback.commands import denunciations

        return denunciations.rekey(_settings())

    group = _group(verbs, "denunciations", "the restricted store")
    _add(group, "seal", "put under seal what was received before there was one", seal)
    _add(group, "rekey", "encrypt everything with the newest key; may be stopped and begun again", rekey)


def _quarantine(verbs: Verbs) -> None:
    def listing(_: argparse.Namespace) -> int:
        from feedback.commands import quarantine

        return quarantine.listing(_settings())

    def replay(arguments: argparse.Namespace) -> int:
        from feedback.commands import quarantine

        return quarantine.replay(_settings(), arguments.id)

    group = _group(verbs, "quarantine", "deliveries that could not be read")
    _add(group, "list", "what lies there, without content", listing)
    _add(group, "replay", "verify and parse again", replay).add_argument("id", type=int)


def _retention(verbs: Verbs) -> None:
    def run(arguments: argparse.Namespace) -> int:
        from feedback.commands import retention

        return retention.run(_settings(), dry_run=arguments.dry_run)

    def rules(_: argparse.Namespace) -> int:
        from feedback.commands import retention

        return retention.rules()

    group = _group(verbs, "retention", "how long personal data is kept")
    _add(group, "rules", "the table of years, checked", rules)
    runner = _add(group, "run", "erase what has been kept long enough", run)
    runner.add_argument("--dry-run", action="store_true", help="only count, by rule")


if __name__ == "__main__":
    sys.exit(main())
