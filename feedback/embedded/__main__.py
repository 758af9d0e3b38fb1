"""`python -m feedback.embedded exec [--fresh] -- COMMAND …`: run a command beside embedded servers."""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping

from feedback.embedded.errors import EmbeddedError
from feedback.embedded.home import Home
from feedback.embedded.servers import running, running_elsewhere


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m feedback.embedded", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser(
        "exec", help="set DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL and run a command"
    )
    verb.add_argument(
        "--fresh", action="store_true", help="a new, empty home in a temporary folder, removed afterwards"
    )
    verb.add_argument("command", nargs="+")
    chosen = parser.parse_args(arguments)
    try:
        with addresses(chosen.fresh) as found:
            return subprocess.run(chosen.command, env={**os.environ, **found}, check=False).returncode  # noqa: S603
    except EmbeddedError as error:
        print(f"embedded: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


@contextlib.contextmanager
def addresses(fresh: bool) -> Iterator[Mapping[str, str]]:
    """Use the servers that run in the home already, or start them for as long as the command takes."""
    with contextlib.ExitStack() as stack:
        folder = os.environ.get("FEEDBACK_HOME", ".feedback")
        home = Home.at(stack.enter_context(tempfile.TemporaryDirectory(prefix="fb-")) if fresh else folder)
        found = running_elsewhere(home)
        environ = {} if fresh else os.environ
        yield found or stack.enter_context(running(home, environ, durable=not fresh)).environment


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
