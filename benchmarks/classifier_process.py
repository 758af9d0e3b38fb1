"""One contestant in processes of its own: `python -m benchmarks.classifier_process train|read NAME FOLDER`.

Training is one process and reading another, so that the memory of the second is what serving takes. Each keeps to one
core. FOLDER holds the task, the models and the result.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import psutil  # type: ignore[import-untyped]

from benchmarks.classifier_rivals import BY_NAME, Answer, Contestant, Reader
from benchmarks.figures import percentile
from benchmarks.rivals import Message
from classifier import corpus
from classifier.corpus import second

ROOT = Path(__file__).parent.parent
FIRST = Message("phường Ba Đình mất điện")
TASK, TRAINED, RESULT = "task.json", "trained.json", "result.json"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Job:
    """All messages are asked in one batch `batches` times, one by one `passes` times; long texts `passes` times too.

    One by one and long texts are asked of ours only, which is held to limits there.
    """

    messages: tuple[Message, ...]
    long: dict[str, str]
    batches: int = 3
    passes: int = 5


@dataclass(slots=True)
class Outcome:
    """What one contestant did; `answers` holds one list a training. Memory in decimal megabytes.

    `grown_mb` is what imports, load and one pass over all messages added; `resident_mb` the whole process at the end.
    """

    name: str
    train_s: float | None = None
    imports_s: float = 0.0
    load_s: float = 0.0
    grown_mb: float = 0.0
    resident_mb: float = 0.0
    per_second: float = 0.0
    p50_ms: float | None = None
    p99_ms: float | None = None
    long_ms: dict[str, float] = field(default_factory=dict)
    answers: list[list[Answer]] = field(default_factory=list)


def run(contestant: Contestant, job: Job, timeout: float = 900) -> Outcome:
    """Train and measure in fresh processes; raises RuntimeError with what was said last when one fails."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / TASK).write_text(json.dumps(asdict(job)), encoding="utf-8")
        for number in range(contestant.trainings):
            (folder / str(number)).mkdir()
        for verb in ("train", "read") if contestant.train else ("read",):
            _call(verb, contestant, folder, timeout)
        outcome = _outcome(json.loads((folder / RESULT).read_text(encoding="utf-8")))
        if contestant.train:
            outcome.train_s = median(json.loads((folder / TRAINED).read_text(encoding="utf-8")))
        return outcome


def _call(verb: str, contestant: Contestant, folder: Path, timeout: float) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "benchmarks.classifier_process", verb, contestant.name, folder],
        cwd=ROOT,
        env=os.environ | ONE_THREAD,
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    if done.returncode:
        raise RuntimeError(f"{contestant.name}, {verb}: {done.stderr.strip().splitlines()[-1:]}")


def _outcome(row: dict[str, Any]) -> Outcome:
    answers = [[_answer(each) for each in training] for training in row["answers"]]
    return Outcome(**(row | {"answers": answers}))


def _answer(row: dict[str, Any]) -> Answer:
    fields = tuple((label, score) for label, score in row["fields"])
    return Answer(**(row | {"fields": fields}))


def train(contestant: Contestant, folder: Path) -> list[float]:
    """Seconds of each training on the corpus, imports before the first left out."""
    assert contestant.train is not None
    messages = second.merged(corpus.load())
    for name in contestant.modules:
        importlib.import_module(name)
    seconds = []
    for number in range(contestant.trainings):
        begin = time.perf_counter()
        contestant.train(messages, folder / str(number))
        seconds.append(time.perf_counter() - begin)
    return seconds


def read(contestant: Contestant, job: Job, folder: Path) -> Outcome:
    """Everything in this process; memory is looked at before anything but the contestant is loaded."""
    outcome = Outcome(contestant.name)
    process = psutil.Process()
    before = _resident(process)
    outcome.imports_s, _ = _timed(lambda: [importlib.import_module(name) for name in contestant.modules])
    outcome.load_s, reader = _timed(lambda: _loaded(contestant, folder / "0"))
    found = reader.ask(job.messages)
    outcome.grown_mb = (_resident(process) - before) / 1e6
    outcome.answers.append(reader.read(found))
    outcome.per_second = len(job.messages) / min(_busy(reader, job) for _ in range(job.batches))
    if contestant.ours:
        _one_by_one(reader, job, outcome)
        outcome.long_ms = {shape: _long(reader, text, job) for shape, text in job.long.items()}
    outcome.resident_mb = _resident(process) / 1e6
    for number in range(1, contestant.trainings):
        again = contestant.load(folder / str(number))
        outcome.answers.append(again.read(again.ask(job.messages)))
    return outcome


def _loaded(contestant: Contestant, folder: Path) -> Reader:
    """With the first answer, because some load at the first question only."""
    reader = contestant.load(folder)
    reader.ask([FIRST])
    return reader


def _busy(reader: Reader, job: Job) -> float:
    begin = time.process_time()
    reader.ask(job.messages)
    return time.process_time() - begin


def _one_by_one(reader: Reader, job: Job, outcome: Outcome) -> None:
    """Percentiles within each pass, their median over the passes."""
    passes = [[_alone(reader, message) for message in job.messages] for _ in range(job.passes)]
    outcome.p50_ms = 1000 * median(percentile(each, 0.50) for each in passes)
    outcome.p99_ms = 1000 * median(percentile(each, 0.99) for each in passes)


def _long(reader: Reader, text: str, job: Job) -> float:
    return 1000 * median(_alone(reader, Message(text)) for _ in range(job.passes))


def _alone(reader: Reader, message: Message) -> float:
    return _timed(lambda: reader.ask([message]))[0]


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    found = call()
    return time.perf_counter() - begin, found


def _resident(process: psutil.Process) -> int:
    gc.collect()
    return int(process.memory_info().rss)


def _job(folder: Path) -> Job:
    row = json.loads((folder / TASK).read_text(encoding="utf-8"))
    return Job(**(row | {"messages": tuple(Message(**each) for each in row["messages"])}))


def _one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def main(arguments: Sequence[str]) -> int:
    verb, name, folder = arguments[0], arguments[1], Path(arguments[2])
    _one_core()
    if verb == "train":
        seconds = train(BY_NAME[name], folder)
        (folder / TRAINED).write_text(json.dumps(seconds), encoding="utf-8")
    else:
        outcome = read(BY_NAME[name], _job(folder), folder)
        (folder / RESULT).write_text(json.dumps(asdict(outcome)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
