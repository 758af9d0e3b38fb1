"""`python -m benchmarks.wards [FILE …] [--record]`: our ward resolver beside its rivals, on the same labelled messages.

Without a FILE the messages of the project that nothing was improved with are measured.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks import long_texts, ward_process, ward_report, ward_scores
from benchmarks.rivals import CONTESTANTS, Contestant, Message
from benchmarks.ward_process import Job
from benchmarks.ward_report import LIMITS, Entry
from classifier.wards.evaluate import Case

OWN = Path(__file__).parent.parent / "classifier" / "corpus" / "wards"
# Nothing was improved with these in sight.
UNSEEN = "w5.jsonl"
RECORD = Path(__file__).parent / "wards.md"


class NoMessages(ValueError):
    """There is nothing to measure, or a row that is not a labelled message; says which."""


def cases(files: Sequence[Path]) -> dict[str, list[Case]]:
    """The messages of each file, by file name; raises NoMessages."""
    if not files:
        raise NoMessages("no labelled messages in classifier/corpus/wards; name a file")
    found: dict[str, list[Case]] = {}
    for file in files:
        found.setdefault(file.name, []).extend(_read(file))
    if not any(found.values()):
        raise NoMessages("the files hold no message")
    return found


def _read(file: Path) -> Iterable[Case]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as fault:
        raise NoMessages(f"{file}: {fault.strerror}") from fault
    for line, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            yield Case.from_row(json.loads(text))
        except (ValueError, KeyError, TypeError) as fault:
            raise NoMessages(f"{file.name}:{line} is no labelled message ({fault!r})") from fault


def job(messages: Iterable[Case], length: int = long_texts.LENGTH) -> Job:
    """Everybody's task."""
    asked = tuple(Message(case.query.text, case.query.subject) for case in messages)
    return Job(asked, long_texts.shapes([message.text for message in asked], length))


def measure(
    messages: Sequence[Case], task: Job, contestants: Iterable[Contestant] = CONTESTANTS
) -> list[Entry]:
    """One contestant after another; raises RuntimeError when a process fails as a whole."""
    entries = []
    for contestant in contestants:
        print(f"{contestant.name} …", file=sys.stderr, flush=True)
        outcome = ward_process.run(contestant, task)
        entries.append(Entry(outcome, ward_scores.score(messages, outcome.answers)))
    return entries


def main(arguments: list[str]) -> int:
    """0 when everything was measured; 1 with --strict when a limit is missed; 2 when there is nothing to measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wards", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="labelled messages, JSON lines")
    parser.add_argument("--record", action="store_true", help="write benchmarks/wards.md")
    parser.add_argument("--strict", action="store_true", help="a missed limit of the resolver is a failure")
    chosen = parser.parse_args(arguments)
    try:
        found = cases(chosen.files or sorted(OWN.glob(UNSEEN)))
    except NoMessages as fault:
        print(f"benchmarks.wards: {fault}", file=sys.stderr)
        return 2
    load = os.getloadavg()[0]
    messages = [case for part in found.values() for case in part]
    entries = measure(messages, job(messages))
    for title, table in ward_report.tables(entries).items():
        print(f"\n{title}\n\n{ward_report.screen(table)}")
    if chosen.record:
        sources = {name: len(part) for name, part in found.items()}
        RECORD.write_text(ward_report.markdown(entries, sources, load), encoding="utf-8")
    missed = not all(limit.holds(entries[0].outcome) for limit in LIMITS)
    return 1 if chosen.strict and missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
