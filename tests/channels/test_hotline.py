"""The hotline: transcripts, and the drop folder on a real file system."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels.errors import DeliveryFailed, SourceUnreachable, UnsupportedPayload
from channels.hotline.adapter import HotlineAdapter
from channels.hotline.config import HotlineConfig
from channels.message import InboundMessage, OutboundMessage, Purpose, Sender
from tests.channels.cases import adapter, delivery
from tests.fakes import hotline

HOTLINE = adapter("hotline")
TURNS = (("agent", "xin nghe"), ("caller", "đường ngập"), ("agent", "em ghi nhận"), ("caller", "vâng"))


def parsed(body: bytes) -> InboundMessage:
    message = HOTLINE.parse(delivery("hotline", body))
    assert isinstance(message, InboundMessage)
    return message


@pytest.mark.parametrize("record", [hotline.transcript, hotline.vcon])
def test_the_text_is_what_the_caller_said(record) -> None:  # type: ignore[no-untyped-def]
    message = parsed(record("call-1", TURNS, caller_number="0900000011", summary="Ngập"))
    assert message.text == "đường ngập\nvâng"
    assert message.hints["agent"] == "xin nghe\nem ghi nhận"
    assert message.hints["summary"] == "Ngập"
    assert message.sender.phone == "0900000011"


def test_withheld_numbers_are_different_people() -> None:
    callers = {parsed(hotline.transcript(f"call-{n}", TURNS)).sender.address for n in range(3)}
    assert len(callers) == 3


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"call_id": "1"}', "lời nào"),
        (b'{"full_text": "a"}', "mã cuộc gọi"),
        (b'{"ciphertext": "x", "unprotected": {}}', "mã hoá"),
        (b'{"payload": "x", "signatures": []}', "mã hoá"),
        (b'{"vcon": "0.0.2", "uuid": "u", "critical": ["lawful_basis"]}', "phần mở rộng"),
        (b'{"vcon": "0.0.2", "uuid": "u", "parties": [], "dialog": []}', "lời nói"),
        (hotline.vcon("u", TURNS)[:-20], "cắt cụt"),
    ],
)
def test_unreadable_records_say_why(body: bytes, says: str) -> None:
    with pytest.raises(UnsupportedPayload, match=says):
        HOTLINE.parse(delivery("hotline", body))


def test_a_caller_cannot_be_written_to() -> None:
    message = OutboundMessage(
        "o", "hotline", "1022", Sender("0900000011"), "call-1", "HN-26-7K3F-92", Purpose.ANSWER, "Đã xong"
    )
    with pytest.raises(DeliveryFailed) as caught:
        HOTLINE.send(message)
    assert (caught.value.permanent, caught.value.code) == (True, "callback")
    assert not HOTLINE.info.can_reply


# --- the drop folder


class Folder:
    """A drop folder and a clock a moment ahead, so that what is dropped now counts as settled."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(exist_ok=True)
        self.channel = HotlineAdapter(HotlineConfig(folder=path, number="1022", max_bytes=100_000))
        self.now = datetime.now(UTC) + timedelta(seconds=5)

    def poll(self, refuse: str = "") -> list[str]:
        """Settle everything that waits, as the application does, and tell the call ids (or what was refused)."""
        seen = []
        for polled in self.channel.poll(self.now):
            try:
                message = self.channel.parse(polled.delivery)
            except UnsupportedPayload as error:
                seen.append("refused")
                polled.failed(str(error))
                continue
            seen.append(message.external_id)
            if message.external_id == refuse:
                polled.failed("lý do\nhai dòng")
            else:
                polled.done()
        return seen

    def names(self, folder: str = "") -> list[str]:
        found = self.path / folder
        return sorted(path.name for path in found.iterdir() if path.is_file()) if found.is_dir() else []


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "drop")


def test_a_stored_file_goes_to_done_and_never_comes_again(folder: Folder) -> None:
    hotline.drop(folder.path, "a.json", hotline.transcript("call-1", TURNS))
    hotline.drop(folder.path, "b.vcon", hotline.vcon("call-2", TURNS), age_seconds=60)
    assert folder.poll() == ["call-2", "call-1"]  # the oldest first
    assert folder.poll() == []
    assert (folder.names(), folder.names("done")) == ([], ["a.json", "b.vcon"])


def test_an_unsettled_file_comes_again(folder: Folder) -> None:
    hotline.drop(folder.path, "a.json", hotline.transcript("call-1", TURNS))
    assert len(list(folder.channel.poll(folder.now))) == 1
    assert folder.poll() == ["call-1"]


def test_a_refused_file_is_set_aside_with_its_reason(folder: Folder) -> None:
    hotline.drop(folder.path, "a.json", b'{"call_id": "1"}', age_seconds=120)
    assert folder.poll() == ["refused"]
    assert folder.names("failed") == ["a.json", "a.json.reason.txt"]
    assert "lời nào" in (folder.path / "failed" / "a.json.reason.txt").read_text("utf-8")


def test_one_name_twice_overwrites_nothing(folder: Folder) -> None:
    for number in range(3):
        hotline.drop(folder.path, "a.json", hotline.transcript(f"call-{number}", TURNS))
        folder.poll()
    assert folder.names("done") == ["a.json", "a.json.2", "a.json.3"]


@pytest.mark.parametrize(
    "name", [".a.json", ".a.json.tmp", "a.json.part", "a.json~", "~a.json", "_a.json", "a.tmp", "README"]
)
def test_temporary_names_are_left_alone(folder: Folder, name: str) -> None:
    (folder.path / name).write_bytes(hotline.transcript("call-1", TURNS))
    assert folder.poll() == []
    assert folder.names() == [name]


def test_a_file_written_a_moment_ago_waits(folder: Folder) -> None:
    hotline.drop(folder.path, "a.json", hotline.transcript("call-1", TURNS))
    folder.now = datetime.now(UTC)
    assert folder.poll() == []
    folder.now += timedelta(seconds=3)
    assert folder.poll() == ["call-1"]


@pytest.mark.parametrize(
    ("name", "half"),
    [
        ("a.json", hotline.transcript("call-1", TURNS)[:-30]),
        ("a.jsonl", hotline.transcript("call-1", TURNS) + b"\n" + hotline.transcript("call-2", TURNS)[:-30]),
        ("a.csv", b"call_id,full_text\ncall-1,ng"),
        ("a.json", b""),
    ],
)
def test_a_half_written_file_waits_a_minute_and_is_then_refused(
    folder: Folder, name: str, half: bytes
) -> None:
    hotline.drop(folder.path, name, half, age_seconds=10)
    assert folder.poll() == []
    assert folder.names() == [name]
    folder.now += timedelta(minutes=2)
    assert folder.poll() != []
    assert folder.names() == []


def test_a_half_written_file_that_was_finished_is_stored(folder: Folder) -> None:
    whole = hotline.transcript("call-1", TURNS)
    hotline.drop(folder.path, "a.json", whole[:-30], age_seconds=10)
    assert folder.poll() == []
    (folder.path / "a.json").write_bytes(whole)
    assert folder.poll() == ["call-1"]


def test_json_lines_are_one_delivery_per_call(folder: Folder) -> None:
    rows = [hotline.transcript(f"call-{number}", TURNS) for number in range(3)]
    hotline.drop(folder.path, "a.jsonl", b"\n\n".join(rows) + b"\n")
    assert folder.poll() == ["call-0", "call-1", "call-2"]
    assert folder.names("done") == ["a.jsonl"]


def test_a_file_stays_until_its_last_call_is_settled(folder: Folder) -> None:
    rows = [hotline.transcript(f"call-{number}", TURNS) for number in range(3)]
    hotline.drop(folder.path, "a.jsonl", b"\n".join(rows) + b"\n")
    first, *_ = folder.channel.poll(folder.now)
    first.done()
    assert folder.names() == ["a.jsonl"]
    assert folder.poll() == ["call-0", "call-1", "call-2"]


def test_one_bad_line_sets_the_file_aside_but_keeps_the_others(folder: Folder) -> None:
    rows = [hotline.transcript("call-0", TURNS), b"{broken", hotline.transcript("call-2", TURNS)]
    hotline.drop(folder.path, "a.jsonl", b"\n".join(rows) + b"\n", age_seconds=120)
    assert folder.poll(refuse="call-2") == ["call-0", "refused", "call-2"]
    reason = (folder.path / "failed" / "a.jsonl.reason.txt").read_text("utf-8").splitlines()
    assert reason[0].startswith("2: ")
    assert reason[1] == "3: lý do hai dòng"


def test_csv_rows_become_the_same_calls(folder: Folder) -> None:
    table = "call_id,started_at,caller_number,branch,full_text,asr_engine\n"
    table += 'call-7,2026-11-22T08:00:00+07:00,0900000011,2,"đường ngập, rất sâu",demo\n'
    hotline.drop(folder.path, "a.csv", "\ufeff".encode() + table.encode())
    (polled,) = folder.channel.poll(folder.now)
    message = parsed(polled.delivery.body)
    assert (message.external_id, message.text) == ("call-7", "đường ngập, rất sâu")
    assert message.hints == {"branch": "2", "branch_title": "Hạ tầng", "asr_engine": "demo"}
    assert json.loads(polled.delivery.body)["asr"] == {"engine": "demo"}


def test_a_csv_in_another_charset_is_set_aside(folder: Folder) -> None:
    hotline.drop(folder.path, "a.csv", "call_id,full_text\n1,ngập\n".encode("utf-16"), age_seconds=120)
    assert folder.poll() == ["refused"]
    assert "a.csv" in folder.names("failed")


def test_a_file_over_the_limit_is_kept_but_not_read_whole(folder: Folder) -> None:
    hotline.drop(folder.path, "a.json", b'{"call_id":"1","full_text":"' + b"a" * 200_000 + b'"}')
    (polled,) = folder.channel.poll(folder.now)
    assert len(polled.delivery.body) <= 65_536
    assert folder.poll() == ["refused"]
    assert (folder.path / "failed" / "a.json").stat().st_size > 200_000


def test_links_and_folders_are_not_read(folder: Folder, tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_bytes(hotline.transcript("call-1", TURNS))
    (folder.path / "a.json").symlink_to(secret)
    (folder.path / "b.json").mkdir()
    os.mkfifo(folder.path / "c.json")
    folder.now += timedelta(minutes=2)
    assert folder.poll() == []


def test_a_missing_folder_is_unreachable(tmp_path: Path) -> None:
    channel = HotlineAdapter(HotlineConfig(folder=tmp_path / "none"))
    with pytest.raises(SourceUnreachable):
        list(channel.poll(datetime.now(UTC)))


def test_a_folder_that_cannot_be_written_gives_every_file_again(folder: Folder) -> None:
    hotline.drop(folder.path, "a.json", hotline.transcript("call-1", TURNS))
    (folder.path / "done").write_text("a file where the folder should be")
    assert folder.poll() == ["call-1"]
    assert folder.poll() == ["call-1"]
    assert stat.S_ISREG((folder.path / "a.json").stat().st_mode)
