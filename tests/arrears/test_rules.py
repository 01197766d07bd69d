"""Reminders, suspension, special benefit, service: examples by the text of the law."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kokuho.arrears import (
    Act,
    ReminderRule,
    candidate,
    extinct_from,
    keeps_benefits_in_kind,
    prescription,
    returned_and_open,
    seizure_from,
    served_on,
    write_off_of,
)

DUE = date(2025, 7, 31)


def act(number: int, kind: str, day: date, **more: Any) -> Act:
    return Act(number, kind, day, "77", **more)


def test_a_reminder_of_a_tax_is_due_within_twenty_days() -> None:
    rule = ReminderRule("tax")
    assert (rule.first_day(DUE), rule.last_day(DUE)) == (date(2025, 8, 1), date(2025, 8, 20))
    assert ReminderRule("tax", 15).first_day(DUE) == date(2025, 8, 15)


def test_for_a_premium_nothing_but_the_ordinance_sets_the_day() -> None:
    assert ReminderRule("premium").last_day(DUE) is None
    assert ReminderRule("premium", 20).last_day(DUE) == date(2025, 8, 20)


def test_property_may_be_seized_after_ten_days_and_the_term_of_the_reminder() -> None:
    reminder = act(1, "reminder", date(2025, 8, 20), demands=("d",))
    # 発した日から起算して十日を経過した日(8月30日)までに完納しないとき
    assert seizure_from(reminder) == date(2025, 8, 31)
    longer = act(1, "reminder", date(2025, 8, 20), demands=("d",), until=date(2025, 9, 5))
    assert seizure_from(longer) == date(2025, 9, 6)


def test_a_public_notice_serves_after_seven_days() -> None:
    # 掲示を始めた日から起算して七日を経過したとき
    assert served_on(date(2026, 4, 1)) == date(2026, 4, 8)


def test_returned_mail_is_open_until_something_answers_it() -> None:
    mail = act(1, "returned_mail", date(2026, 9, 1), code="reminder")
    assert returned_and_open([mail]) == (mail,)
    answered = act(2, "public_notice", date(2026, 9, 20), code="reminder")
    assert returned_and_open([mail, answered]) == ()
    before = act(2, "contact", date(2026, 8, 20), code="telephone")
    assert returned_and_open([mail, before]) == (mail,)


SUSPENSION = act(1, "suspension", date(2022, 9, 1), demands=("d",), code="no_property", text="x")
OPEN = prescription(date(2022, 7, 31), "tax")


def test_a_suspension_of_three_years_extinguishes_unless_it_is_cancelled_in_time() -> None:
    assert extinct_from(SUSPENSION) == date(2025, 9, 2)
    assert write_off_of("d", [SUSPENSION], OPEN, date(2025, 9, 1)) is None
    gone = write_off_of("d", [SUSPENSION], OPEN, date(2025, 9, 2))
    assert gone is not None
    assert (gone.ground, gone.since) == ("suspended", date(2025, 9, 2))
    cancelled = act(2, "suspension_ended", date(2025, 9, 1), refers=1, text="財産あり")
    assert write_off_of("d", [SUSPENSION, cancelled], OPEN, date(2026, 1, 1)) is None


def test_an_extinction_at_once_is_its_own_ground() -> None:
    once = act(2, "extinction", date(2022, 10, 1), demands=("d",), refers=1, text="限定承認")
    gone = write_off_of("d", [SUSPENSION, once], OPEN, date(2022, 10, 1))
    assert gone is not None
    assert gone.ground == "extinguished"


def test_a_premium_prescribes_before_its_suspension_has_lasted_three_years() -> None:
    found = write_off_of("d", [SUSPENSION], prescription(date(2022, 7, 31), "premium"),
                         date(2026, 1, 1))  # fmt: skip
    assert found is not None
    assert (found.ground, found.since) == ("prescribed", date(2024, 8, 1))


def test_a_household_is_a_candidate_for_the_special_benefit_after_a_year_alone() -> None:
    assert candidate("77", DUE, [], date(2026, 7, 31)) is None
    found = candidate("77", DUE, [], date(2026, 8, 1))
    assert found is not None
    assert found.lacking == ("encouragement", "consultation", "notice")


def test_what_speaks_against_the_special_benefit_is_named_and_nothing_is_decided() -> None:
    acts = [
        act(1, "reminder", date(2025, 8, 20), demands=("d",)),
        act(2, "consultation", date(2025, 10, 1), code="counter"),
        act(3, "special_notice", date(2026, 8, 5)),
    ]
    found = candidate("77", DUE, acts, date(2026, 9, 1))
    assert found is not None
    assert found.lacking == ()
    assert found.applied is None
    ill = act(4, "special_circumstances", date(2026, 8, 20), code="illness", text="入院")
    found = candidate("77", DUE, [*acts, ill], date(2026, 9, 1))
    assert found is not None
    assert (found.circumstances, found.lacking) == (("illness",), ("circumstances",))


def test_before_the_law_there_is_no_candidate() -> None:
    assert candidate("77", date(2023, 7, 31), [], date(2024, 12, 1)) is None
    assert candidate("77", date(2023, 7, 31), [], date(2024, 12, 2)) is not None


@pytest.mark.parametrize(
    ("born", "on", "kept"),
    [
        (date(2008, 4, 2), date(2027, 3, 31), True),
        (date(2008, 4, 1), date(2026, 4, 1), False),  # 18 on 31 March (年齢計算)
        (date(2008, 4, 1), date(2026, 3, 31), True),
    ],
)
def test_children_keep_benefits_in_kind_until_the_march_after_eighteen(
    born: date, on: date, kept: bool
) -> None:
    assert keeps_benefits_in_kind(born, on) is kept
