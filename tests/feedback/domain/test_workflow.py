"""The table of changes is complete and says what people expect."""

import pytest

from feedback.domain.errors import IllegalChange, InvalidInput
from feedback.domain.permissions import Action
from feedback.domain.reasons import BY_ACTION, reason, reasons_for
from feedback.domain.workflow import TABLE, WAITING, State, actions_in, check

ON_A_TICKET = set(Action) - {
    Action.READ,
    Action.READ_CONTACT,
    Action.RESEND,
    Action.VIEW_FIGURES,
    Action.EXPORT_FIGURES,
    Action.VIEW_AUDIT,
    Action.MANAGE_USERS,
    Action.MANAGE_CHANNELS,
    Action.MANAGE_QUARANTINE,
    Action.VIEW_TERMS,
    Action.MANAGE_TERMS,
    Action.MANAGE_RIGHTS,
    Action.HOLD,
}


def test_every_state_has_its_row() -> None:
    assert set(TABLE) == set(State)


def test_every_changing_action_is_possible_somewhere_and_no_other() -> None:
    assert set().union(*map(actions_in, State)) == ON_A_TICKET


def test_every_state_can_be_reached() -> None:
    reached, border = {State.NEW}, {State.NEW}
    while border:
        border = {after for state in border for after in TABLE[state].values()} - reached
        reached |= border
    assert reached == set(State)


def test_no_state_is_a_dead_end_for_a_citizen() -> None:
    for state in set(State) - WAITING - {State.HANDED_OVER}:
        assert check(state, Action.REOPEN) is State.OPEN


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_what_is_not_in_the_table_is_refused(state: State, action: Action) -> None:
    if action in TABLE[state]:
        assert check(state, action) is TABLE[state][action]
    else:
        with pytest.raises(IllegalChange):
            check(state, action)


@pytest.mark.parametrize(
    ("state", "action", "after"),
    [
        (State.NEW, Action.ROUTE, State.OPEN),
        (State.NEW, Action.TRIAGE, State.REVIEW),
        (State.REVIEW, Action.ROUTE, State.OPEN),
        (State.OPEN, Action.ANSWER, State.ANSWERED),
        (State.OPEN, Action.SEND_BACK, State.REVIEW),
        (State.ANSWERED, Action.REOPEN, State.OPEN),
        (State.REVIEW, Action.HAND_OVER, State.HANDED_OVER),
        (State.HANDED_OVER, Action.RECLASSIFY, State.REVIEW),
    ],
)
def test_the_main_road(state: State, action: Action, after: State) -> None:
    assert check(state, action) is after


@pytest.mark.parametrize("action", [Action.COMMENT, Action.JOIN, Action.RATE, Action.ASSIGN])
def test_words_and_names_never_move_a_ticket(action: Action) -> None:
    assert all(row[action] is state for state, row in TABLE.items() if action in row)


@pytest.mark.parametrize("state", [State.CLOSED, State.REJECTED, State.HANDED_OVER, State.NEW])
def test_nothing_is_answered_twice_or_unread(state: State) -> None:
    with pytest.raises(IllegalChange):
        check(state, Action.ANSWER)


def test_reasons_have_stable_distinct_ids_and_vietnamese_titles() -> None:
    for reasons in BY_ACTION.values():
        assert len({r.id for r in reasons}) == len(reasons)
        assert all(r.title[0].isupper() for r in reasons)


def test_a_reason_must_be_in_the_list_of_its_action() -> None:
    assert reason(Action.REJECT, "outside_hanoi").title == "Không thuộc địa bàn Hà Nội"
    for action, wrong in [(Action.REJECT, "spam"), (Action.CLOSE, ""), (Action.ANSWER, "other")]:
        with pytest.raises(InvalidInput):
            reason(action, wrong, "vì")


def test_another_reason_must_be_explained() -> None:
    with pytest.raises(InvalidInput) as refusal:
        reason(Action.CLOSE, "other", "  ")
    assert refusal.value.field == "note"
    assert reason(Action.CLOSE, "other", "Công trình đã dừng.").id == "other"


def test_answering_needs_no_reason() -> None:
    assert reasons_for(Action.ANSWER) == ()
