"""`python -m benchmarks.pii`: personal data found per second on one core, and the longest texts, beside their limits.

The texts are those of `classifier/corpus/messages`, as they are and repeated to the greatest length of a message.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence

from benchmarks import long_texts, report
from benchmarks.figures import Figure, Verdict, guarded
from classifier import corpus
from classifier.pii import find, mask

PART = "personal data"
TEXTS_PER_SECOND = 20_000
LONG_SECONDS = 0.050
ROUNDS = 5
# Shapes that are hard on the finder of numbers or of names.
_UNITS = {
    "digits": "0",
    "spaced digits": "0 9 ",
    "phone numbers": "0900000123 ",
    "noughts said": "không ",
    "names after a title": "ông Nguyễn Văn An ",
    "introductions": "tên em là hoa ",
    "mail addresses": "a@b.c ",
    "capitals": "A ",
}


def measure() -> Iterator[Figure]:
    """Microseconds a text, so that less is better and the limit is an upper bound; then one figure a shape."""
    texts = [message.text for message in corpus.load()]
    characters = sum(map(len, texts)) / len(texts)
    note = f"{len(texts)} texts of {characters:.0f} characters; best of {ROUNDS} rounds"
    yield Figure(PART, "find, one text", 1e6 * _best(texts), "µs", limit=1e6 / TEXTS_PER_SECOND, note=note)
    seconds = min(_timed(mask, texts) for _ in range(ROUNDS)) / len(texts)
    yield Figure(PART, "mask, one text", 1e6 * seconds, "µs")
    for name, text in _long(texts).items():
        seconds = min(_timed(find, [text]) for _ in range(ROUNDS))
        yield Figure(PART, f"50,000 characters: {name}", 1000 * seconds, "ms", limit=1000 * LONG_SECONDS)


def _best(texts: Sequence[str]) -> float:
    return min(_timed(find, texts) for _ in range(ROUNDS)) / len(texts)


def _timed(run: Callable[[str], object], texts: Sequence[str]) -> float:
    """Seconds of this process, so that what else the machine does hardly counts."""
    begin = time.process_time()
    for text in texts:
        run(text)
    return time.process_time() - begin


def _long(texts: Sequence[str], length: int = long_texts.LENGTH) -> dict[str, str]:
    own = {name: (unit * (length // len(unit) + 1))[:length] for name, unit in _UNITS.items()}
    return own | {"messages joined": " ".join(texts)[:length]}


def main(arguments: list[str]) -> int:
    """0 when everything was measured; 1 when something was not, or with --strict when a limit is passed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pii", description=__doc__)
    parser.add_argument("--strict", action="store_true", help="a passed limit is a failure")
    chosen = parser.parse_args(arguments)
    figures = list(guarded(PART, measure()))
    print(report.screen(figures))
    bad = {Verdict.FAILED, Verdict.OVER} if chosen.strict else {Verdict.FAILED}
    return 1 if any(figure.verdict in bad for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
