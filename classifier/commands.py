"""The leaves of `python -m classifier`."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from classifier import corpus
from classifier.contract import MAX_LINE, LineInvalid, parse
from classifier.pipeline import MODELS, ArtefactInvalid, Classifier
from classifier.prediction import Query

if TYPE_CHECKING:
    from classifier.evaluate import Case


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this package; each sets `run`."""
    predict = subparsers.add_parser(
        "predict", help="JSON lines from standard input to standard output, in order"
    )
    predict.add_argument("--models", type=Path, default=MODELS)
    predict.set_defaults(run=run_predict)
    measure = subparsers.add_parser("evaluate", help="figures on labelled messages (JSON lines)")
    measure.add_argument("file", type=Path)
    measure.add_argument("--models", type=Path, default=MODELS)
    measure.set_defaults(run=run_evaluate)
    about_model = subparsers.add_parser(
        "card", help="write the figures of labelled messages into the model card"
    )
    about_model.add_argument("file", type=Path)
    about_model.add_argument("--models", type=Path, default=MODELS)
    about_model.add_argument("--set", choices=("unseen", "development"), default="development")
    about_model.set_defaults(run=run_card)
    about = subparsers.add_parser("corpus", help="the training messages").add_subparsers(required=True)
    about.add_parser(
        "check", help="labels, copies, evaluation texts, personal data, names that tell the field"
    ).set_defaults(run=run_check)
    about.add_parser("agreement", help="how far authors and second annotators agree").set_defaults(
        run=run_agreement
    )
    train = subparsers.add_parser("train", help="train on the corpus and write models/<version>")
    train.add_argument("--models", type=Path, default=MODELS)
    train.add_argument("--version", default="triage-2", type=_version)
    train.add_argument("--seed", type=_seed, default=20260101)
    train.set_defaults(run=run_train)


def _version(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]{0,99}", text):
        raise argparse.ArgumentTypeError("letters, digits, dots and dashes")
    return text


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError("a number from 0 to 4294967295")
    return int(text)


def run_predict(arguments: argparse.Namespace) -> int:
    """Read, predict, write; a bad line gives its error and the run goes on."""
    try:
        classifier = Classifier.load(arguments.models)
    except ArtefactInvalid as fault:
        print(f"predict: {fault}", file=sys.stderr)
        return 2
    try:
        for line in lines(sys.stdin.buffer):
            answer = _answer(classifier, line)
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
            sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()
    return 0


def _answer(classifier: Classifier, line: bytes) -> dict[str, object]:
    try:
        query = parse(line)
    except LineInvalid as fault:
        return {"id": fault.id, "error": str(fault)}
    return {"id": query.id, **classifier.predict(query).as_json()}


def lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines without their end; blank ones are skipped, and of one that is too long only the beginning is kept."""
    while line := stream.readline(MAX_LINE + 2):
        if not line.endswith(b"\n"):
            while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                continue
        if line.strip():
            yield line.strip() if len(line) <= MAX_LINE else line


def run_train(arguments: argparse.Namespace) -> int:
    """Train with progress on standard error."""
    from classifier.training.run import train

    try:
        result = train(arguments.models, arguments.version, arguments.seed, _progress)
    except corpus.CorpusFault as fault:
        print(f"train: {fault}", file=sys.stderr)
        return 2
    print(f"{result.folder.name}: {result.digest} ({result.seconds:.0f} giây)")
    return 0


def run_evaluate(arguments: argparse.Namespace) -> int:
    """Print figures with confidence intervals, slices by style and the errors; ward figures where labels stand."""
    from classifier import evaluate
    from classifier.wards.evaluate import report as ward_report

    cases = _cases(arguments, "evaluate")
    if cases is None:
        return 2
    print("\n".join(evaluate.report(cases)))
    rows = [
        json.loads(line) for line in arguments.file.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    placed = [row for row in rows if "wards" in row and "ward_case" in row]
    if placed:
        print("\n".join(["", *ward_report(placed).lines()]))
    return 0


def run_card(arguments: argparse.Namespace) -> int:
    """Measure the artefact in use on labelled messages it never saw, and keep the figures beside it."""
    from classifier import artefact, card
    from classifier.evaluate import Case

    cases = _cases(arguments, "card")
    if cases is None:
        return 2
    folder = artefact.current(arguments.models)
    card.keep(folder, arguments.set, card.measured(cases))
    if arguments.set == "unseen":
        alone = map(Case, corpus.read(arguments.file), (each.said for each in cases))
        card.keep(folder, "unseen_author", card.measured(list(alone)))
    print(f"{folder.name}: {len(cases)} tin, {card.CARD}, {card.METRICS}")
    return 0


def _cases(arguments: argparse.Namespace, command: str) -> list[Case] | None:
    """Every labelled message with its prediction; None, and one line on standard error, where that cannot be had.

    Second labels that lie beside the file count.
    """
    from classifier.corpus import second
    from classifier.evaluate import Case

    try:
        messages = second.merged(corpus.read(arguments.file), arguments.file.parent / second.BESIDE)
        classifier = Classifier.load(arguments.models)
    except (corpus.CorpusFault, ArtefactInvalid, OSError) as fault:
        print(f"{command}: {fault}", file=sys.stderr)
        return None
    if not messages:
        print(f"{command}: {arguments.file.name}: không có tin nào", file=sys.stderr)
        return None
    queries = [Query(each.text, each.subject, each.channel) for each in messages]
    return list(map(Case, messages, classifier.predict_many(queries)))


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run_check(_: argparse.Namespace) -> int:
    """Name every fault of the corpus; 1 when there is one, 2 when it cannot be read."""
    from classifier.corpus import check

    try:
        messages = corpus.load()
        phrases = corpus.phrases()
        faults = check.everything(messages, phrases)
    except corpus.CorpusFault as fault:
        print(f"corpus check: {fault}", file=sys.stderr)
        return 2
    print("\n".join(faults) if faults else f"{len(messages)} tin, {len(phrases)} cụm từ, không có lỗi")
    return 1 if faults else 0


def run_agreement(_: argparse.Namespace) -> int:
    """Print the shares and kappas; 2 when nothing is labelled twice."""
    from dataclasses import asdict

    from classifier.corpus import second

    try:
        found = second.agreement(corpus.load(), second.read(second.FOLDER / second.LABELS))
    except corpus.CorpusFault as fault:
        print(f"corpus agreement: {fault}", file=sys.stderr)
        return 2
    for name, value in asdict(found).items():
        print(f"{name:18} {value:.3f}" if isinstance(value, float) else f"{name:18} {value}")
    return 0
