"""The vocabulary is complete and in use."""

import pytest

from feedback.domain.errors import InvalidInput
from feedback.domain.fields import field_of, kind_title, level_title, parse, shipped
from feedback.domain.kinds import Kind, Level
from feedback.domain.routing import CENTRE_FIELDS


def test_the_22_fields_are_in_use() -> None:
    assert len(shipped().fields) == 22
    assert len({field.title for field in shipped().fields}) == 22


def test_routing_names_fields_that_exist() -> None:
    assert {field_of(id_).id for id_ in CENTRE_FIELDS} == CENTRE_FIELDS


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(InvalidInput):
        field_of("weather")


def test_kinds_and_levels_have_both_titles() -> None:
    assert kind_title(Kind.DENUNCIATION).vi == "Tố cáo"
    assert {level_title(level).en for level in Level} == {"Urgent", "Complex", "Normal"}


def test_an_id_given_twice_is_refused() -> None:
    row = '[[fields]]\nid = "x"\nvi = "X"\nen = "X"\nfirst_handler = "X"\nvalid_from = 2025-07-01\n'
    with pytest.raises(ValueError, match="twice"):
        parse(row * 2)


def test_a_missing_title_is_refused() -> None:
    with pytest.raises(KeyError):
        parse("fields = []\n[kinds]\n[levels]\n")
