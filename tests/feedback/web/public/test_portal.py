"""The form: what is wrong is said beside its field, and nothing that was typed is lost."""

from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient

from feedback.domain import contacts
from feedback.settings import Settings
from feedback.web import create_app
from tests.feedback.web.public.conftest import Rows
from tests.feedback.web.public.pages import PHONE, code_of, fault, hidden, send

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
PDF = b"%PDF-1.7\n" + b"\0" * 64


def file(data: bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def test_a_message_becomes_a_ticket_with_a_code_to_follow(client: FlaskClient, rows: Rows) -> None:
    code = code_of(client, name="Nguyễn Văn Thử", address="Ngõ 12 phố Vọng", lat="21.0", lon="105.84")
    assert rows.all("SELECT code, channel, address, lat FROM ticket") == [
        (code, "web", "Ngõ 12 phố Vọng", 21.0)
    ]
    assert contacts.matches(str(rows.one("SELECT phone FROM contact")), PHONE)


def test_the_page_of_thanks_has_the_code_but_its_address_has_not(client: FlaskClient) -> None:
    response = send(client)
    assert response.status_code == 303
    assert response.location == "/da-gui"
    assert "8 giờ làm việc" in client.get("/da-gui").text


def test_a_double_click_is_one_ticket(client: FlaskClient, rows: Rows) -> None:
    filled = {**hidden(client, "/"), "text": "Đèn đường tắt", "phone": PHONE}
    answers = [client.post("/", data=filled) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303] * 3
    assert rows.one("SELECT count(*) FROM ticket") == 1
    assert rows.one("SELECT deliveries FROM raw_event") == 3


def test_going_back_and_writing_something_else_is_a_second_ticket(client: FlaskClient, rows: Rows) -> None:
    filled = {**hidden(client, "/"), "text": "Đèn đường tắt", "phone": PHONE}
    client.post("/", data=filled)
    client.post("/", data={**filled, "text": "Cây sắp đổ trước trường học"})
    assert rows.one("SELECT count(*) FROM ticket") == 2


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("text", "", "Hãy viết nội dung"),
        ("text", " \n\u200e\x00 ", "Hãy viết nội dung"),
        ("text", "a" * 50_000, "50.000 ký tự"),
        ("phone", "12345", "Số điện thoại chưa đúng"),
        ("phone", "+1 202 555 0100", "Số điện thoại chưa đúng"),
        ("phone", "", "Hãy cho biết số điện thoại hoặc email"),
        ("email", "khong-phai-email", "Địa chỉ email chưa đúng"),
        ("email", "a@b_c.test", "Địa chỉ email chưa đúng"),
        ("name", "x" * 101, "ngắn hơn 100"),
        ("address", "x" * 301, "ngắn hơn 300"),
        ("website", "http://spam.invalid", "Hãy để trống"),
    ],
)
def test_a_wrong_field_is_named_beside_it(
    client: FlaskClient, rows: Rows, field: str, value: str, says: str
) -> None:
    response = send(client, **{"text": "Nội dung phải còn nguyên", field: value})
    assert response.status_code == 422
    assert says in (fault(response.text, field) or "")
    if field != "text":
        assert "Nội dung phải còn nguyên" in response.text
    assert rows.one("SELECT count(*) FROM raw_event") == 0


@pytest.mark.parametrize(("lat", "lon"), [("abc", "105"), ("nan", "105"), ("91", "105"), ("21", "")])
def test_a_position_that_cannot_be_is_said(client: FlaskClient, lat: str, lon: str) -> None:
    assert fault(send(client, lat=lat, lon=lon).text, "address")


def test_a_robots_try_is_counted(client: FlaskClient, rows: Rows) -> None:
    send(client, website="x")
    assert rows.all("SELECT channel, reason, count FROM refusal") == [("web", "honeypot", 1)]


def test_control_characters_are_dropped_and_text_is_composed(client: FlaskClient, rows: Rows) -> None:
    code_of(client, text="Đe\u0300n\x07 ta\u0306\u0301t\u202e")
    assert rows.one("SELECT text FROM message") == "Đèn tắt"


def test_twenty_thousand_characters_pass(client: FlaskClient, rows: Rows) -> None:
    code_of(client, text="ạ" * 20_000)
    assert rows.one("SELECT length(text) FROM message") == 20_000


def test_text_is_shown_as_text(client: FlaskClient) -> None:
    page = send(client, text="<script>alert(1)</script>", phone="").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_files_are_kept_by_their_bytes(client: FlaskClient, rows: Rows) -> None:
    files = [file(PNG, "../../anh.exe"), file(PDF, "đơn.pdf"), file(PNG, "cùng ảnh.png")]
    code_of(client, files=files)
    kept = rows.all(
        "SELECT a.name, a.content_type, b.data FROM attachment a JOIN blob b ON b.id = a.blob_id ORDER BY a.id"
    )
    assert kept == [
        ("anh.exe.png", "image/png", PNG),
        ("đơn.pdf", "application/pdf", PDF),
        ("cùng ảnh.png", "image/png", PNG),
    ]
    assert rows.one("SELECT count(*) FROM blob") == 2


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([(b"MZ\x90\x00 program", "anh.png")], "“anh.png” không phải ảnh hoặc PDF"),
        ([(b"", "trong.png")], "“trong.png” trống"),
        ([(PNG, f"{n}.png") for n in range(6)], "nhiều nhất 5 tệp"),
        ([(PNG + b"\0" * 10 * 2**20, "to.png")], "“to.png” lớn hơn 10 MB"),
    ],
)
def test_a_wrong_file_is_named_beside_its_field(
    client: FlaskClient, rows: Rows, files: list[tuple[bytes, str]], says: str
) -> None:
    response = send(client, text="Nội dung phải còn nguyên", files=[file(*given) for given in files])
    assert response.status_code == 422
    assert says in (fault(response.text, "files") or "")
    assert "Nội dung phải còn nguyên" in response.text
    assert rows.one("SELECT count(*) FROM blob") == 0


def test_a_fault_elsewhere_tells_that_files_must_be_chosen_again(client: FlaskClient) -> None:
    assert "Xin chọn lại tệp" in send(client, phone="1", files=[file(PNG, "a.png")]).text


def test_a_form_over_the_limit_is_413_in_vietnamese_and_counted(client: FlaskClient, rows: Rows) -> None:
    response = send(client, files=[file(PNG + b"\0" * 27 * 2**20, "to.png")])
    assert response.status_code == 413
    assert "25 MB" in response.text
    assert rows.one("SELECT count FROM refusal WHERE channel = 'web' AND reason = 'too_large'") == 1


def test_a_page_left_open_too_long_gives_the_text_back_with_a_new_token(
    client: FlaskClient, rows: Rows
) -> None:
    response = client.post("/", data={"text": "Viết rất lâu", "phone": PHONE, "csrf_token": "cũ"})
    assert response.status_code == 400
    assert "Viết rất lâu" in response.text
    again = dict(re.findall(r'name="(csrf_token|submission)" value="([^"]+)"', response.text))
    assert client.post("/", data={"text": "Viết rất lâu", "phone": PHONE, **again}).status_code == 303
    assert rows.one("SELECT count(*) FROM ticket") == 1


def test_too_many_messages_in_a_minute_wait_with_their_text(client: FlaskClient) -> None:
    filled = {**hidden(client, "/"), "text": "Câu này phải còn", "phone": PHONE}
    for _ in range(62):  # a minute may turn over in between
        response = client.post("/", data=filled)
        if response.status_code != 303:
            break
    assert response.status_code == 429
    assert "Câu này phải còn" in response.text
    assert "Xin chờ một phút" in response.text


def test_without_a_database_the_text_is_given_back(
    public_settings: Settings, hook_environ: dict[str, str]
) -> None:
    settings = Settings.from_env({**hook_environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"})
    response = send(create_app(settings, "public").test_client(), text="Câu này phải còn")
    assert response.status_code == 503
    assert "Câu này phải còn" in response.text
    assert "Retry-After" in response.headers


def test_without_redis_a_citizen_can_still_send(hook_environ: dict[str, str], rows: Rows) -> None:
    settings = Settings.from_env({**hook_environ, "REDIS_URL": "redis://127.0.0.1:9/0"})
    assert send(create_app(settings, "public").test_client()).status_code == 303
    assert rows.one("SELECT count(*) FROM ticket") == 1


def test_every_label_belongs_to_a_field_and_no_id_is_used_twice(client: FlaskClient) -> None:
    for page in (client.get("/").text, client.get("/tra-cuu").text, send(client, text="", phone="").text):
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'<label[^>]* for="([^"]+)"', page)) <= set(ids)
        for described in re.findall(r'aria-describedby="([^"]+)"', page):
            assert set(described.split()) <= set(ids)


@pytest.mark.parametrize(("path", "status"), [("/khong-co", 404), ("/ho-so", 302), ("/da-gui", 302)])
def test_pages_that_are_not_there(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status
