"""`python -m benchmarks.classifier [FILE …] [--record]`: our classifier of field, kind and urgency beside its rivals.

Without a FILE the sets that nobody trains on are measured: the unseen one of the project and, where they lie beside it, the
development messages. Texts are never printed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks import classifier_process, classifier_report, classifier_scores, long_texts
from benchmarks.classifier_process import ROOT, Job, Outcome
from benchmarks.classifier_report import Entry, Subject
from benchmarks.classifier_rivals import BY_NAME, CONTESTANTS, Contestant
from benchmarks.rivals import Message
from benchmarks.ward_report import screen
from classifier import corpus
from classifier.corpus import second
from classifier.training import run
from classifier.training.folds import Material

SETS = (
    ROOT / "classifier" / "corpus" / "unseen" / "b1.jsonl",
    ROOT.parent / "shared" / "data" / "dev_messages.jsonl",
)
MODELS = ROOT / "models"
RECORD = Path(__file__).parent / "classifier.md"
Sets = Mapping[str, Sequence[corpus.Message]]


class NoMessages(ValueError):
    """There is nothing to measure, or it cannot be measured with; says which."""


def sets(files: Sequence[Path], learned: Iterable[corpus.Message]) -> dict[str, list[corpus.Message]]:
    """The messages of each file, by file name; raises NoMessages, also where one is trained on."""
    found: dict[str, list[corpus.Message]] = {}
    for file in files:
        try:
            found.setdefault(file.name, []).extend(
                second.merged(corpus.read(file), file.parent / second.BESIDE)
            )
        except (OSError, corpus.CorpusFault) as fault:
            raise NoMessages(str(fault)) from fault
    if not found or not all(found.values()):
        raise NoMessages("no labelled messages; name a file")
    known = {each.text for each in learned}
    for name, messages in found.items():
        if trained := sum(each.text in known for each in messages):
            raise NoMessages(f"{name}: {trained} of its messages stand in the training corpus")
    return found


def job(measured: Sets, length: int = long_texts.LENGTH) -> Job:
    """Everybody's task: the messages of all sets, one set after another."""
    asked = tuple(Message(each.text, each.subject) for messages in measured.values() for each in messages)
    return Job(asked, long_texts.shapes([message.text for message in asked], length))


def measure(measured: Sets, task: Job, contestants: Iterable[Contestant] = CONTESTANTS) -> list[Entry]:
    """One contestant after another; raises RuntimeError when a process fails."""
    entries = []
    for contestant in contestants:
        print(f"{contestant.name} …", file=sys.stderr, flush=True)
        outcome = classifier_process.run(contestant, task)
        entries.append(Entry(outcome, scores(measured, outcome)))
    return entries


def scores(measured: Sets, outcome: Outcome) -> dict[str, list[classifier_scores.Scores]]:
    """Figures by set, of every training; the one in the middle stands first."""
    found: dict[str, list[classifier_scores.Scores]] = {}
    ranks = BY_NAME[outcome.name].ranks
    start = 0
    for name, messages in measured.items():
        end = start + len(messages)
        each = [classifier_scores.score(messages, said[start:end], ranks=ranks) for said in outcome.answers]
        shown = classifier_scores.middle(each)
        found[name] = [shown, *(other for other in each if other is not shown)]
        start = end
    return found


def subject(measured: Sets, known: Material, models: Path = MODELS) -> Subject:
    """The artefact in use, and whether it learned from what the rivals learn from."""
    name = (models / "CURRENT").read_text(encoding="utf-8").strip()
    manifest = json.loads((models / name / "manifest.json").read_text(encoding="utf-8"))
    return Subject(
        sets={each: len(messages) for each, messages in measured.items()},
        corpus=len(known.messages),
        artefact=name,
        artefact_mb=sum(file.stat().st_size for file in (models / name).iterdir()) / 1e6,
        learned=manifest["corpus"]["messages"],
        same=manifest["corpus"]["sha256"] == corpus.digest([*known.messages, *known.phrases]),
    )


def main(arguments: list[str]) -> int:
    """0 when everything was measured; 1 with --strict when a limit is missed; 2 when nothing can be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.classifier", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="labelled messages, JSON lines")
    parser.add_argument("--record", action="store_true", help="write benchmarks/classifier.md")
    parser.add_argument("--strict", action="store_true", help="a missed limit of ours is a failure")
    chosen = parser.parse_args(arguments)
    try:
        known = run.sources()
        learned = known.messages
        measured = sets(chosen.files or [file for file in SETS if file.exists()], learned)
    except (NoMessages, corpus.CorpusFault) as fault:
        print(f"benchmarks.classifier: {fault}", file=sys.stderr)
        return 2
    load = os.getloadavg()[0]
    about = subject(measured, known)
    try:
        entries = measure(measured, job(measured))
    except RuntimeError as fault:
        print(f"benchmarks.classifier: {fault}", file=sys.stderr)
        return 2
    for title, table in classifier_report.tables(entries, about.artefact_mb).items():
        print(f"\n{title}\n\n{screen(table)}")
    if chosen.record:
        RECORD.write_text(classifier_report.markdown(entries, about, load), encoding="utf-8")
    missed = not all(limit.holds for limit in classifier_report.limits(entries[0].outcome, about.artefact_mb))
    return 1 if chosen.strict and missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
