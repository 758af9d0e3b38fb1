"""`feedback worker`: answers the bell through RQ, and looks for itself when there is no bell."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from types import FrameType

import redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from feedback import bootstrap
from feedback.bell import QUEUE
from feedback.jobs import run as job
from feedback.jobs.reader import load_reader
from feedback.jobs.work import Work, pump
from feedback.settings import Settings

log = logging.getLogger(__name__)

LONGEST_RECONNECT = 10.0
LOOK_EVERY = 10.0
DELIVER_EVERY = 5.0


class BellWorker(SimpleWorker):
    """Jobs run in this process, where the model is loaded. Reconnects within ten seconds."""

    max_connection_wait_time = LONGEST_RECONNECT
    stopping: threading.Event

    def handle_warm_shutdown_request(self) -> None:
        """RQ waits for its job to end; a job with a long outbox before it ends after the batch in hand."""
        self.stopping.set()


def main(settings: Settings) -> int:
    """Work until SIGTERM or Ctrl-C; returns the exit code."""
    client = redis.Redis.from_url(settings.redis_url, socket_connect_timeout=2, health_check_interval=30)
    stop = threading.Event()
    work = Work(
        app=bootstrap.build(settings),
        reader=load_reader(settings.models_dir),
        name=f"{socket.gethostname()}-{os.getpid()}",
        redis=client,
        stop=stop,
    )
    job.configure(work)
    threads = _pumps(work, stop)
    _answer_bell(client, stop)
    stop.set()
    work.deliver_now.set()
    for thread in threads:
        thread.join(timeout=20)
    return 0


def _pumps(work: Work, stop: threading.Event) -> list[threading.Thread]:
    """Triage without the bell, and delivery, which may wait for slow providers."""
    threads = [
        threading.Thread(target=pump, args=(work.triage, stop, stop, LOOK_EVERY), name="triage"),
        threading.Thread(
            target=pump, args=(work.deliver, work.deliver_now, stop, DELIVER_EVERY), name="deliver"
        ),
    ]
    for thread in threads:
        thread.start()
    return threads


def _answer_bell(client: redis.Redis, stop: threading.Event) -> None:
    """Run RQ for as long as Redis is there; wait for it otherwise, never longer than ten seconds at a time."""
    wait = 1.0
    while not stop.is_set():
        _stop_on_signal(stop)
        try:
            client.ping()
            wait = 1.0
            queue = Queue(QUEUE, connection=client, serializer=JSONSerializer)
            worker = BellWorker(
                [queue], connection=client, serializer=JSONSerializer, worker_ttl=25, maintenance_interval=10
            )
            worker.stopping = stop
            worker.work(logging_level="WARNING", with_scheduler=False)
            return  # RQ ends its loop only when it is told to stop
        except redis.RedisError as fault:
            log.warning("no bell; the outbox is read without it", extra={"fault": type(fault).__name__})
            stop.wait(wait)
            wait = min(wait * 2, LONGEST_RECONNECT)


def _stop_on_signal(stop: threading.Event) -> None:
    """While RQ does not handle signals itself."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
