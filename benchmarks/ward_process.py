"""One contestant in a process of its own: `python -m benchmarks.ward_process NAME JOB RESULT`.

So imports, memory and a crash stay its own. The process keeps to one core and reaches no network: every attempt is
refused and counted.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from types import FrameType
from typing import Any

import psutil  # type: ignore[import-untyped]

from benchmarks.figures import percentile
from benchmarks.rivals import APPENDED, BY_NAME, Answer, Ask, Contestant, Message

ROOT = Path(__file__).parent.parent
FIRST = Message("phường Ba Đình")
NETWORK = {f"socket.{call}" for call in ("connect", "getaddrinfo", "gethostbyname", "sendto", "sendmsg")}


@dataclass(frozen=True, slots=True)
class Job:
    """After one pass over the messages to warm up at least `passes` are timed, and more until `seconds` are over.

    No long text is given more than `patience` seconds.
    """

    messages: tuple[Message, ...]
    long: dict[str, str]
    passes: int = 5
    seconds: float = 2.0
    long_passes: int = 3
    patience: float = 5.0


@dataclass(slots=True)
class Outcome:
    """What one contestant did. Times are medians over the passes; `answers` holds one row of variants a message.

    `long_ms` is None where the contestant crashed, and `stopped` names the texts on which it ran out of patience.
    """

    name: str
    imports_s: float = 0.0
    load_s: float = 0.0
    memory_mb: float = 0.0
    per_second: float = 0.0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    calls: int = 0
    crashes: int = 0
    network: int = 0
    long_ms: dict[str, float | None] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    answers: list[list[Answer]] = field(default_factory=list)


class OutOfPatience(BaseException):
    """Past every `except Exception` of the contestant."""


class NetworkRefused(ConnectionError):
    pass


def run(contestant: Contestant, job: Job, timeout: float = 1800) -> Outcome:
    """Measure in a fresh process; raises RuntimeError with what it said last when that fails."""
    with tempfile.TemporaryDirectory() as folder:
        task, result = Path(folder, "job.json"), Path(folder, "result.json")
        task.write_text(json.dumps(asdict(job)), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-m", "benchmarks.ward_process", contestant.name, task, result],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        if done.returncode:
            raise RuntimeError(f"{contestant.name}: {done.stderr.strip().splitlines()[-1:]}")
        return _outcome(json.loads(result.read_text(encoding="utf-8")))


def _outcome(row: dict[str, Any]) -> Outcome:
    answers = [
        [Answer(each["ward"], tuple(each["listed"]), each["outside"]) for each in variants]
        for variants in row["answers"]
    ]
    return Outcome(**(row | {"answers": answers}))


def _job(row: dict[str, Any]) -> Job:
    return Job(**(row | {"messages": tuple(Message(**each) for each in row["messages"])}))


def measure(contestant: Contestant, job: Job) -> Outcome:
    """Everything in this process; the order matters: memory is looked at before anything but the contestant is loaded."""
    outcome = Outcome(contestant.name)
    _refuse_network(outcome)
    _one_core()
    before = _resident()
    outcome.imports_s, _ = _timed(lambda: [importlib.import_module(name) for name in contestant.modules])
    outcome.load_s, ask = _timed(lambda: _loaded(contestant))
    _time_messages(ask, job, outcome)
    outcome.memory_mb = (_resident() - before) / 1e6
    _collect_answers(contestant, ask, job, outcome)
    for shape, text in job.long.items():
        _time_long(ask, shape, text, job, outcome)
    return outcome


def _loaded(contestant: Contestant) -> Ask:
    """With the first answer, because some load at the first question only."""
    ask = contestant.load()
    with contextlib.suppress(Exception):  # counted where the messages are asked
        ask(FIRST)
    return ask


def _time_messages(ask: Ask, job: Job, outcome: Outcome) -> None:
    _pass(ask, job.messages)
    passes: list[list[float]] = []
    while len(passes) < job.passes or sum(map(sum, passes)) < job.seconds:
        passes.append(_pass(ask, job.messages))
    outcome.per_second = median(len(each) / sum(each) for each in passes)
    outcome.p50_ms = 1000 * median(percentile(each, 0.50) for each in passes)
    outcome.p99_ms = 1000 * median(percentile(each, 0.99) for each in passes)


def _pass(ask: Ask, messages: Sequence[Message]) -> list[float]:
    """Seconds of each message, one by one."""
    seconds = []
    for message in messages:
        begin = time.perf_counter()
        with contextlib.suppress(Exception):  # counted in _collect_answers
            ask(message)
        seconds.append(time.perf_counter() - begin)
    return seconds


def _collect_answers(contestant: Contestant, ask: Ask, job: Job, outcome: Outcome) -> None:
    for message in job.messages:
        variants = [message]
        if not contestant.ours:
            variants.append(Message(message.text + APPENDED, message.subject))
        outcome.answers.append([_answer(contestant, ask, each, outcome) for each in variants])


def _answer(contestant: Contestant, ask: Ask, message: Message, outcome: Outcome) -> Answer:
    outcome.calls += 1
    try:
        raw = ask(message)
    except Exception:  # a contestant may fail on any text in any way: no answer, and counted
        outcome.crashes += 1
        return Answer()
    return contestant.read(raw)


def _time_long(ask: Ask, shape: str, text: str, job: Job, outcome: Outcome) -> None:
    """The median of the passes; one that runs out of patience or crashes is not tried again."""
    seconds: list[float] = []
    try:
        for _ in range(job.long_passes):
            with _at_most(job.patience):
                seconds.append(_timed(lambda: ask(Message(text)))[0])
    except OutOfPatience:
        seconds = [job.patience]
        outcome.stopped.append(shape)
    except Exception:  # shown as a crash in the report
        seconds = []
    outcome.long_ms[shape] = 1000 * median(seconds) if seconds else None


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def ring(_number: int, _frame: FrameType | None) -> None:
        raise OutOfPatience

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _timed(call: Any) -> tuple[float, Any]:
    begin = time.perf_counter()
    found = call()
    return time.perf_counter() - begin, found


def _resident() -> int:
    gc.collect()
    return int(psutil.Process().memory_info().rss)


def _refuse_network(outcome: Outcome) -> None:
    def hook(event: str, _arguments: tuple[Any, ...]) -> None:
        if event in NETWORK:
            outcome.network += 1
            raise NetworkRefused(event)

    sys.addaudithook(hook)


def _one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def main(arguments: list[str]) -> int:
    name, task, result = arguments
    job = _job(json.loads(Path(task).read_text(encoding="utf-8")))
    outcome = measure(BY_NAME[name], job)
    Path(result).write_text(json.dumps(asdict(outcome)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
