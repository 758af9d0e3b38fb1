"""A denunciation lies under seal: no ordinary table says who wrote what, and still nobody's words are lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest
from cryptography.fernet import Fernet

from channels.message import InboundMessage, RawDelivery, Sender
from channels.web import form
from classifier.prediction import Evidence, Prediction
from feedback.domain.errors import NotFound, SealedUnreadable, StaleVersion
from feedback.domain.kinds import Kind, Level
from feedback.services import answer, citizen, comment, deliver, intake, placing, read, upload
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store import tickets
from feedback.store.sealed import Box
from feedback.store.tables import Message
from tests.feedback.matters import form_delivery, reading, routed, send, ticket
from tests.feedback.matters import read as triaged
from tests.feedback.people import AN, BINH, DUNG, LAN, THU
from tests.servers import DatabaseUrls

WORDS = "Ông Trưởng phòng Bùi Văn Giả nhận phong bì của tôi ở chợ Vẽ Chuyện."
NAME, PHONE, EMAIL = "Đặng Thị Kín Đáo", "0900000777", "kin.dao@example.test"
JPEG = b"\xff\xd8\xff\xe0" + b"bang chung phong bi" * 4
SUSPICION = replace(
    reading(kind="denunciation", field="official_conduct"),
    evidence=(Evidence(4, 35, WORDS[4:35], "chỉ đích danh"),),
    gist=WORDS,
)
TELLING = (
    "Bùi Văn Giả",
    "phong bì",
    "phong bi",
    "Vẽ Chuyện",
    "ve chuyen",
    "Kín Đáo",
    "900000777",
    "kin.dao",
    "ngõ 9",
)


def denounced(app: App, settings: Settings, says: Prediction = SUSPICION, **fields: object) -> str:
    """The code of a portal form with a photo, read as a denunciation."""
    files = upload.check([("phong bì.jpg", JPEG)])
    handed_in = tuple(form.Upload(f.name, f.content_type, len(f.data), f.sha256) for f in files)
    given = {"name": NAME, "phone": PHONE, "email": EMAIL, "address": "ngõ 9 phố Vẽ Chuyện"} | fields
    delivery = form_delivery(settings, WORDS, uploads=handed_in, **given)  # type: ignore[arg-type]
    code = intake.receive(app, delivery, upload.parts(files)).code
    assert code is not None
    triaged(app, says)
    return code


def dump(urls: DatabaseUrls) -> str:
    """Every table that the application may read, as it comes out of COPY; bytes also as text."""
    found = []
    with psycopg.connect(urls.app, options="-c role=feedback_app") as connection:
        readable = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind = 'r' AND has_table_privilege(oid, 'SELECT')"
        ).fetchall()
        assert len(readable) > 15
        for (table,) in readable:
            with connection.cursor().copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as rows:
                found.append(b"".join(bytes(row) for row in rows).decode("utf-8", "ignore"))
    return "\n".join(found)


def reclassified(app: App, actor: object, code: str, kind: Kind, **more: str) -> None:
    placing.reclassify(
        app,
        actor,  # type: ignore[arg-type]
        code,
        ticket(app, code).version,
        kind=kind,
        field_id="official_conduct",
        level=Level.NORMAL,
        **more,
    )


def trail(app: App, code: str) -> list[str]:
    with app.store.reading() as session:
        return [event.action for event in tickets.trail(session, ticket(app, code).id)]


def test_a_dump_of_every_readable_table_tells_nothing(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    code = denounced(app, settings)
    comment.add(app, THU, code, ticket(app, code).version, "Đã gặp bà Kín Đáo về phong bì")
    answer.submit(app, THU, code, ticket(app, code).version, "Chúng tôi xác minh ông Bùi Văn Giả.")
    send(app)
    intake.receive(app, form_delivery(settings, "Thêm: phong bì thứ hai", ticket_code=code, address="ngõ 9"))
    triaged(app, SUSPICION)
    whole = dump(database_urls)
    assert code in whole
    assert [word for word in TELLING if word in whole] == []


def test_the_same_words_stand_there_while_it_is_an_ordinary_report(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    denounced(app, settings, replace(SUSPICION, kind=reading().kind))
    assert [word for word in TELLING if word not in dump(database_urls)] == []


def test_found_by_a_person_later_it_goes_under_seal_with_everything_said_so_far(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    code = denounced(app, settings, replace(SUSPICION, kind=reading().kind, needs_review=True))
    comment.add(app, DUNG, code, ticket(app, code).version, "Bà Kín Đáo nói về phong bì")
    reclassified(app, DUNG, code, Kind.DENUNCIATION, reason_id="accuses_violation", note="nhận phong bì")
    assert [word for word in TELLING if word in dump(database_urls)] == []
    said = [m.text for m in read.open_ticket(app, THU, code).messages if m.direction == "note"]
    assert said == ["Bà Kín Đáo nói về phong bì", "nhận phong bì"]
    with pytest.raises(NotFound):
        read.open_ticket(app, DUNG, code)


def test_the_application_may_add_to_the_restricted_store_and_nothing_else(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    denounced(app, settings)
    statements = (
        "SELECT content FROM sealed",
        "SELECT count(*) FROM sealed",
        "UPDATE sealed SET key_id = ''",
        "DELETE FROM sealed",
        "TRUNCATE sealed",
        "UPDATE seal_trace SET proofs = '[]'",
        "SELECT unseal_prediction(1, '{}')",
        "UPDATE prediction SET result = '{}'",
    )
    for statement in statements:
        with (
            psycopg.connect(database_urls.app, options="-c role=feedback_app") as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement)


def test_even_the_owner_sees_no_word_in_the_restricted_store(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    denounced(app, settings)
    with psycopg.connect(database_urls.owner) as connection:
        pieces = b"".join(bytes(row[0]) for row in connection.execute("SELECT content FROM sealed"))
    text = pieces.decode("utf-8", "ignore")
    assert len(pieces) > 1000
    assert [word for word in TELLING if word in text] == []


def test_the_denunciation_desk_reads_it_whole(app: App, settings: Settings) -> None:
    code = denounced(app, settings)
    opened = read.open_ticket(app, THU, code)
    found, contact = opened.ticket, opened.ticket.contact
    assert opened.messages[0].text == WORDS
    assert (contact.name, contact.phone, contact.email) == (NAME, PHONE, EMAIL)
    assert found.address == "ngõ 9 phố Vẽ Chuyện"
    assert opened.prediction is not None
    assert opened.prediction.result["evidence"][0]["text"] == WORDS[4:35]
    (file,) = opened.attachments
    assert read.open_upload(app, THU, file.id) == read.File("phong bì.jpg", "image/jpeg", JPEG)
    for nobody in (LAN, DUNG, AN, BINH):
        with pytest.raises(NotFound):
            read.open_upload(app, nobody, file.id)


def test_opening_it_never_writes_it_back(app: App, settings: Settings, database_urls: DatabaseUrls) -> None:
    code = denounced(app, settings)
    read.open_ticket(app, THU, code)
    assert [word for word in TELLING if word in dump(database_urls)] == []


def test_who_opened_it_and_who_tried_stands_in_its_trail(app: App, settings: Settings) -> None:
    code = denounced(app, settings)
    read.open_ticket(app, THU, code)
    for nobody in (LAN, DUNG, AN):
        with pytest.raises(NotFound):
            read.open_ticket(app, nobody, code)
    with pytest.raises(NotFound):
        comment.add(app, LAN, code, 1, "thử")
    with app.store.reading() as session:
        events = tickets.trail(session, ticket(app, code).id)[-5:]
    assert [(event.actor, event.action) for event in events] == [
        ("Thu", "contact_read"),
        ("Lan", "read_refused"),
        ("Dũng", "read_refused"),
        ("An", "read_refused"),
        ("Lan", "read_refused"),
    ]


def test_taken_from_seal_everything_is_as_it_was(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    code = denounced(app, settings)
    before = read.open_ticket(app, THU, code)
    reclassified(app, THU, code, Kind.REPORT, reason_id="misread")
    with app.store.reading() as session:
        found = tickets.by_code(session, code)
        assert found is not None
        assert found.contact.name == NAME
        assert found.sealed_at is None
        assert (found.summary, found.address) == (before.ticket.summary, before.ticket.address)
        assert tickets.messages(session, found.id)[0].text == WORDS
    with psycopg.connect(database_urls.superuser) as connection:
        assert connection.execute("SELECT count(*) FROM sealed").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM seal_trace").fetchone() == (0,)
        assert connection.execute("SELECT data FROM blob").fetchone() == (JPEG,)
        body = connection.execute("SELECT body, external_id FROM raw_event").fetchone()
        evidence = connection.execute("SELECT result->'evidence'->0->>'text' FROM prediction").fetchone()
    assert body is not None
    assert "phong bì" in body[0].decode()
    assert evidence == (WORDS[4:35],)
    assert trail(app, code)[-2:] == ["reclassified", "taken_from_seal"]


def test_there_and_back_and_there_again(app: App, settings: Settings, database_urls: DatabaseUrls) -> None:
    code = denounced(app, settings)
    for _ in range(2):
        reclassified(app, THU, code, Kind.REPORT, reason_id="misread")
        reclassified(app, DUNG, code, Kind.DENUNCIATION, reason_id="accuses_violation")
    assert [word for word in TELLING if word in dump(database_urls)] == []
    assert read.open_ticket(app, THU, code).messages[0].text == WORDS


def test_another_ticket_of_the_same_person_is_left_alone_and_leads_nowhere(
    app: App, settings: Settings
) -> None:
    ordinary = routed(app, settings, name=NAME, phone=PHONE)
    secret = denounced(app, settings)
    assert ticket(app, ordinary).contact.name == NAME
    assert ticket(app, ordinary).contact_id != ticket(app, secret).contact_id
    assert ticket(app, secret).contact.name is None


def test_the_informant_still_proves_to_be_the_writer(app: App, settings: Settings) -> None:
    code = denounced(app, settings)
    for known in (PHONE, "+84 900 000 777", EMAIL.upper()):
        assert citizen.prove(app, code, known) == code
    for wrong in ("0900000778", "", "kin.dao", "sealed"):
        with pytest.raises(NotFound):
            citizen.prove(app, code, wrong)


def test_our_words_still_reach_the_informant_on_the_portal(app: App, settings: Settings) -> None:
    code = denounced(app, settings)
    answer.submit(app, THU, code, ticket(app, code).version, "Mời chị đến phòng số 3.")
    lines = citizen.see(app, code).lines
    assert "phòng số 3" in lines[-1].text
    assert all(line.ours for line in lines)


def mail(
    number: int, text: str, conversation: str = "thread-1", refs: tuple[str, ...] = ()
) -> InboundMessage:
    return InboundMessage(
        channel="email",
        account="hop-thu",
        external_id=f"<{number}@may-chu-rieng.example.test>",
        conversation=conversation,
        sender=Sender(address=EMAIL, name=NAME, email=EMAIL),
        text=text,
        thread_refs=refs,
    )


def arrived(app: App, inbound: InboundMessage) -> intake.Outcome:
    delivery = RawDelivery("email", "hop-thu", inbound.text.encode(), {}, datetime.now(UTC))
    return intake.store_message(app, delivery, inbound)


def test_a_later_mail_joins_it_without_entering_the_writer_again(
    app: App, database_urls: DatabaseUrls
) -> None:
    code = arrived(app, mail(1, WORDS)).code or ""
    triaged(app, SUSPICION)
    again = arrived(app, mail(2, "Ông Bùi Văn Giả lại nhận phong bì"))
    assert (again.kind, again.code) == ("joined", code)
    assert [word for word in TELLING if word in dump(database_urls)] == []
    assert "may-chu-rieng" not in dump(database_urls)
    triaged(app, reading())
    assert ticket(app, code).kind == "denunciation"


def test_a_mail_that_names_its_code_joins_it_from_another_thread(app: App) -> None:
    code = arrived(app, mail(1, WORDS)).code or ""
    triaged(app, SUSPICION)
    assert arrived(app, mail(2, "thêm", "thread-2", (code,))).code == code
    assert arrived(app, mail(3, "chuyện khác", "thread-3")).kind == "ticket"


def test_a_stranger_who_knows_the_code_does_not_join_it(app: App) -> None:
    code = arrived(app, mail(1, WORDS)).code or ""
    triaged(app, SUSPICION)
    stranger = replace(mail(2, "tôi biết mã", "thread-9", (code,)), sender=Sender("la@example.test"))
    assert arrived(app, stranger).kind == "ticket"


def test_a_repeated_delivery_is_still_known_as_one(app: App) -> None:
    code = arrived(app, mail(1, WORDS)).code
    triaged(app, SUSPICION)
    again = arrived(app, mail(1, WORDS))
    assert (again.kind, again.code) == ("duplicate", code)


def test_a_wrong_key_is_a_clear_refusal_and_loses_nothing(app: App, settings: Settings) -> None:
    code = denounced(app, settings)
    answer.submit(app, THU, code, ticket(app, code).version, "Mời chị đến phòng số 3.")
    stranger = replace(app, box=Box([Fernet.generate_key().decode()]))
    with pytest.raises(SealedUnreadable, match="FEEDBACK_DENUNCIATION_KEY"):
        read.open_ticket(stranger, THU, code)
    with pytest.raises(SealedUnreadable):
        reclassified(stranger, THU, code, Kind.REPORT, reason_id="misread")
    deliver.drain(stranger, "test")
    assert read.open_ticket(app, THU, code).messages[0].text == WORDS


def test_a_sealed_row_cannot_be_passed_off_as_another() -> None:
    box = Box([Fernet.generate_key().decode()])
    token = box.close(("message", 1), b"words")
    assert box.open(("message", 1), token) == b"words"
    with pytest.raises(SealedUnreadable):
        box.open(("message", 2), token)


def test_messages_that_arrive_while_it_is_sealed_are_neither_lost_nor_left_in_the_open(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    code = arrived(app, mail(1, WORDS)).code or ""
    with ThreadPoolExecutor(4) as pool:
        sealing = pool.submit(triaged, app, SUSPICION)
        later = [pool.submit(arrived, app, mail(n, f"Thêm {n}: phong bì")) for n in range(2, 8)]
        sealing.result()
        codes = [job.result().code or "" for job in later]
    assert all(codes)
    triaged(app, SUSPICION)
    assert ticket(app, code).sealed_at is not None
    with app.store.reading() as session:
        assert session.query(Message).filter_by(direction="in").count() == 7
    assert [word for word in TELLING if word in dump(database_urls)] == []


def test_two_officers_decide_at_once_and_one_is_told(app: App, settings: Settings) -> None:
    code = denounced(app, settings)
    seen = ticket(app, code).version

    def decide(_: int) -> bool:
        try:
            placing.reclassify(
                app,
                THU,
                code,
                seen,
                kind=Kind.REPORT,
                field_id="waste",
                level=Level.NORMAL,
                reason_id="misread",
            )
        except (StaleVersion, NotFound):
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, range(2))) == [False, True]
    assert trail(app, code).count("taken_from_seal") == 1
