"""`python -m benchmarks [--quick]`: measure, and show every figure beside its limit or its rival."""

from __future__ import annotations

import argparse
import sys

from benchmarks import report, runner
from benchmarks.figures import Verdict
from benchmarks.sizes import BY_NAME


def main(arguments: list[str]) -> int:
    """0 when everything was measured; 1 when something was not, or with --strict when a limit is passed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", choices=BY_NAME, default="full", help="tiny only tries the harness out")
    parser.add_argument(
        "--quick", dest="size", action="store_const", const="quick", help="at most three minutes"
    )
    parser.add_argument(
        "--only", action="append", choices=runner.MEASUREMENTS, help="may be given several times"
    )
    parser.add_argument("--strict", action="store_true", help="a passed limit is a failure")
    parser.add_argument("--record", action="store_true", help="write benchmarks/results.md and results.json")
    chosen = parser.parse_args(arguments)
    try:
        figures, found = runner.run(BY_NAME[chosen.size], chosen.only or tuple(runner.MEASUREMENTS))
    except KeyboardInterrupt:
        return 130
    print("\n" + report.screen(figures))
    if chosen.record:
        report.record(figures, found)
    bad = {Verdict.FAILED, Verdict.OVER} if chosen.strict else {Verdict.FAILED}
    return 1 if any(figure.verdict in bad for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
