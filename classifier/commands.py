"""The leaves of `python -m classifier`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from classifier.contract import MAX_LINE, LineInvalid, parse
from classifier.pipeline import MODELS, ArtefactInvalid, Classifier



def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this package; each sets `run`."""
    predict = subparsers.add_parser("predict", help="JSON lines from standard input to standard output, in order")
    predict.add_argument("--models", type=Path, default=MODELS)
    predict.set_defaults(run=run_predict)
    train = subparsers.add_parser("train", help="train on the corpus and write models/<version>")
    train.add_argument("--models", type=Path, default=MODELS)
    train.add_argument("--version", default="triage-1")
    train.add_argument("--seed", type=int, default=20260101)
    train.set_defaults(run=run_train)


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

    result = train(arguments.models, arguments.version, arguments.seed, lambda text: print(text, file=sys.stderr))
    print(f"{result.folder.name}: {result.digest} ({result.seconds:.0f} giây)")
    return 0
