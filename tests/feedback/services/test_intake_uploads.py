"""Files of the portal: known by their bytes, kept once, hung on the right attachment."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.web import form
from feedback.services import intake, upload
from feedback.services.app import App
from feedback.services.upload import MAX_NAME, Refusal, UploadRefused
from feedback.settings import Settings
from feedback.store import blobs
from feedback.store.tables import Attachment, Blob
from tests.feedback.matters import form_delivery

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 32
PDF = b"%PDF-1.4\n"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (JPEG, "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypheic....", "image/heic"),
        (b"\0\0\0\x18ftypavif....", "image/avif"),
        (PDF, "application/pdf"),
        (b"RIFF\0\0\0\0WAVEfmt ", None),
        (b"\0\0\0\x18ftypisom....", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"<html><script>", None),
        (b"PK\x03\x04", None),
        (b"MZ", None),
        (b"", None),
    ],
)
def test_the_type_is_read_from_the_bytes(data: bytes, expected: str | None) -> None:
    assert upload.content_type(data) == expected


def test_the_name_of_a_file_says_nothing_about_its_type() -> None:
    with pytest.raises(UploadRefused) as refused:
        upload.check([("anh.jpg", b"MZ\x90")])
    assert (refused.value.refusal, refused.value.name) == (Refusal.UNKNOWN_TYPE, "anh.jpg")


@given(st.text(min_size=0, max_size=300))
def test_a_name_is_short_printable_and_no_path(name: str) -> None:
    (file,) = upload.check([(name, JPEG)])
    assert 0 < len(file.name) <= MAX_NAME
    assert file.name.isprintable()
    assert not set("/\\") & set(file.name)


def test_a_long_name_keeps_its_ending() -> None:
    (file,) = upload.check([("ả" * 300 + ".jpeg", JPEG)])
    assert file.name.endswith("ả.jpeg")


def sent(app: App, settings: Settings, files: tuple[upload.File, ...]) -> intake.Outcome:
    handed_in = tuple(form.Upload(f.name, f.content_type, len(f.data), f.sha256) for f in files)
    delivery = form_delivery(settings, "Rác", uploads=handed_in)  # type: ignore[arg-type]
    return intake.receive(app, delivery, upload.parts(files))


def kept(app: App) -> list[tuple[str | None, int | None]]:
    with app.store.reading() as session:
        rows = session.query(Attachment).order_by(Attachment.id).all()
        return [(row.name, row.blob_id) for row in rows]


def test_files_are_kept_once_and_in_the_order_of_the_form(app: App, settings: Settings) -> None:
    sent(app, settings, upload.check([("a.jpg", JPEG), ("b.pdf", PDF), ("c.jpg", JPEG)]))
    (a, first), (b, second), (c, third) = kept(app)
    assert (a, b, c) == ("a.jpg", "b.pdf", "c.jpg")
    assert first == third != second
    with app.store.reading() as session:
        blob = blobs.get(session, first or 0)
        assert blob is not None
        assert (blob.data, blob.sha256) == (JPEG, hashlib.sha256(JPEG).hexdigest())


def test_the_same_photos_at_the_same_moment_are_kept_once(app: App, settings: Settings) -> None:
    files = upload.check([(f"{n}.jpg", JPEG + bytes([n])) for n in range(5)])
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda order: sent(app, settings, order), [files, files[::-1]] * 4))
    assert len(kept(app)) == 40
    assert len({blob_id for _, blob_id in kept(app)}) == 5


def test_a_repeat_leaves_no_bytes_behind(app: App, settings: Settings) -> None:
    delivery = form_delivery(settings, "Rác")
    assert intake.receive(app, delivery).kind == intake.Kind.TICKET
    assert intake.receive(app, delivery, upload.parts(upload.check([("a.jpg", JPEG)]))).kind == "duplicate"
    with app.store.reading() as session:
        assert session.query(Blob).count() == 0


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("anh.JPG", "anh.JPG"),
        ("anh.jpeg", "anh.jpeg"),
        ("anh.html", "anh.html.jpg"),
        ("hoa-don.pdf.exe", "hoa-don.pdf.exe.jpg"),
        ("anh", "anh.jpg"),
    ],
)
def test_a_file_ends_as_what_it_is(given_name: str, kept: str) -> None:
    (file,) = upload.check([(given_name, JPEG)])
    assert file.name == kept


def test_a_long_name_keeps_its_bound_and_gets_its_ending() -> None:
    (file,) = upload.check([("x" * 500 + ".html", PDF)])
    assert len(file.name) <= MAX_NAME
    assert file.name.endswith(".pdf")
