"""The glossary names every stored word of the rules."""

from pathlib import Path

import pytest

from feedback.domain.fields import shipped
from feedback.domain.kinds import Kind, Level
from feedback.domain.permissions import Role

GLOSSARY = (Path(__file__).parents[3] / "docs" / "GLOSSARY.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", [*Kind, *Level, *Role, *(field.id for field in shipped().fields)])
def test_it_explains(word: str) -> None:
    assert f"`{word}`" in GLOSSARY


def test_it_gives_the_titles_of_the_screens() -> None:
    for field in shipped().fields:
        assert f"| {field.title.vi} | {field.title.en} | `{field.id}` |" in GLOSSARY
