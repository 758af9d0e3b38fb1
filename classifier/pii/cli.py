"""`python -m classifier pii FILE|-`: masked text or spans, line by line; `--evaluate` measures on the labelled messages."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

from classifier.commands import lines
from classifier.contract import MAX_LINE
from classifier.pii import evaluate, find, mask


class LineInvalid(ValueError):
    """A line is neither text nor a JSON object with `text`; says why."""


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `pii` command; sets `run`."""
    parser = subparsers.add_parser("pii", help="find and mask personal data in text")
    parser.add_argument(
        "file", nargs="?", default="-", help="text or JSON lines with `text`; - for standard input"
    )
    parser.add_argument(
        "--json", action="store_true", help="kinds and spans in code points instead of masked text"
    )
    parser.add_argument("--evaluate", action="store_true", help="precision and recall on labelled messages")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0; 1 when a line could not be read; 2, and one line on standard error, when there is nothing to read at all."""
    try:
        return (
            _evaluate(arguments.file) if arguments.evaluate else _mask(arguments.file, spans=arguments.json)
        )
    except (OSError, evaluate.LabelsInvalid) as fault:
        sys.stderr.write(f"pii: {fault}\n")
        return 2


def _evaluate(file: str) -> int:
    files = [evaluate.FOLDER / f"{part}.jsonl" for part in evaluate.PARTS] if file == "-" else [Path(file)]
    tables = [evaluate.report(each.stem, evaluate.read(each)) for each in files]
    sys.stdout.write("\n\n".join("\n".join(table) for table in tables) + "\n")
    return 0


def _mask(file: str, *, spans: bool) -> int:
    faulty = 0
    # The stream of standard input stays open: it is not ours.
    with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as stream:
        for number, answer in _answers(stream, spans=spans):
            if isinstance(answer, LineInvalid):
                faulty += 1
                sys.stderr.write(f"pii: dòng {number}: {answer}\n")
            else:
                sys.stdout.write(answer + "\n")
    return 1 if faulty else 0


def _answers(stream: BinaryIO, *, spans: bool) -> Iterator[tuple[int, str | LineInvalid]]:
    for number, line in enumerate(lines(stream), start=1):
        try:
            yield number, _answer(line, spans=spans)
        except LineInvalid as fault:
            yield number, fault


def _answer(line: bytes, *, spans: bool) -> str:
    row, text = _row(line)
    if spans:
        found = [{"kind": each.kind, "start": each.start, "end": each.end} for each in find(text)]
        return _json({**_identity(row), "found": found})
    return _json({**row, "text": mask(text)}) if row else mask(text)


def _json(value: dict[str, object]) -> str:
    written = json.dumps(value, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        # Half a surrogate pair can only be written escaped.
        return json.dumps(value)
    return written


def _identity(row: dict[str, object]) -> dict[str, object]:
    return {"id": row["id"]} if "id" in row else {}


def _row(line: bytes) -> tuple[dict[str, object], str]:
    """The JSON object of a line, empty for plain text, and the text to read; raises LineInvalid."""
    if len(line) > MAX_LINE:
        raise LineInvalid(f"dài hơn {MAX_LINE} byte")
    try:
        text = line.decode("utf-8-sig")
        if not text.startswith("{"):
            return {}, text
        row = json.loads(text)
    except UnicodeDecodeError as fault:
        raise LineInvalid(f"không phải UTF-8 (byte {fault.start})") from fault
    except (ValueError, RecursionError) as fault:
        # What the parser says names a place, not the text.
        raise LineInvalid(f"JSON hỏng ({fault})") from fault
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise LineInvalid("thiếu `text`")
    return row, row["text"]
