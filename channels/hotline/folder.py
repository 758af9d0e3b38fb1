"""The drop folder as a queue: stored files go to `done/`, refused ones with a reason to `failed/`."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from channels import document
from channels.errors import SourceUnreachable, UnsupportedPayload
from channels.hotline import records
from channels.hotline.call import CHANNEL, OVERSIZE
from channels.hotline.config import HotlineConfig
from channels.message import RawDelivery
from channels.port import Polled
from channels.text import line

log = logging.getLogger(__name__)

ENDINGS = frozenset({".json", ".vcon", ".jsonl", ".ndjson", ".csv"})
_KEPT_OF_OVERSIZE = 65_536
# Whatever took the place of a file since the listing: no link is followed, and no pipe is waited for.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


class DroppedFile:
    """One file and what became of its calls; it leaves the folder when the last call is settled."""

    def __init__(self, path: Path, calls: int) -> None:
        self._path, self._open, self._reasons = path, calls, list[str]()

    def settle(self, number: int, reason: str | None) -> None:
        self._open -= 1
        if reason is not None:
            self._reasons.append(f"{number}: {line(reason)}")
        if self._open == 0:
            self.leave(self._reasons)

    def leave(self, reasons: list[str]) -> None:
        """Move by rename. When that fails the file stays and comes again, which is harmless."""
        folder = self._path.parent / ("failed" if reasons else "done")
        try:
            folder.mkdir(exist_ok=True)
            target = _free_name(folder, self._path.name)
            if reasons:
                target.with_name(target.name + ".reason.txt").write_text("\n".join(reasons) + "\n", "utf-8")
            self._path.rename(target)
        except OSError:
            log.warning("transcript file not moved, it will be read again")


class DroppedCall:
    """One call of a file, numbered from 1."""

    def __init__(self, file: DroppedFile, number: int, delivery: RawDelivery) -> None:
        self._file, self._number, self._delivery = file, number, delivery

    @property
    def delivery(self) -> RawDelivery:
        return self._delivery

    def done(self) -> None:
        self._file.settle(self._number, None)

    def failed(self, reason: str) -> None:
        self._file.settle(self._number, reason)


class FolderPoller:
    """`account` names the hotline in deliveries. Senders write under a hidden name, then rename."""

    def __init__(self, config: HotlineConfig, account: str) -> None:
        if config.folder is None:
            raise ValueError("the hotline channel has no drop folder")
        self._config, self._folder, self._account = config, config.folder, account

    def poll(self, now: datetime) -> Iterator[Polled]:
        """Oldest first. Raises SourceUnreachable when the folder cannot be listed."""
        for path in self._waiting(now):
            yield from self._calls(path, now)

    def _waiting(self, now: datetime) -> list[Path]:
        try:
            found = [(path, path.lstat()) for path in self._folder.iterdir() if _is_candidate(path)]
        except OSError as error:
            raise SourceUnreachable(f"không đọc được thư mục bản ghi ({type(error).__name__})") from None
        settled = now.timestamp() - self._config.settle.total_seconds()
        # A link could lead out of the folder: only regular files are read.
        ready = [
            (info.st_mtime, path)
            for path, info in found
            if stat.S_ISREG(info.st_mode) and info.st_mtime <= settled
        ]
        return [path for _, path in sorted(ready)]

    def _calls(self, path: Path, now: datetime) -> Iterator[Polled]:
        headers = {"file-name": line(path.name, 200)}
        try:
            with os.fdopen(os.open(path, _READ), "rb") as stream:
                info = os.fstat(stream.fileno())
                body = stream.read(self._config.max_bytes + 1)
        except OSError:
            log.warning("transcript file not readable, it will be tried again")
            return
        if len(body) > self._config.max_bytes:
            delivery = RawDelivery(
                CHANNEL,
                self._account,
                body[:_KEPT_OF_OVERSIZE],
                {**headers, OVERSIZE: str(info.st_size)},
                now,
            )
            yield DroppedCall(DroppedFile(path, 1), 1, delivery)
            return
        if now.timestamp() - info.st_mtime < self._config.incomplete_for.total_seconds() and _is_cut(
            path, body
        ):
            return
        yield from self._split(path, body, headers, now)

    def _split(self, path: Path, body: bytes, headers: dict[str, str], now: datetime) -> Iterator[Polled]:
        try:
            bodies = records.split(path.name, body) or (body,)
        except UnsupportedPayload:
            # Nothing can be split off: the whole file is one delivery, which parse will refuse.
            bodies = (body,)
        file = DroppedFile(path, len(bodies))
        for number, one in enumerate(bodies, start=1):
            numbered = {**headers, "record": str(number)}
            yield DroppedCall(file, number, RawDelivery(CHANNEL, self._account, one, numbered, now))


def _is_candidate(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and not path.name.startswith((".", "~", "_"))


def _is_cut(path: Path, body: bytes) -> bool:
    """Whether a young file looks half written: the last record is no JSON, or the last row has no end."""
    if path.suffix.lower() == ".csv":
        return not body.endswith((b"\n", b"\r"))
    try:
        bodies = records.split(path.name, body)
        document.value(bodies[-1] if bodies else body)
    except UnsupportedPayload:
        return True
    return False


def _free_name(folder: Path, name: str) -> Path:
    """A name not yet taken in `folder`: a sender may use one name twice, and nothing is overwritten."""
    target = folder / name
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{name}.{number}"
    return target
