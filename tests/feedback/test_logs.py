"""Logs hold ids, and nothing a citizen wrote."""

from __future__ import annotations

import ast
import io
import json
import logging
from pathlib import Path

import pytest

from feedback import logs
from feedback.settings import Log

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def logger(written: io.StringIO) -> logging.Logger:
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonFormatter())
    logger = logging.Logger("feedback.test")
    logger.addHandler(handler)
    return logger


def test_a_line_is_one_json_object(logger: logging.Logger, written: io.StringIO) -> None:
    logger.warning("delivery\nfailed", extra={"ticket": "HN-26-7K3F-92", "attempt": 2})
    (line,) = written.getvalue().splitlines()
    entry = json.loads(line)
    assert (entry["ticket"], entry["attempt"], entry["level"]) == ("HN-26-7K3F-92", 2, "WARNING")
    assert entry["time"].endswith("+00:00")


def test_an_unknown_key_is_named_but_not_written(logger: logging.Logger, written: io.StringIO) -> None:
    logger.info("seen", extra={"body": "Cột đèn ngõ 12 hỏng"})
    assert "ngõ 12" not in written.getvalue()
    assert json.loads(written.getvalue())["refused"] == "body"


@pytest.mark.parametrize(
    "text",
    ["0900 000 001", "+84900000001", "0900.000.001", "an@example.test", "001099000001"],
)
def test_reachable_people_are_masked(logger: logging.Logger, written: io.StringIO, text: str) -> None:
    logger.info("sent to %s now", text, extra={"reason": f"({text})"})
    assert text not in written.getvalue()


def test_a_number_that_is_no_phone_stays(logger: logging.Logger, written: io.StringIO) -> None:
    logger.info("took %s ms for row %s", 120, 900000001)
    assert json.loads(written.getvalue())["text"] == "took 120 ms for row 900000001"


def test_an_exception_shows_its_places_and_not_its_text(logger: logging.Logger, written: io.StringIO) -> None:
    try:
        raise ValueError("Key (value)=(an@example.test) already exists")
    except ValueError:
        logger.exception("refused")
    entry = json.loads(written.getvalue())
    assert entry["exception"] == "ValueError"
    assert "test_logs.py" in entry["places"][0]
    assert "already exists" not in written.getvalue()


@pytest.mark.parametrize("form", ["json", "text"])
def test_configure_replaces_every_handler(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        logs.configure(Log("INFO", form))
        logging.getLogger("anybody").info("hello", extra={"channel": "zalo"})
        logging.getLogger("anybody").debug("not this")
        assert len(root.handlers) == 1
    finally:
        root.handlers[:], root.level = before, level
    printed = capsys.readouterr().err
    assert "hello" in printed and "zalo" in printed and "not this" not in printed


def test_every_key_in_the_code_is_known() -> None:
    used = set()
    for package in ("feedback", "channels", "classifier"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.keyword) and node.arg == "extra" and isinstance(node.value, ast.Dict):
                    used |= {key.value for key in node.value.keys if isinstance(key, ast.Constant)}
    assert {"outbox", "channel"} <= used <= logs.EXTRA_KEYS


def test_a_malformed_request_is_logged_without_its_sender_and_words(
    logger: logging.Logger, written: io.StringIO
) -> None:
    logger.warning(
        "Invalid request from ip=%s: %s", "203.0.113.9", "Invalid HTTP request line: 'GET /HN-26-7K3F-92'"
    )
    text = json.loads(written.getvalue())["text"]
    assert text == "Invalid request from ip=…"
