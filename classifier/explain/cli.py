"""`python -m classifier explain`: why one message is read as it is."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from classifier.explain import told
from classifier.explain.account import account
from classifier.pipeline import MODELS, ArtefactInvalid, Classifier
from classifier.prediction import Query


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command; it sets `run`."""
    parser = subparsers.add_parser("explain", help="why one message is read as it is: words for and against")
    parser.add_argument("text", help="the message; - reads it from standard input")
    parser.add_argument("--subject")
    parser.add_argument("--json", action="store_true", help="the same as JSON, with spans and weights")
    parser.add_argument("--models", type=Path, default=MODELS)
    parser.set_defaults(run=run_explain)


def run_explain(arguments: argparse.Namespace) -> int:
    """Print the account; 2 when there is no usable artefact."""
    try:
        classifier = Classifier.load(arguments.models)
    except ArtefactInvalid as fault:
        print(f"explain: {fault}", file=sys.stderr)
        return 2
    text = sys.stdin.buffer.read().decode("utf-8", "replace") if arguments.text == "-" else arguments.text
    found = account(classifier, Query(text, arguments.subject))
    if arguments.json:
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(told.lines(found)))
    return 0
