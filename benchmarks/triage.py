"""Messages read and routed per second: with the database as a worker does it, and the classifier alone."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.figures import Figure, latencies
from benchmarks.journey import settled
from benchmarks.load import user
from benchmarks.sizes import Size
from benchmarks.stage import Stage
from benchmarks.texts import text
from channels.message import RawDelivery
from classifier.prediction import Query
from feedback import bootstrap
from feedback.clock import utc_now
from feedback.services import intake, triage
from feedback.services.app import App
from feedback.services.triage import Reader
from tests.fakes.zalo import ZaloAccount

PART = "triage"
SINGLE = 100


def measure(stage: Stage, size: Size) -> Iterator[Figure]:
    """One worker's loop in this process. Raises RuntimeError where there is no classifier, or it failed."""
    from feedback.jobs.reader import load_reader  # heavy: only where it is measured

    with stage.place() as place:
        settings = place.settings
        begin = time.perf_counter()
        reader = load_reader(settings.models_dir)
        if reader is None:
            raise RuntimeError("the classifier's artefact is missing or damaged")
        reader.predict_many([Query(text=text(0))])
        yield Figure(PART, "classifier loaded and first text read", time.perf_counter() - begin, "s")
        yield from _alone(reader, size)
        app = bootstrap.build(settings)
        _fill(app, size.triage_messages)
        begin = time.perf_counter()
        handled = _drain(app, reader)
        seconds = time.perf_counter() - begin
        app.store.engine.dispose()
        settled(place)
    yield Figure(PART, "read and routed", handled / seconds, "1/s", note=f"{handled} messages, one worker")


def _alone(reader: Reader, size: Size) -> Iterator[Figure]:
    queries = [Query(text=text(number), channel="zalo") for number in range(size.triage_messages)]
    begin = time.perf_counter()
    for start in range(0, len(queries), triage.BATCH):
        reader.predict_many(queries[start : start + triage.BATCH])
    seconds = time.perf_counter() - begin
    yield Figure(PART, f"classifier, batches of {triage.BATCH}", len(queries) / seconds, "1/s")
    yield from latencies(PART, "classifier, one text", [_single(reader, query) for query in queries[:SINGLE]])


def _single(reader: Reader, query: Query) -> float:
    begin = time.perf_counter()
    reader.predict_many([query])
    return time.perf_counter() - begin


def _fill(app: App, count: int) -> None:
    account = ZaloAccount()
    for number in range(count):
        call = account.text(user(number), text(number))
        delivery = RawDelivery("zalo", account.oa_id, call.body, dict(call.headers), utc_now())
        intake.receive(app, delivery)


def _drain(app: App, reader: Reader) -> int:
    total = 0
    while handled := triage.drain(app, reader, "bench"):
        total += handled
    return total
