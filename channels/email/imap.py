"""The mailbox as a queue: what lies in the inbox waits, what was stored is moved away. Nothing is deleted."""

from __future__ import annotations

import imaplib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

from channels.email.config import EmailConfig, ImapConfig, Security
from channels.email.parsing import CHANNEL, OVERSIZE
from channels.errors import SourceUnreachable
from channels.message import RawDelivery
from channels.port import Polled

log = logging.getLogger(__name__)

_BROKEN = (OSError, imaplib.IMAP4.error, ImapToolsError)
_BOXES = {
    Security.TLS: MailBox,
    Security.STARTTLS: MailBoxStartTls,
    Security.NONE: MailBoxUnencrypted,
}
_KEPT_OF_OVERSIZE = 65_536


class FetchedMail:
    """One mail of the inbox. Settling moves it; when that fails it comes again, which is harmless."""

    def __init__(self, box: BaseMailBox, config: ImapConfig, uid: str, delivery: RawDelivery) -> None:
        self._box, self._config, self._uid, self._delivery = box, config, uid, delivery

    @property
    def delivery(self) -> RawDelivery:
        return self._delivery

    def done(self) -> None:
        self._move(self._config.processed)

    def failed(self, reason: str) -> None:
        self._move(self._config.quarantine)

    def _move(self, folder: str) -> None:
        try:
            self._box.move(self._uid, folder)
        except _BROKEN:
            log.warning(
                "mail not moved, it will be fetched again", extra={"uid": self._uid, "folder": folder}
            )


class ImapPoller:
    """Fetches by UID, oldest first, one connection per poll. `account` names the mailbox in deliveries."""

    def __init__(self, config: EmailConfig, account: str) -> None:
        if config.imap is None:
            raise ValueError("the e-mail channel has no mailbox to fetch from")
        self._config, self._imap, self._account = config, config.imap, account

    def poll(self, now: datetime) -> Iterator[Polled]:
        """Raises SourceUnreachable when the server cannot be reached or the connection drops."""
        with self._mailbox() as box:
            with _reachable():
                validity = _uid_validity(box, self._imap.inbox)
                uids = sorted(box.uids("ALL", charset=None), key=int)
            for uid in uids:
                with _reachable():
                    delivery = self._fetch(box, uid, validity, now)
                if delivery is not None:
                    yield FetchedMail(box, self._imap, uid, delivery)

    @contextmanager
    def _mailbox(self) -> Iterator[BaseMailBox]:
        with _reachable():
            box = _BOXES[self._imap.security](self._imap.host, self._imap.port, timeout=self._imap.timeout)
        try:
            with _reachable():
                self._log_in(box)
                self._make_folders(box)
                box.folder.set(self._imap.inbox)
            yield box
        finally:
            _close(box)

    def _log_in(self, box: BaseMailBox) -> None:
        user, password = self._imap.user, self._imap.password
        # The plain LOGIN command knows ASCII only.
        log_in = box.login if (user + password).isascii() else box.login_utf8
        log_in(user, password, initial_folder=None)

    def _make_folders(self, box: BaseMailBox) -> None:
        for name in (self._imap.processed, self._imap.quarantine):
            if not box.folder.exists(name):
                box.folder.create(name)

    def _fetch(self, box: BaseMailBox, uid: str, validity: str, now: datetime) -> RawDelivery | None:
        size = _size(box, uid)
        headers = {"imap-mailbox": self._imap.inbox, "imap-uidvalidity": validity, "imap-uid": uid}
        wanted = "(BODY.PEEK[])"
        if size > self._config.max_bytes:
            wanted = f"(BODY.PEEK[]<0.{_KEPT_OF_OVERSIZE}>)"
            headers[OVERSIZE] = str(size)
        _, answer = box.client.uid("FETCH", uid, wanted)
        body = next((item[1] for item in answer if isinstance(item, tuple)), None)
        # Another client may have moved the mail since the search: then there is nothing to do.
        return None if body is None else RawDelivery(CHANNEL, self._account, body, headers, now)


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise SourceUnreachable(f"không đọc được hộp thư ({type(error).__name__})") from None


def _uid_validity(box: BaseMailBox, folder: str) -> str:
    return str(box.folder.status(folder, ["UIDVALIDITY"]).get("UIDVALIDITY", 0))


def _size(box: BaseMailBox, uid: str) -> int:
    _, answer = box.client.uid("FETCH", uid, "(RFC822.SIZE)")
    texts = (item[0] if isinstance(item, tuple) else item for item in answer)
    match = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(text for text in texts if isinstance(text, bytes)))
    return int(match.group(1)) if match else 0


def _close(box: BaseMailBox) -> None:
    try:
        box.logout()
    except _BROKEN:
        log.debug("the mail server had already closed the connection")
