"""Bodies: every kind has its pair, and what is not of the form is refused by its place."""

from __future__ import annotations

import pytest

from kokuho.linkage.messages import Refusal, RefusedError, bodies

ASKED = {"purpose": "residence", "officer": "o1", "reason": "case 1", "codes": ["k1"]}


def test_every_question_has_its_answer() -> None:
    assert set(bodies.QUESTIONS) == set(bodies.ANSWERS)


def test_a_body_is_read_as_it_was_written() -> None:
    read = bodies.read_body(bodies.Inquire, ASKED)
    assert read.model_dump() == ASKED


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"codes": []}, "codes"),
        ({"codes": [1]}, "codes.0"),
        ({"purpose": ""}, "purpose"),
        ({"secret": "x"}, "secret"),
        ({"codes": ["k"] * 1001}, "codes"),
    ],
)
def test_a_body_of_another_form_is_refused_by_its_place(
    change: dict[str, object], place: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        bodies.read_body(bodies.Inquire, ASKED | change)
    assert caught.value.refusal is Refusal.BAD_BODY
    assert caught.value.detail == place
    assert "k1" not in str(caught.value)


def test_a_body_without_what_it_needs_is_refused() -> None:
    without = {name: value for name, value in ASKED.items() if name != "purpose"}
    with pytest.raises(RefusedError) as caught:
        bodies.read_body(bodies.Inquire, without)
    assert caught.value.detail == "purpose"
