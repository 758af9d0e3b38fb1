"""What stands in whose inbox, and how it is found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedback.domain.permissions import Role
from feedback.store.queries import inbox
from feedback.store.queries.inbox import Cursor, text_query
from tests.feedback.web.desk_town import HAI_BA_TRUNG, NGHIA_DO, SYSTEM, Town, Visitor


@pytest.fixture
def lan(town: Town) -> Visitor:
    """An officer of Nghĩa Đô."""
    return town.log_in(town.hire("lan", Role.WARD_OFFICER, NGHIA_DO))


@pytest.fixture
def dung(town: Town) -> Visitor:
    """A dispatcher."""
    return town.log_in(town.hire("dung", Role.DISPATCHER))


def test_lan_sees_her_ward_and_not_the_next(town: Town, lan: Visitor) -> None:
    ours, theirs = town.ticket(), town.ticket(ward_code=HAI_BA_TRUNG)
    page = lan.text("/")
    assert ours in page
    assert theirs not in page
    assert lan.get(f"/ho-so/{theirs}").status_code == 404


def test_lan_sees_no_restricted_matter_and_no_words_about_her_colleagues(town: Town, lan: Visitor) -> None:
    hidden = [
        town.ticket(restricted=True, queue="denunciation", kind="denunciation", state="review"),
        town.ticket(restricted=True, queue="reception", kind="complaint", state="review"),
        town.ticket(field_id="official_conduct"),
    ]
    page = lan.text("/?tab=open")
    for code in hidden:
        assert code not in page
        assert lan.get(f"/ho-so/{code}").status_code == 404
        assert code not in lan.text("/?q=to+hieu")


def test_the_dispatcher_sees_everything_but_denunciations(town: Town, dung: Visitor) -> None:
    complaint = town.ticket(restricted=True, queue="reception", kind="complaint", state="review")
    denunciation = town.ticket(restricted=True, queue="denunciation", kind="denunciation", state="review")
    page = dung.text("/?tab=review")
    assert complaint in page
    assert denunciation not in page


def test_the_denunciation_officer_sees_the_restricted_ones_only(town: Town) -> None:
    thu = town.log_in(town.hire("thu", Role.DENUNCIATION_OFFICER))
    plain = town.ticket(state="review", queue="dispatcher")
    denunciation = town.ticket(restricted=True, queue="denunciation", kind="denunciation", state="review")
    page = thu.text("/")
    assert denunciation in page
    assert plain not in page


def test_the_next_deadline_stands_first_and_lateness_is_written_out(town: Town, lan: Visitor) -> None:
    late = town.ticket(age=timedelta(days=60))
    fresh = town.ticket()
    page = lan.text("/")
    assert page.index(late) < page.index(fresh)
    assert "Quá hạn" in page
    assert "ngày" in page


def test_words_are_found_with_and_without_accents_and_by_beginning(town: Town, lan: Visitor) -> None:
    code = town.ticket("Cây xà cừ đổ chắn ngang đường Hoàng Quốc Việt")
    other = town.ticket("Mất nước ba ngày")
    for words in ("xà cừ", "xa cu", "XÀ CỪ đổ", "hoang quoc vi"):
        page = lan.text(f"/?q={words}")
        assert code in page, words
        assert other not in page, words
    assert "Không có hồ sơ nào khớp" in lan.text("/?q=zzzz")


@pytest.mark.parametrize("words", ["'", "a' | 'b", "& ! ( )", "\\", "%", "<b>", "𝐚", "a" * 300])
def test_odd_words_are_only_words(town: Town, lan: Visitor, words: str) -> None:
    town.ticket()
    assert lan.get("/", query_string={"q": words}).status_code == 200


def test_a_code_leads_to_its_ticket_however_it_is_written(town: Town, lan: Visitor) -> None:
    code = town.ticket()
    found = lan.get("/", query_string={"q": code.lower().replace("-", " ")})
    assert found.status_code == 302
    assert found.location.endswith(f"/ho-so/{code}")


def test_filters_narrow_the_list(town: Town, dung: Visitor) -> None:
    urgent = town.ticket(level="urgent", channel="zalo")
    late = town.ticket(age=timedelta(days=60))
    plain = town.ticket(field_id="trees", ward_code=HAI_BA_TRUNG)
    expected = {
        "level=urgent": {urgent},
        "channel=zalo": {urgent},
        "overdue=1": {late},
        "field=trees": {plain},
        f"ward={HAI_BA_TRUNG}": {plain},
        "field=trees&level=urgent": set(),
        "field=nonsense": set(),
        "level=nonsense": {urgent, late, plain},
    }
    for query, codes in expected.items():
        page = dung.text(f"/?tab=open&{query}")
        assert {code for code in (urgent, late, plain) if code in page} == codes, query


def test_pages_follow_one_another_without_gap_or_repetition(
    town: Town, lan: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "PAGE", 3)
    codes = [town.ticket(age=timedelta(days=day)) for day in range(7)]
    seen: list[str] = []
    path = "/"
    while path:
        page = lan.text(path)
        seen += [code for code in codes if code in page]
        path = (
            page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
            if 'rel="next"' in page
            else ""
        )
    assert sorted(seen) == sorted(codes)


def test_a_made_up_cursor_shows_the_first_page(town: Town, lan: Visitor) -> None:
    code = town.ticket()
    for junk in ("%00", "bm90LWEtY3Vyc29y", "=" * 50, "é"):
        assert code in lan.text(f"/?after={junk}")
    assert Cursor.parse(str(Cursor(None, 7))) == Cursor(None, 7)


def test_news_of_the_citizen_are_marked(town: Town, lan: Visitor) -> None:
    code = town.ticket()
    with town.app.store.transaction(SYSTEM) as tx:
        ticket = tx.session.query(type(town.look(code))).filter_by(code=code).one()
        ticket.last_citizen_at = tx.now
        tx.audit(f"ticket:{ticket.id}", "joined")
        tx.commit()
    page = lan.text("/?tab=fresh")
    assert code in page


def test_a_query_of_words_is_quoted() -> None:
    assert text_query("Ổ gà, Tô Hiệu") == "'o' & 'ga' & 'to' & 'hieu':*"
    assert text_query("!!!") == ""
