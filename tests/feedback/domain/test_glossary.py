"""The glossary names every stored word of the rules."""

from pathlib import Path

import pytest

from feedback.domain.fields import shipped
from feedback.domain.kinds import Kind, Level, Queue
from feedback.domain.permissions import Role
from feedback.domain.workflow import State

GLOSSARY = (Path(__file__).parents[3] / "docs" / "GLOSSARY.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", [*Kind, *Level, *Role, *(field.id for field in shipped().fields)])
def test_it_explains(word: str) -> None:
    assert f"`{word}`" in GLOSSARY


@pytest.mark.parametrize("word", [*Queue, *State], ids=repr)
def test_it_names_every_desk_and_state(word: Queue | State) -> None:
    assert f"`{type(word).__name__}.{word.name}`" in GLOSSARY


def test_it_gives_the_titles_of_the_screens() -> None:
    for field in shipped().fields:
        assert f"| {field.title.vi} | {field.title.en} | `{field.id}` |" in GLOSSARY
