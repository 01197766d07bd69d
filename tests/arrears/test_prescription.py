"""Prescription: examples by the text of the articles, and any history against a plain count."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kokuho.arrears.acts import Act
from kokuho.arrears.prescription import Event, LevyKind, events_of, prescription
from kokuho.base.errors import LawError
from tests.arrears.slow import last_day

DUE = date(2021, 7, 31)


def act(number: int, kind: str, day: date, **more: Any) -> Act:
    return Act(number, kind, day, "77", demands=("d",), **more)


def completes(kind: LevyKind, *acts: Act, paid: tuple[tuple[date, int], ...] = ()) -> date | None:
    return prescription(DUE, kind, events_of("d", kind, acts, paid)).completes


def test_a_tax_prescribes_five_years_after_its_due_date_and_a_premium_two() -> None:
    assert completes("tax") == date(2026, 7, 31)
    assert completes("premium") == date(2023, 7, 31)
    assert prescription(DUE, "tax").gone(date(2026, 8, 1))
    assert not prescription(DUE, "tax").gone(date(2026, 7, 31))


def test_the_first_reminder_of_a_tax_holds_for_ten_days_and_renews() -> None:
    # 発した日から起算して十日を経過した日: 20 August + 10 days
    assert completes("tax", act(1, "reminder", date(2021, 8, 20))) == date(2026, 8, 30)


def test_the_first_reminder_of_a_premium_renews_at_once() -> None:
    assert completes("premium", act(1, "reminder", date(2021, 8, 20))) == date(2023, 8, 20)


def test_a_second_reminder_is_a_letter_of_demand() -> None:
    first, second = (act(n, "reminder", date(2021, 8 + n, 20)) for n in (1, 2))
    assert completes("premium", first, second) == date(2023, 9, 20)


def test_a_letter_of_demand_defers_for_six_months_once() -> None:
    letter = act(1, "demand_letter", date(2026, 6, 30))
    again = act(2, "demand_letter", date(2026, 10, 1))
    # 30 June: the months begin on 1 July (民法140条・143条)
    assert completes("tax", letter) == date(2026, 12, 31)
    assert completes("tax", letter, again) == date(2026, 12, 31)
    early = act(3, "demand_letter", date(2026, 7, 1))
    assert completes("tax", letter, early) == date(2027, 1, 1)


@pytest.mark.parametrize("kind", ["agreement", "acknowledgement", "deferral_asked"])
def test_acknowledgement_renews(kind: str) -> None:
    assert completes("tax", act(1, kind, date(2024, 2, 29))) == date(2029, 2, 28)


def test_a_part_payment_of_the_debtor_renews() -> None:
    assert completes("tax", paid=((date(2025, 3, 10), 1000),)) == date(2030, 3, 10)


def test_a_deferral_stops_the_clock_while_it_lasts() -> None:
    # 猶予の一年(365日)だけ後になる
    deferral = act(1, "deferral", date(2022, 1, 1), until=date(2022, 12, 31))
    assert completes("tax", deferral) == date(2027, 7, 31)
    cut = act(2, "deferral_ended", date(2022, 1, 31), refers=1)
    assert completes("tax", deferral, cut) == date(2026, 8, 31)


def test_a_seizure_holds_while_it_lasts_and_renews_when_it_ends() -> None:
    seizure = act(1, "seizure", date(2026, 7, 1), code="deposit")
    assert completes("tax", seizure) is None
    released = act(2, "seizure_ended", date(2027, 2, 10), code="released", refers=1)
    assert completes("tax", seizure, released) == date(2032, 2, 10)


def test_an_annulled_seizure_defers_for_six_months_and_renews_nothing() -> None:
    seizure = act(1, "seizure", date(2026, 7, 1), code="deposit")
    annulled = act(2, "seizure_ended", date(2027, 2, 10), code="annulled", refers=1)
    assert completes("tax", seizure, annulled) == date(2027, 8, 10)


def test_a_suspension_of_execution_does_nothing_to_prescription() -> None:
    assert completes("tax", act(1, "suspension", date(2024, 1, 1), code="no_property")) == date(
        2026, 7, 31
    )


def test_what_was_withdrawn_moved_nothing() -> None:
    agreement = act(1, "agreement", date(2024, 1, 1))
    gone = Act(2, "withdrawal", date(2024, 1, 2), "77", refers=1, text="誤り")
    assert completes("tax", agreement, gone) == date(2026, 7, 31)


def test_what_comes_after_the_end_has_no_effect_and_the_lines_say_so() -> None:
    late = act(1, "agreement", date(2026, 8, 1))
    found = prescription(DUE, "tax", events_of("d", "tax", [late]))
    assert found.completes == date(2026, 7, 31)
    assert "効力がありません" in found.lines[-1].says
    assert "分納誓約" in found.lines[-1].says


def test_each_event_has_its_line_with_article_and_the_day_after_it() -> None:
    acts = [
        act(1, "reminder", date(2021, 8, 20)),
        act(2, "agreement", date(2022, 3, 1)),
    ]
    lines = prescription(DUE, "tax", events_of("d", "tax", acts)).lines
    assert [line.day for line in lines] == [
        DUE, date(2021, 8, 20), date(2021, 8, 30), date(2022, 3, 1),
    ]  # fmt: skip
    assert [line.completes for line in lines] == [
        date(2026, 7, 31), None, date(2026, 8, 30), date(2027, 3, 1),
    ]  # fmt: skip
    assert "地方税法18条の2第1項2号" in lines[1].says
    assert "民法152条" in lines[3].says


def test_an_act_about_another_demand_moves_nothing() -> None:
    other = Act(1, "agreement", date(2024, 1, 1), "77", demands=("other",))
    assert completes("tax", other) == date(2026, 7, 31)


def test_a_day_whose_law_is_not_known_is_refused() -> None:
    with pytest.raises(LawError, match=r"prescription\.tax"):
        prescription(date(2017, 7, 31), "tax")


DAYS = st.dates(date(2021, 5, 1), date(2027, 3, 31))


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    made = []
    for number in range(draw(st.integers(0, 6))):
        effect: Any = draw(st.sampled_from(["renews", "holds", "pauses", "defers"]))
        day, until = draw(DAYS), None
        if effect in ("holds", "pauses"):
            until = min(day + timedelta(days=draw(st.integers(0, 500))), date(2027, 3, 31))
        renews = draw(st.booleans()) if effect == "holds" else True
        made.append(Event(day, effect, f"出来事{number}", "条", until, renews_after=renews))
    return made


@settings(max_examples=150, deadline=None)
@given(events(), st.sampled_from(["tax", "premium"]), st.randoms())
def test_any_history_ends_on_the_day_of_the_plain_count_in_whatever_order_it_is_told(
    told: list[Event], kind: LevyKind, dice: Any
) -> None:
    found = prescription(DUE, kind, told)
    shuffled = list(told)
    dice.shuffle(shuffled)
    # two on one day may swap their lines, never the outcome
    assert prescription(DUE, kind, shuffled).completes == found.completes
    assert last_day(DUE, kind, told, date(2040, 1, 1)) == found.completes


@settings(max_examples=150, deadline=None)
@given(events(), st.sampled_from(["tax", "premium"]))
def test_nothing_that_happens_makes_a_right_end_sooner_than_by_itself(
    told: list[Event], kind: LevyKind
) -> None:
    alone, found = prescription(DUE, kind).completes, prescription(DUE, kind, told).completes
    assert alone is not None
    assert found is not None  # every hold has an end here
    assert found >= alone
    assert found == prescription(DUE, kind, told).lines[-1].completes
