"""Citizens who write by Zalo: signed webhook calls over HTTP, from a process of their own.

`python -m benchmarks.load URL --seconds 10 [--rate 20]` prints one JSON object. Without a rate every thread sends its
next call as soon as the last one is answered; with a rate calls are sent when they are due, answered or not.
"""

from __future__ import annotations

import argparse
import http.client
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from urllib.parse import urlsplit

from benchmarks.texts import text
from tests.fakes.zalo import ZaloAccount

THREADS = 4
PATH = "/hooks/zalo"


@dataclass(frozen=True, slots=True)
class Answers:
    """`latencies` in seconds, of calls answered 200 only; `statuses` counts all; `seconds` is the wall time."""

    latencies: list[float]
    statuses: Mapping[str, int]
    seconds: float

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def refused(self) -> int:
        return sum(self.statuses.values()) - len(self.latencies)


@dataclass(slots=True)
class _Seen:
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)


def user(number: int) -> str:
    """A citizen nobody else is: every call opens a ticket of its own."""
    return f"70{number:017d}"


def apart(url: str, *, seconds: float, rate: float = 0.0, first: int = 0) -> Answers:
    """Run the load in a process of its own. Raises CalledProcessError."""
    numbers = ("--seconds", str(seconds), "--rate", str(rate), "--first", str(first))
    command = (sys.executable, "-m", "benchmarks.load", url, *numbers)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout)
    return Answers(found["latencies"], found["statuses"], found["seconds"])


def send(url: str, *, seconds: float, rate: float, first: int) -> Answers:
    """Write for `seconds` with `THREADS` threads; the citizens are counted from `first`."""
    parts = urlsplit(url)
    seen = [_Seen() for _ in range(THREADS)]
    begin = time.perf_counter()

    def work(index: int) -> None:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        account, number = ZaloAccount(), index
        while _wait(begin, seconds, number / rate if rate else 0.0):
            _call(connection, account, first + number, seen[index])
            number += THREADS
        connection.close()

    threads = [threading.Thread(target=work, args=(index,)) for index in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ended = time.perf_counter() - begin
    statuses = sum((part.statuses for part in seen), Counter())
    return Answers([value for part in seen for value in part.latencies], dict(statuses), ended)


def _wait(begin: float, seconds: float, due: float) -> bool:
    """Sleep until the call is due; False where the time is over."""
    if max(due, time.perf_counter() - begin) >= seconds:
        return False
    time.sleep(max(0.0, begin + due - time.perf_counter()))
    return True


def _call(connection: http.client.HTTPConnection, account: ZaloAccount, number: int, seen: _Seen) -> None:
    call = account.text(user(number), text(number))
    begin = time.perf_counter()
    try:
        connection.request("POST", PATH, call.body, dict(call.headers))
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException) as fault:
        connection.close()
        seen.statuses[type(fault).__name__] += 1
        return
    seen.statuses[str(response.status)] += 1
    if response.status == http.client.OK:
        seen.latencies.append(time.perf_counter() - begin)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument(
        "--rate", type=float, default=0.0, help="calls per second; 0: as many as are answered"
    )
    parser.add_argument("--first", type=int, default=0, help="number of the first citizen")
    chosen = parser.parse_args()
    answers = send(chosen.url, seconds=chosen.seconds, rate=chosen.rate, first=chosen.first)
    print(json.dumps(asdict(answers)))


if __name__ == "__main__":
    main()
