"""`python -m feedback.launcher` (`make run`)."""

from __future__ import annotations

import os
import sys

from feedback.embedded.errors import EmbeddedError
from feedback.launcher.errors import LaunchError, StopRequested
from feedback.launcher.start import prepare, run, say
from feedback.launcher.stopping import Stopping
from feedback.settings import SettingsError


def main() -> int:
    """0 after Ctrl-C or SIGTERM, 1 with a reason on standard error otherwise."""
    stopping = Stopping()
    stopping.listen()
    try:
        run(prepare(os.environ, stopping))
    except StopRequested:
        say("stopped")
        return 0
    except (LaunchError, EmbeddedError, SettingsError) as error:
        print(f"run: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
