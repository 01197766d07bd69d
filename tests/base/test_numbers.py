"""Check digits against worked examples of public sources, and each digit's own weight."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base import numbers


# the numbers of eight digits are worked examples in public sources
@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("33120015", True),
        ("06132013", True),
        ("138016", True),
        ("138017", False),
        ("13801", False),
        ("13801x", False),
    ],
)
def test_an_insurers_number_has_a_check_digit(text: str, right: bool) -> None:
    assert numbers.is_insurer_number(text) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [("123456789018", True), ("123456789010", False), ("12345678901", False), ("", False)],
)
def test_what_passes_as_my_number_is_told(text: str, right: bool) -> None:
    assert numbers.is_my_number(text) is right


# 7000012050002 is 国税庁's own, 4011001098993 stands in its notes on the check digit's readers
@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("7000012050002", True),
        ("4011001098993", True),
        ("7123456789012", True),
        ("8123456789012", False),
        ("123456789012", False),
        ("712345678901２", False),
    ],
)
def test_a_corporate_number_begins_with_its_check_digit(text: str, right: bool) -> None:
    assert numbers.is_corporate_number(text) is right


# 総務省 https://www.soumu.go.jp/denshijiti/code.html
@pytest.mark.parametrize(
    "code",
    ["010006", "011002", "130001", "131016", "131130", "132101", "232238", "271004", "042072"],
)
def test_a_municipality_code_ends_with_its_check_digit(code: str) -> None:
    assert numbers.is_municipality_code(code)
    assert not numbers.is_municipality_code(code[:5] + str((int(code[5]) + 1) % 10))


@pytest.mark.parametrize("code", ["", "13210", "1321011", "13210a", "１３２１０１"])
def test_what_is_not_six_digits_is_no_municipality_code(code: str) -> None:
    assert not numbers.is_municipality_code(code)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("AB12345678CD", True),
        ("ab12345678cd", False),
        ("AB1234567CD", False),
        ("AB12345678C1", False),
    ],
)
def test_a_residence_cards_number_has_a_form(text: str, right: bool) -> None:
    assert numbers.is_card_number(text) is right


@given(st.text("0123456789", min_size=11, max_size=11), st.integers(0, 10), st.integers(1, 9))
def test_my_number_tells_every_single_slip_but_those_between_remainders_zero_and_one(
    eleven: str, place: int, step: int
) -> None:
    digit = numbers.my_number_digit(eleven)
    other = eleven[:place] + str((int(eleven[place]) + step) % 10) + eleven[place + 1 :]
    if numbers.my_number_digit(other) == digit:
        assert digit == "0"


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_a_corporate_number_tells_every_single_slip_but_nought_for_nine(
    twelve: str, place: int, step: int
) -> None:
    other = twelve[:place] + str((int(twelve[place]) + step) % 10) + twelve[place + 1 :]
    if numbers.corporate_digit(other) == numbers.corporate_digit(twelve):
        assert {twelve[place], other[place]} == {"0", "9"}


def test_a_check_digit_is_asked_of_digits_alone() -> None:
    for function in (
        numbers.municipality_digit,
        numbers.my_number_digit,
        numbers.corporate_digit,
        numbers.insurer_digit,
    ):
        with pytest.raises(ValueError, match="digits"):
            function("1a")
