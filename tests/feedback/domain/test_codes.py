"""A code survives being read out, and no single slip turns it into another ticket's code."""

import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.codes import ALPHABET, find, new_code, normalise

codes = st.builds(
    lambda year, seed: new_code(year, random.Random(seed)), st.integers(2024, 2099), st.integers()
)
SAMPLES = [new_code(2026, random.Random(seed)) for seed in range(25)]


def test_the_alphabet_is_prime_and_without_look_alikes() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 23
    assert not set(ALPHABET) & set("01ILOQDZSBGUN")


def test_a_code_is_written_like_this() -> None:
    assert new_code(2026, random.Random(1)) == "HN-26-4T28-3E"


@given(codes)
def test_a_code_is_its_own_written_form(code: str) -> None:
    assert normalise(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        "hn-26-4t28-3e",
        "HN264T283E",
        " hn 26 4t28 3e ",
        "26-4T28-3E",
        "HN–26–4T28–3E",
        "ＨＮ-26-4T28-3E",
        "HN.26.4T28.3E",
    ],
)
def test_how_people_type_it(typed: str) -> None:
    assert normalise(typed) == "HN-26-4T28-3E"


def test_look_alikes_are_read_as_what_they_look_like() -> None:
    code = next(c for c in SAMPLES if "5" in c[6:] or "8" in c[6:])
    mistyped = code[:6] + code[6:].replace("5", "S").replace("8", "B").replace("2", "Z")
    assert mistyped != code
    assert normalise(mistyped) == code


@pytest.mark.parametrize(
    "typed", ["", "HN", "HN-26-4T28-3", "HN-26-4T28-3EE", "XX-26-4T28-3E", "HN-٢٦-4T28-3E", "HN-26-0I1O-QD"]
)
def test_what_is_no_code(typed: str) -> None:
    assert normalise(typed) is None


@pytest.mark.parametrize("code", SAMPLES)
def test_every_single_wrong_symbol_is_found(code: str) -> None:
    for place in (3, 4):
        for digit in set("0123456789") - {code[place]}:
            assert normalise(code[:place] + digit + code[place + 1 :]) is None
    for place in (6, 7, 8, 9, 11, 12):
        for symbol in set(ALPHABET) - {code[place]}:
            assert normalise(code[:place] + symbol + code[place + 1 :]) is None


@pytest.mark.parametrize("code", SAMPLES)
def test_every_swap_of_two_symbols_is_found(code: str) -> None:
    for one, other in combinations((3, 4, 6, 7, 8, 9, 11, 12), 2):
        swapped = list(code)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        if code[one] != code[other]:
            assert normalise("".join(swapped)) is None


def test_codes_are_found_in_what_people_write() -> None:
    text = "Em gửi thêm ảnh cho hồ sơ hn 26 4t28 3e ạ, và (HN-26-HJC8-PW). Xem lại HN264T283E."
    assert find(text) == ["HN-26-4T28-3E", "HN-26-HJC8-PW"]


@pytest.mark.parametrize(
    "text", ["HN 26 phường nào", "0900 000 012", "xHN-26-4T28-3E", "HN-26-4T28-3Ex", "HN-26-4T28-3F"]
)
def test_what_only_looks_like_a_code_is_left_alone(text: str) -> None:
    assert find(text) == []


@given(st.text())
def test_any_text_is_read_without_failing(text: str) -> None:
    assert normalise(text) is None or normalise(text) in find(normalise(text) or "")
