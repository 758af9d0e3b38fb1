"""An appeal goes to the Centre, never back to whoever answered; once for each answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedback.domain.errors import IllegalChange, InvalidInput, NotFound
from feedback.domain.kinds import Queue
from feedback.domain.permissions import Action
from feedback.services import answer, appeal, assign, citizen, ending, placing, read
from feedback.services.app import App
from feedback.services.placing import Place
from feedback.settings import Settings
from feedback.store import tickets
from feedback.store.queries import figures, lists
from feedback.store.queries.figures import By, Range
from tests.feedback.matters import read as triaged
from tests.feedback.matters import reading, routed, ticket
from tests.feedback.people import DUNG, LAN, THANH_LIET, THU

WHY = "Rác vẫn còn nguyên, câu trả lời không đúng."


def version(app: App, code: str) -> int:
    return ticket(app, code).version


def answered(app: App, settings: Settings) -> str:
    code = routed(app, settings)
    assign.take(app, LAN, code, version(app, code))
    answer.submit(app, LAN, code, version(app, code), "Đã dọn.")
    return code


def test_an_appeal_goes_to_the_dispatcher_with_a_term_of_its_own(app: App, settings: Settings) -> None:
    code = answered(app, settings)
    before = ticket(app, code)
    appeal.submit(app, code, WHY)
    after = ticket(app, code)
    assert (after.state, after.queue, after.assigned_to) == ("review", "dispatcher", None)
    assert after.review_reasons == ["appealed"]
    assert after.reopened_at is not None
    assert (after.first_answer_at, after.answered_on_time) == (before.first_answer_at, True)
    assert after.answer_due_at is not None
    assert before.answer_due_at is not None
    assert after.answer_due_at >= before.answer_due_at


def test_the_dispatcher_sees_the_whole_history_and_the_ward_that_it_was_taken_over(
    app: App, settings: Settings
) -> None:
    code = answered(app, settings)
    appeal.submit(app, code, WHY)
    said = [message.text for message in read.open_ticket(app, DUNG, code).messages]
    assert said[0].startswith("Rác ba ngày")
    assert said[-1] == WHY
    with pytest.raises(NotFound):
        read.open_ticket(app, LAN, code)
    with app.store.reading() as session:
        assert [item.code for item in lists.taken_over(session, THANH_LIET)] == [code]
        assert lists.taken_over(session, "00160") == []
    placing.route(app, DUNG, code, version(app, code), Place(Queue.WARD, THANH_LIET))
    with app.store.reading() as session:
        assert lists.taken_over(session, THANH_LIET) == []


def test_no_model_moves_what_was_appealed(app: App, settings: Settings) -> None:
    code = answered(app, settings)
    appeal.submit(app, code, WHY)
    triaged(app, reading())
    assert (ticket(app, code).state, ticket(app, code).queue) == ("review", "dispatcher")


def test_words_of_an_appeal_are_read_for_accusations(app: App, settings: Settings) -> None:
    code = answered(app, settings)
    appeal.submit(app, code, "Cán bộ nhận tiền để trả lời như thế.")
    triaged(app, reading(kind="denunciation"))
    assert ticket(app, code).queue == "denunciation"
    assert read.open_ticket(app, THU, code).messages[-1].text.startswith("Cán bộ nhận tiền")


def test_once_for_each_answer(app: App, settings: Settings) -> None:
    code = answered(app, settings)
    appeal.submit(app, code, WHY)
    with pytest.raises(IllegalChange):
        appeal.submit(app, code, WHY)
    answer.submit(app, DUNG, code, version(app, code), "Trung tâm đã kiểm tra, đã dọn lại.")
    appeal.submit(app, code, "Vẫn chưa.")
    assert ticket(app, code).reopened == 2


@pytest.mark.parametrize("how", ["reject", "close"])
def test_a_rejection_and_a_closing_can_be_appealed(app: App, settings: Settings, how: str) -> None:
    code = routed(app, settings)
    if how == "reject":
        ending.reject(app, LAN, code, version(app, code), "outside_hanoi", "Thuộc tỉnh khác.")
    else:
        ending.close(app, LAN, code, version(app, code), "no_response")
    appeal.submit(app, code, WHY)
    assert (ticket(app, code).state, ticket(app, code).closed_at) == ("review", None)


def test_before_an_answer_and_without_a_reason_there_is_no_appeal(app: App, settings: Settings) -> None:
    waiting = routed(app, settings)
    with pytest.raises(IllegalChange):
        appeal.submit(app, waiting, WHY)
    done = answered(app, settings)
    with pytest.raises(InvalidInput):
        appeal.submit(app, done, "  ")
    with pytest.raises(NotFound):
        appeal.submit(app, "HN-26-XXXX-XX", WHY)


def test_a_matter_of_a_legal_road_is_not_appealed_here(app: App, settings: Settings) -> None:
    code = routed(app, settings, reading(kind="complaint"))
    answer.submit(app, DUNG, code, version(app, code), "Mời anh/chị đến phòng tiếp công dân.")
    with pytest.raises(IllegalChange):
        appeal.submit(app, code, WHY)


def test_reopening_is_offered_once_and_then_the_appeal_alone(app: App, settings: Settings) -> None:
    code = answered(app, settings)
    assert {Action.REOPEN, Action.APPEAL} <= citizen.see(app, code).may
    citizen.reopen(app, code, "Vẫn còn rác.")
    answer.submit(app, LAN, code, version(app, code), "Đã dọn lần hai.")
    assert citizen.see(app, code).may & {Action.REOPEN, Action.APPEAL} == {Action.APPEAL}
    with pytest.raises(IllegalChange, match="Trung tâm"):
        citizen.reopen(app, code, "Lại còn.")


def test_the_trail_says_appealed_by_the_citizen(app: App, settings: Settings) -> None:
    code = answered(app, settings)
    appeal.submit(app, code, WHY)
    with app.store.reading() as session:
        last = tickets.trail(session, ticket(app, code).id)[-1]
    assert (last.action, last.actor) == ("appealed", "citizen")
    assert WHY not in str(last.after)


def test_an_appeal_takes_no_result_from_the_ward_that_answered(app: App, settings: Settings) -> None:
    code = answered(app, settings)
    before = of_wards(app)
    appeal.submit(app, code, WHY)
    assert of_wards(app) == before == {THANH_LIET: (1, 1)}
    placing.route(app, DUNG, code, version(app, code), Place(Queue.WARD, "00160"))
    assert of_wards(app) == before, "the ward that got it afterwards has not answered it"


def of_wards(app: App) -> dict[str, tuple[int, int]]:
    """On time and judged by ward."""
    now = app.store.now()
    with app.store.reading() as session:
        return figures.shares(session, Range(now - timedelta(days=1), now, now), By.WARD)
