"""A sender of far too much reads why it was refused, instead of a broken connection."""

from __future__ import annotations

import http.client

from feedback.services import status
from tests.feedback.journeys.conftest import Service


def test_ten_megabytes_get_their_413_through_a_real_server(service: Service) -> None:
    service.start_web()
    host, _, port = service.public.removeprefix("http://").partition(":")
    for path in ("/hooks/zalo", "/hooks/ihanoi", "/"):
        connection = http.client.HTTPConnection(host, int(port), timeout=30)
        size = 30_000_000 if path == "/" else 10_000_000
        connection.request(
            "POST", path, body=b"x" * size, headers={"Content-Type": "application/octet-stream"}
        )
        assert connection.getresponse().status == 413, path
        connection.close()
    assert status.current(service.app.store).rejected == 3
