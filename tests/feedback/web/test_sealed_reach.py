"""To everybody but its desk a denunciation answers like a code that does not exist, on every route."""

from __future__ import annotations

import re

import pytest

from feedback.domain.kinds import Kind, Level
from feedback.domain.permissions import WARD_ROLES, Actor, Role
from feedback.services import placing
from feedback.store import people
from feedback.store.tables import Attachment, Message
from tests.feedback.web.desk_town import NGHIA_DO, Town, Visitor

MISSING = "HN-26-E4HW-CW"
OTHERS = [role for role in Role if role is not Role.DENUNCIATION_OFFICER]
DISPATCHER = Actor(None, "Dũng", frozenset({Role.DISPATCHER}))


def denunciation(town: Town) -> str:
    """A ticket of a ward that a person found to be a denunciation."""
    code = town.ticket("Ông Bùi Văn Giả nhận phong bì")
    placing.reclassify(
        town.app,
        Actor(None, "Lan", frozenset({Role.WARD_OFFICER}), NGHIA_DO),
        code,
        town.look(code).version,
        kind=Kind.DENUNCIATION,
        field_id="official_conduct",
        level=Level.NORMAL,
        reason_id="accuses_violation",
    )
    return code


def paths(town: Town, code: str, number: int) -> list[tuple[str, str]]:
    """Every route that takes a code or the number of something, as (method, path)."""
    found = []
    for rule in town.flask_app.url_map.iter_rules():
        if not rule.arguments or rule.endpoint in ("static", "security.static"):
            continue
        path = rule.rule.replace("<code>", code)
        path = re.sub(r"<(int:)?\w+>", str(number), path)
        found += [(method, path) for method in sorted(rule.methods or ()) if method in ("GET", "POST")]
    return found


def told(visitor: Visitor, method: str, path: str, code: str) -> tuple[int, str, str]:
    """Status, place and page of an answer, with the code and what differs every time left out."""
    form = {
        "version": "1",
        "text": "thử",
        "reason": "other",
        "note": "thử",
        "kind": "report",
        "level": "normal",
    }
    visitor.get("/khong-co")  # shows, and so ends, what an earlier answer left to say
    response = visitor.get(path) if method == "GET" else visitor.post(path, form)
    page = re.sub(r'(value|content|nonce)="[^"]{20,}"', "", response.get_data(as_text=True))
    page = re.sub(r"[0-9a-f]{16,}", "", page)
    place = (response.location or "").replace(code, "").replace(MISSING, "")
    return response.status_code, place, page.replace(code, "").replace(MISSING, "")


@pytest.mark.parametrize("role", OTHERS)
def test_every_route_answers_as_for_a_code_that_does_not_exist(town: Town, role: Role) -> None:
    code = denunciation(town)
    with town.app.store.reading() as session:
        message = session.query(Message).order_by(Message.id.desc()).first()
    assert message is not None
    visitor = town.log_in(town.hire("ai", role, NGHIA_DO if role in WARD_ROLES else None))
    pairs = zip(paths(town, code, message.id), paths(town, MISSING, 999_999), strict=True)
    asked = 0
    for (method, path), (_, missing) in pairs:
        if code not in path:
            continue
        asked += 1
        assert told(visitor, method, path, code) == told(visitor, method, missing, code), (method, path)
    assert asked > 15


@pytest.mark.parametrize("role", OTHERS)
def test_no_list_count_or_figure_changes_with_it(town: Town, role: Role) -> None:
    town.ticket()
    visitor = town.log_in(town.hire("ai", role, NGHIA_DO if role in WARD_ROLES else None))
    screens = ("/", "/?q=phong+bi", "/?tab=all", "/duyet", "/kenh", "/nhat-ky")

    def seen() -> list[str]:
        return [
            re.sub(r'[0-9a-f]{16,}|value="[^"]{20,}"', "", visitor.get(path).get_data(as_text=True))
            for path in screens
        ]

    before = seen()
    hidden = town.ticket(
        "Ông Bùi Văn Giả", restricted=True, queue="denunciation", kind="denunciation", ward_code=None
    )
    after = seen()
    assert before == after
    assert all(hidden not in page for page in after)


def test_a_file_of_a_denunciation_is_the_desks_alone(town: Town) -> None:
    code = denunciation(town)
    with town.app.store.transaction(DISPATCHER) as tx:
        message = tx.session.query(Message).filter_by(ticket_id=town.look(code).id).first()
        assert message is not None
        attachment = Attachment(message_id=message.id, kind="image", part=0)
        tx.session.add(attachment)
        tx.session.flush()
        number = attachment.id
        tx.audit("test", "commented")
        tx.commit()
    lan = town.log_in(town.hire("lan", Role.WARD_OFFICER, NGHIA_DO))
    there, missing = lan.get(f"/tep/{number}"), lan.get("/tep/999999")
    assert (there.status_code, missing.status_code) == (404, 404)


def test_the_desk_sees_who_opened_it_and_who_tried(town: Town) -> None:
    code = denunciation(town)
    lan = town.log_in(town.hire("lan", Role.WARD_OFFICER, NGHIA_DO))
    assert lan.get(f"/ho-so/{code}").status_code == 404
    thu = town.log_in(town.hire("thu", Role.DENUNCIATION_OFFICER))
    page = thu.text(f"/ho-so/{code}")
    table = page.split("Ai đã mở")[1].split("</table>")[0]
    assert "Lan" in table
    assert "Tìm mở hồ sơ ngoài phạm vi được xem" in table
    assert "Thu" in table
    assert "Ông Bùi Văn Giả" in page


def test_the_metrics_count_no_denunciation(town: Town) -> None:
    denunciation(town)
    page = town.visitor().text("/metrics")
    assert 'queue="denunciation"' not in page


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/tai-khoan/{thu}/mat-khau", {"password": "mat-khau-moi-2026"}),
        ("/tai-khoan/{thu}/vai-tro", {"roles": "auditor"}),
        ("/tai-khoan/{lan}/vai-tro", {"roles": "denunciation_officer"}),
        (
            "/tai-khoan",
            {
                "email": "moi@example.test",
                "name": "Mới",
                "roles": "denunciation_officer",
                "password": "mat-khau-moi-2026",
            },
        ),
    ],
)
def test_an_administrator_alone_opens_no_way_into_the_restricted_store(
    town: Town, path: str, form: dict[str, str]
) -> None:
    quan = town.log_in(town.hire("quan", Role.ADMIN))
    ids = {}
    for name, role in (("thu", Role.DENUNCIATION_OFFICER), ("lan", Role.AUDITOR)):
        town.hire(name, role)
        with town.app.store.reading() as session:
            user = people.by_email(session, f"{name}@example.test")
            assert user is not None
            ids[name] = user.id
    answer = quan.post(path.format(**ids), form)
    assert answer.status_code == 422
    assert "trên máy chủ" in answer.get_data(as_text=True)
    assert town.log_in("thu@example.test").get("/").status_code == 200


@pytest.mark.parametrize(
    ("role", "method", "path", "form"),
    [
        (Role.PRIVACY_OFFICER, "POST", "/quyen-du-lieu", {"kind": "access"}),
        (Role.PRIVACY_OFFICER, "POST", "/quyen-du-lieu/giu", {"reason": "court", "authority": "Tòa"}),
        (Role.AUDITOR, "GET", "/nhat-ky?code={code}", {}),
        (Role.DISPATCHER, "GET", "/duyet?code={code}", {}),
        (Role.DISPATCHER, "GET", "/?q={code}", {}),
    ],
)
def test_every_form_that_takes_a_code_answers_alike(
    town: Town, role: Role, method: str, path: str, form: dict[str, str]
) -> None:
    visitor = town.log_in(town.hire("ai", role))
    answers = []
    for code in (denunciation(town), MISSING):
        visitor.get("/khong-co")
        address = path.format(code=code)
        answer = visitor.get(address) if method == "GET" else visitor.post(address, {**form, "code": code})
        page = re.sub(r'(value|content|nonce)="[^"]{20,}"|[0-9a-f]{16,}', "", answer.get_data(as_text=True))
        place = (answer.location or "").replace(code, "")
        answers.append((answer.status_code, place, page.replace(code, "")))
    assert answers[0] == answers[1]
