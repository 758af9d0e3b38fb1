"""`feedback db`, `accounts`, `worker`, `status`, `doctor`: keeping the service running."""

from __future__ import annotations

import argparse

from feedback.cli.verbs import Verbs, add, group_of, settings, started


def declare(verbs: Verbs) -> None:
    """Add the commands of this family."""
    _database(verbs)
    _accounts(verbs)
    _processes(verbs)
    _checks(verbs)


def _database(verbs: Verbs) -> None:
    def upgrade(_: argparse.Namespace) -> int:
        from feedback.commands import database

        return database.upgrade(settings())

    def current(_: argparse.Namespace) -> int:
        from feedback.commands import database

        return database.current(settings())

    group = group_of(verbs, "db", "database schema")
    add(group, "upgrade", "bring schema and reference data up to date", upgrade)
    add(group, "current", "say which revision the database stands at", current)


def _accounts(verbs: Verbs) -> None:
    def demo(_: argparse.Namespace) -> int:
        from feedback.commands import accounts

        return accounts.demo(settings())

    def create(arguments: argparse.Namespace) -> int:
        from feedback.commands import accounts

        return accounts.create(settings(), arguments.email, arguments.name, arguments.role, arguments.ward)

    def set_roles(arguments: argparse.Namespace) -> int:
        from feedback.commands import accounts

        return accounts.set_roles(settings(), arguments.email, arguments.role, arguments.ward)

    def set_password(arguments: argparse.Namespace) -> int:
        from feedback.commands import accounts

        return accounts.set_password(settings(), arguments.email)

    group = group_of(verbs, "accounts", "staff accounts")
    add(group, "demo", "create the demo accounts and say how to log in", demo)
    new = add(group, "create", "create an account; the password is asked for", create)
    new.add_argument("email")
    new.add_argument("--name", required=True)
    new.add_argument("--role", required=True, action="append", help="may be given several times")
    new.add_argument("--ward", help="code of the ward, for ward staff")
    roles = add(group, "roles", "replace the roles of an account", set_roles)
    roles.add_argument("email")
    roles.add_argument("--role", required=True, action="append", help="may be given several times")
    roles.add_argument("--ward", help="code of the ward, for ward staff")
    add(group, "password", "set a password; it is asked for", set_password).add_argument("email")


def _processes(verbs: Verbs) -> None:
    def worker(_: argparse.Namespace) -> int:
        from feedback.jobs import worker

        return worker.main(started())

    add(verbs, "worker", "run a worker (Procfile)", worker)


def _checks(verbs: Verbs) -> None:
    def status(arguments: argparse.Namespace) -> int:
        from feedback.commands import status

        return status.show(settings(), as_json=arguments.json)

    def doctor(_: argparse.Namespace) -> int:
        from feedback.commands import doctor
        from feedback.commands.settings import environment

        return doctor.examine(environment())

    add(verbs, "status", "counters of the service", status).add_argument(
        "--json", action="store_true", help="one JSON object"
    )
    add(verbs, "doctor", "check database, Redis, models, channels and clock", doctor)
