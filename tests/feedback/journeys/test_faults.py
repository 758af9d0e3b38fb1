"""What happens when a part is away: nothing is lost, nobody waits for Redis."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from feedback.embedded import valkey
from feedback.embedded.home import Home
from feedback.services import status
from tests.feedback.journeys.conftest import Service, wait_for

CITIZEN = "7000000000000000001"


def test_without_redis_webhooks_answer_and_the_worker_reads_by_itself(service: Service) -> None:
    service.environ = {**service.environ, "REDIS_URL": "redis://127.0.0.1:1/0"}
    service.start_web()
    service.start_worker()
    service.zalo.interact(CITIZEN)
    began = time.monotonic()
    assert service.post("zalo", service.zalo.account.text(CITIZEN, "Mất nước ở phường Hà Đông")) == 200
    assert time.monotonic() - began < 2
    wait_for("read without the bell", lambda: _settled(service), 30)
    assert service.processes["worker"].poll() is None
    assert service.stop("worker") == 0


def test_redis_comes_back_and_rings_again(service: Service, tmp_path: Path) -> None:
    home = Home.at(str(tmp_path / "v"))
    with home.locked():
        server = valkey.start(home, durable=False)
        service.environ = {**service.environ, "REDIS_URL": server.url()}
        service.start_web()
        service.start_worker()
        service.zalo.interact(CITIZEN)
        service.post("zalo", service.zalo.account.text(CITIZEN, "Mất nước ở phường Hà Đông"))
        wait_for("first", lambda: _settled(service), 30)
        server.stop()
        other = f"{CITIZEN[:-1]}2"
        service.zalo.interact(other)
        assert service.post("zalo", service.zalo.account.text(other, "Mất điện ở phường Hà Đông")) == 200
        wait_for("second, without the bell", lambda: _settled(service, 2), 30)
        server = valkey.start(home, durable=False)
        assert service.processes["worker"].poll() is None
        third = f"{CITIZEN[:-1]}3"
        service.zalo.interact(third)
        assert service.post("zalo", service.zalo.account.text(third, "Rác ở phường Hà Đông")) == 200
        wait_for("third", lambda: _settled(service, 3), 30)
        service.stop("worker")
        server.stop()


def test_a_killed_worker_loses_nothing(service: Service) -> None:
    service.start_web()
    service.zalo.interact(CITIZEN)
    for number in range(5):
        user = f"{CITIZEN[:-1]}{number}"
        service.zalo.interact(user)
        service.post("zalo", service.zalo.account.text(user, f"Rác ở phường Hà Đông, tổ {number}"))
    service.start_worker()
    service.stop("worker", signal.SIGKILL)
    service.start_worker()
    wait_for("all five", lambda: _settled(service, 5), 120)
    now = status.current(service.app.store)
    assert (now.tickets, now.routed + now.review) == (5, 5)


def test_a_damaged_model_means_people_read(service: Service, tmp_path: Path) -> None:
    empty = tmp_path / "models"
    empty.mkdir()
    service.environ = {**service.environ, "FEEDBACK_MODELS_DIR": str(empty)}
    service.start_web()
    service.start_worker()
    service.zalo.interact(CITIZEN)
    service.post("zalo", service.zalo.account.text(CITIZEN, "Mất nước ở phường Hà Đông"))
    wait_for("in review", lambda: status.current(service.app.store).review == 1)


def _settled(service: Service, wanted: int = 1) -> bool:
    now = status.current(service.app.store)
    return now.tickets == wanted and now.routed + now.review == wanted
