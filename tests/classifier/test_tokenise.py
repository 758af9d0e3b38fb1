"""The door to underthesea is robust."""

from __future__ import annotations

import pytest

from classifier import tokenise


def test_tone_placement_is_normalised() -> None:
    assert tokenise.normalise_text("Hoà Lạc") == tokenise.normalise_text("Hòa Lạc")


def test_sentences_are_split() -> None:
    assert len(tokenise.sentences("Đường ngập. Xin xử lý sớm.")) == 2


@pytest.mark.parametrize("text", ["", "  \n", "\x00", "😀" * 50, "a" * 60_000])
def test_odd_text_comes_back(text: str) -> None:
    assert isinstance(tokenise.normalise_text(text), str)
    assert isinstance(tokenise.sentences(text), list)


def test_a_failing_library_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def text_normalize(self, text: str) -> str:
            raise ValueError(text)

        def sent_tokenize(self, text: str) -> list[str]:
            raise IndexError(text)

    monkeypatch.setattr(tokenise, "_library", Broken)
    assert tokenise.normalise_text("Mất nước") == "Mất nước"
    assert tokenise.sentences("Một. Hai.") == ["Một.", "Hai."]
