"""Structured logs: one JSON object a line, with ids and never with what a citizen wrote or how to reach them.

Three guards: only known extra keys pass; phone numbers, addresses and ID numbers in a text are masked; of an
exception only its type and the places are kept, because database errors quote the values they failed on.
"""

from __future__ import annotations

import json
import logging
import logging.config
import re
import traceback
from datetime import UTC, datetime

from feedback.settings import Log

EXTRA_KEYS = frozenset(
    {
        "account",
        "action",
        "attempt",
        "bytes",
        "channel",
        "chore",
        "code",
        "count",
        "delivery",
        "event",
        "failed",
        "fault",
        "folder",
        "job",
        "kind",
        "message_id",
        "method",
        "model",
        "ms",
        "outbox",
        "path",
        "queue",
        "reason",
        "request",
        "request_id",
        "route",
        "row",
        "rule",
        "seconds",
        "status",
        "surface",
        "task",
        "ticket",
        "uid",
        "user",
        "ward",
        "worker",
    }
)
STANDARD_KEYS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
PERSONAL = (
    # gunicorn quotes the address and the first words of a malformed request.
    re.compile(r"(?<=Invalid request from ip=).*", re.DOTALL),
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?<![\w])(?:\+?84|0)(?:[ .-]?\d){8,11}(?!\w)"),
)
MASK = "…"


def configure(log: Log) -> None:
    """Replace every handler of the process by ours (standard error)."""
    logging.config.dictConfig(configuration(log))


def configuration(log: Log) -> dict[str, object]:
    """The same as a logging dictionary, which is what gunicorn takes."""
    formatter = "feedback.logs.JsonFormatter" if log.format == "json" else "feedback.logs.TextFormatter"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"own": {"()": formatter}},
        "handlers": {
            "own": {"class": "logging.StreamHandler", "formatter": "own", "stream": "ext://sys.stderr"}
        },
        "root": {"level": log.level, "handlers": ["own"]},
        "loggers": {
            "gunicorn.error": {"handlers": [], "propagate": True},
            # Its lines hold addresses and paths of citizens; requests are logged by route instead.
            "gunicorn.access": {"handlers": [], "propagate": True, "level": "WARNING"},
        },
    }


class TextFormatter(logging.Formatter):
    """For people at a terminal: time, level, logger, text, key=value."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        pairs = "".join(f" {name}={value}" for name, value in extras(record).items())
        lines = [f"{moment} {record.levelname} {record.name}: {scrubbed(record.getMessage())}{pairs}"]
        return "\n  ".join(lines + places(record))


class JsonFormatter(logging.Formatter):
    """`{"time","level","logger","text",…extras,"fault","places"}`; times are UTC."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "text": scrubbed(record.getMessage()),
        }
        entry.update(extras(record))
        if record.exc_info and record.exc_info[0]:
            entry["exception"] = record.exc_info[0].__name__
            entry["places"] = places(record)
        return json.dumps(entry, ensure_ascii=False, default=str)


def extras(record: logging.LogRecord) -> dict[str, object]:
    """The extra values that may be written; of the others only the names, under `refused`."""
    given = {name: value for name, value in vars(record).items() if name not in STANDARD_KEYS}
    allowed = {name: plain(value) for name, value in given.items() if name in EXTRA_KEYS}
    refused = sorted(given.keys() - allowed.keys())
    return allowed | ({"refused": ",".join(refused)} if refused else {})


def plain(value: object) -> object:
    return value if isinstance(value, int | float | None) else scrubbed(str(value))


def scrubbed(text: str) -> str:
    for pattern in PERSONAL:
        text = pattern.sub(MASK, text)
    return text


def places(record: logging.LogRecord) -> list[str]:
    """Where an exception passed through, innermost last, without its text."""
    if not record.exc_info or record.exc_info[2] is None:
        return []
    frames = traceback.extract_tb(record.exc_info[2])
    return [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
