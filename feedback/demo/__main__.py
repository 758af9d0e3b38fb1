"""`python -m feedback.demo providers FILE` and `python -m feedback.demo play` (see feedback.launcher.demo)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# The providers' fakes are part of the test tree of the checkout, which no installation carries.
sys.path.insert(0, str(Path(__file__).parent.parent.parent))


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["providers"] and len(arguments) == 2:
        from feedback.demo import providers

        return providers.run(Path(arguments[1]), Path(os.environ["FEEDBACK_HOME"]))
    if arguments == ["play"]:
        from feedback.demo import play

        return play.run(os.environ)
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
