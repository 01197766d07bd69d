"""Every finding of ``plan check``: a plan that has it, and one that has not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kokuho.plan import CODES, Finding, Plan, check_plan
from tests.plan.plans import plan

SIX = [10_000] * 6
CURRENT = {"year": 2025, "basis": "budget_estimate", "amount": 60_000, "reduced_from": 2026}


def occurrence(**changes: Any) -> dict[str, Any]:
    return {**plan(SIX).occurrence.model_dump(), **changes}


def years(changes: dict[int, dict[str, Any]], made: Plan | None = None) -> list[dict[str, Any]]:
    """The years of a plan, some of them with other keys."""
    return [
        {**entry.model_dump(), **changes.get(entry.year, {})} for entry in (made or plan(SIX)).years
    ]


def sheet(**changes: Any) -> list[dict[str, Any]]:
    return [{**plan(SIX).declared[0].model_dump(), **changes}]


def actual(other_transfer: int, advance_increase: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "other_transfer": other_transfer,
        "advance_increase": advance_increase,
        "source": "架空の決算書",
        **more,
    }


def printed(*corrections: tuple[int, str, str, str, str, str], **more: Any) -> dict[str, Any]:
    keys = ("sheet", "field", "printed", "taken", "status", "why")
    return {
        "source": "paper.txt",
        "corrections": [dict(zip(keys, one, strict=True)) for one in corrections],
        **more,
    }


def reading(field: str, number: int, text: str, amount: int) -> dict[str, Any]:
    return {"field": field, "sheet": number, "text": text, "amount": amount}


def rates(**made: str) -> dict[str, Any]:
    return {"other_transfer": None, "advance_increase": None, "total": None, **made}


Case = tuple[str, Plan, tuple[str, Any, Any]]
"""Code, a plan that has it, and place, printed and expected of the finding."""

CASES: list[Case] = [
    (
        "year-missing",
        plan({2026: 20_000, 2027: 20_000, 2029: 20_000}),
        ("years.2028", None, None),
    ),
    (
        "year-outside",
        plan(SIX, period={"first_year": 2026, "last_year": 2030}),
        ("years.2031", None, None),
    ),
    (
        "amount-unknown",
        plan(
            SIX,
            years=years({2027: {"planned": {"other_transfer": None, "advance_increase": 0}}}),
        ),
        ("years.2027", None, None),
    ),
    ("target-year", plan(SIX, policy={"target_year": 2030}), ("policy.target_year", 2030, 2031)),
    ("target-year", plan(SIX, policy={"target_year": None}), ("policy.target_year", None, 2031)),
    ("length-without-reason", plan([10_000] * 7), ("period", 7, "<= 6")),
    (
        "row-total",
        plan(SIX, declared=sheet(other_transfer=70_000, total=70_000)),
        ("sheets.1.other_transfer", 70_000, 60_000),
    ),
    (
        "year-total",
        plan(SIX, declared=sheet(year_totals=(10_000, 10_000, 11_000, 9_000, 10_000, 10_000))),
        ("years.2028.total", 11_000, 10_000),
    ),
    (
        "sheet-total",
        plan(SIX, declared=sheet(advance_increase=5_000)),
        ("sheets.1.total", 60_000, 65_000),
    ),
    ("whole-total", plan(SIX, declared_total=61_000), ("declared_total", 61_000, 60_000)),
    (
        "deficit-total",
        plan(SIX, occurrence=occurrence(advance_increase=500)),
        ("occurrence.total", 60_000, 60_500),
    ),
    (
        "deficit-total",
        plan(SIX, occurrence=occurrence(surplus=1_000)),
        ("occurrence.after_surplus", 60_000, 59_000),
    ),
    (
        "deficit-unknown",
        plan(SIX, occurrence=occurrence(total=None)),
        ("occurrence.total", None, None),
    ),
    (
        "deficit-unknown",
        plan(SIX, current_deficit={**CURRENT, "amount": None}),
        ("current_deficit.amount", None, None),
    ),
    (
        "reduced-from-outside",
        plan(SIX, current_deficit={**CURRENT, "reduced_from": 2025}),
        ("current_deficit.reduced_from", 2025, None),
    ),
    (
        "form5-differs",
        plan(SIX, occurrence=occurrence(form5_subtotal=59_000)),
        ("occurrence.other_transfer", 60_000, 59_000),
    ),
    (
        # 根室市: an advance that has fallen has no new increase
        "advance-increase",
        plan(
            SIX,
            occurrence=occurrence(
                other_transfer=0,
                advance_increase=60_000,
                advance={"this_year": 60_000, "year_before": 122_366},
            ),
        ),
        ("occurrence.advance_increase", 60_000, 0),
    ),
    (
        "advance-increase",
        plan(
            SIX,
            years=years(
                {2026: {"actual": actual(0, 60_000, advance={"this_year": 9, "year_before": 2})}}
            ),
        ),
        ("years.2026.actual.advance_increase", 60_000, 7),
    ),
    (
        "advance-without-deficit",
        plan(
            SIX,
            years=years({2027: {"planned": {"other_transfer": 0, "advance_increase": 10_000}}}),
        ),
        ("years.2027", 10_000, 0),
    ),
    (
        "reduction-exceeds-deficit",
        plan(SIX, deficit=59_999),
        ("occurrence.total, sheets.1.total", 59_999, ">= 60000"),
    ),
    (
        "reduction-exceeds-deficit",
        plan(SIX, current_deficit={**CURRENT, "amount": 55_000}),
        ("current_deficit.amount", 55_000, ">= 60000"),
    ),
    (
        "reduction-exceeds-deficit",
        plan(
            SIX,
            occurrence=occurrence(other_transfer=50_000, advance_increase=10_000),
        ),
        ("occurrence.other_transfer", 50_000, ">= 60000"),
    ),
    ("remaining-not-zero", plan(SIX, deficit=80_000), ("years.2031", 20_000, 0)),
    (
        "rate-differs",
        plan(SIX, years=years({2027: {"rates": rates(total="16.66")}})),
        ("years.2027.total.rate", "16.66", "16.67"),
    ),
    (
        "rate-hundred",
        plan(
            SIX,
            deficit=60_001,
            declared=sheet(rates=rates(total="100.00")),
        ),
        ("sheets.1.total.rate", "100.00", "99.99"),
    ),
    (
        "rate-cumulative",
        plan(SIX, years=years({2027: {"rates": rates(total="33.33")}})),
        ("years.2027.total.rate", "33.33", "16.67"),
    ),
    (
        # 100 percent when all is cleared (※3), in the row of what was cleared as in the total
        "rate-cumulative",
        plan(SIX, years=years({2031: {"rates": rates(other_transfer="100.00")}})),
        ("years.2031.other_transfer.rate", "100.00", "16.67"),
    ),
    (
        "rate-base-uncertain",
        plan(SIX, occurrence=occurrence(total=None, after_surplus=None)),
        ("years.2026-2031", None, None),
    ),
    ("measures-missing", plan(SIX, measures=[]), ("measures", None, None)),
    (
        "measures-short",
        plan(SIX, measures=[{"name": "歳入の確保", "amount": 9_000}]),
        ("measures, years.2026-2031", 9_000, 10_000),
    ),
    (
        "measures-exceed",
        plan(SIX, measures=[{"name": "歳入の確保", "amount": 11_000}]),
        ("measures, years.2026-2031", 11_000, 10_000),
    ),
    (
        "measures-differ",
        plan(
            SIX,
            measures=[{"name": "歳入の確保", "yearly": dict.fromkeys(range(2026, 2032), 11_000)}],
        ),
        ("measures, years.2026-2031", 11_000, 10_000),
    ),
    (
        "measures-unknown",
        plan(SIX, measures=[{"name": "歳入の確保"}]),
        ("measures.1.amount", None, None),
    ),
    (
        "printed-differently",
        plan(
            SIX,
            measures=[{"name": "収納率向上", "amount": 5_000}],
            printed=printed(
                readings=[
                    reading("measures.1.amount", 1, "50,000千円", 50_000),
                    reading("measures.1.amount", 2, "5000千円", 5_000),
                    reading("measures.1.amount", 3, "5000千円", 5_000),
                ]
            ),
        ),
        ("measures.1.amount", "50,000千円 (1) / 5000千円 (2, 3)", 5_000),
    ),
    (
        "printed-sum",
        plan(
            SIX,
            measures=[{"name": "収納率向上", "amount": 10_000}],
            printed=printed(readings=[reading("measures.1.amount", 1, "13,500千円", 13_500)]),
        ),
        ("sheets.1.measures", 13_500, 10_000),
    ),
    (
        "print-row-shifted",
        plan(
            SIX,
            printed=printed(
                (1, "years.2026.other_transfer", "10,000", "10000", "repaired", "row_shifted"),
                (1, "years.2027.other_transfer", "20,000", "20000", "repaired", "row_shifted"),
            ),
        ),
        ("sheets.1.other_transfer", "10,000 / 20,000", "10,000 / 20,000"),
    ),
    (
        "print-surplus",
        plan(SIX, printed=printed((1, "surplus", "合計: 10,000", "", "repaired", "surplus_cell"))),
        ("sheets.1.surplus", "合計: 10,000", None),
    ),
    (
        "print-misread",
        plan(
            SIX, printed=printed((1, "years.2026.total", "1O,000", "10000", "repaired", "misread"))
        ),
        ("sheets.1.total", "1O,000", "10,000"),
    ),
    (
        "print-lost",
        plan(SIX, printed=printed((1, "years.2026.total", "", "10000", "repaired", "row_lost"))),
        ("sheets.1.total", None, "10,000"),
    ),
    (
        "print-lost",
        plan(
            SIX,
            printed=printed(
                (0, "years.2026.total", "", "", "flagged", "sheet_lost"),
                (0, "years.2027.total", "", "", "flagged", "sheet_lost"),
            ),
        ),
        ("years.2026-2027.total", None, None),
    ),
    (
        "print-unproved",
        plan(SIX, printed=printed((1, "causes", "賦課率", "賦課率", "flagged", "printed_once"))),
        ("causes", "賦課率", "賦課率"),
    ),
    (
        # 佐倉市: 99 million in FY2018, 690 million in FY2022, against a plan of cuts
        "off-track",
        plan(
            {2018: 20_000, 2019: 20_000, 2020: 20_000, 2021: 20_000, 2022: 19_000},
            years=years(
                {2019: {"actual": actual(299_000)}},
                plan({2018: 20_000, 2019: 20_000, 2020: 20_000, 2021: 20_000, 2022: 19_000}),
            ),
        ),
        ("years.2019.actual", 299_000, "<= 59000"),
    ),
    (
        # 武蔵野市: 39,410 yen a person in FY2018, to be halved by FY2027; 53,687 in FY2023
        "off-track-per-person",
        plan(
            [100_000] * 8,
            first=2020,
            per_person={
                "base_year": 2018,
                "base_yen": 39_410,
                "target_year": 2027,
                "target_yen": 19_705,
            },
            years=years(
                {2023: {"actual": actual(1_488_000, insured=27_716)}},
                plan([100_000] * 8, first=2020),
            ),
        ),
        ("years.2023.actual", 53_687, "<= 39410"),
    ),
    (
        "two-bases",
        plan(SIX, deficit=70_000, current_deficit=CURRENT),
        ("current_deficit", 60_000, 70_000),
    ),
    (
        "rate-base-uncertain",
        plan(SIX, current_deficit={**CURRENT, "amount": 40_000, "reduced_from": 2028}),
        ("years.2026-2027", None, None),
    ),
    (
        "form5-unknown",
        plan(SIX, occurrence=occurrence(form5_subtotal=None)),
        ("occurrence.form5_subtotal", None, None),
    ),
    (
        "settlement-unknown",
        plan(SIX, current_deficit={**CURRENT, "year": 2027, "reduced_from": 2028}),
        ("years.2026-2027", None, None),
    ),
    (
        "earlier-version-unknown",
        plan(SIX, document={"kind": "change"}),
        ("versions", None, None),
    ),
]
TABLE_CODES = {"ratio-impossible", "total-impossible", "series-break", "not-testable"}


def found(made: Plan, code: str) -> list[Finding]:
    return [one for one in check_plan(made) if one.code == code]


@pytest.mark.parametrize(
    ("code", "made", "said"), CASES, ids=[f"{at}-{case[0]}" for at, case in enumerate(CASES)]
)
def test_a_plan_that_has_it_is_told_with_place_and_numbers(
    code: str, made: Plan, said: tuple[str, Any, Any]
) -> None:
    assert said in [(one.place, one.printed, one.expected) for one in found(made, code)]
    assert {one.code for one in check_plan(made)} <= set(CODES)


def test_a_plan_that_holds_together_has_no_finding_and_no_note() -> None:
    assert check_plan(plan(SIX)) == []


def test_every_code_has_its_case_here_or_with_the_tables() -> None:
    assert {code for code, _plan, _said in CASES} | TABLE_CODES == set(CODES)


CLEAN: list[tuple[str, Callable[[], Plan]]] = [
    ("length-without-reason", lambda: plan([10_000] * 18, period=_long("保険料の急激な上昇"))),
    ("rate-differs", lambda: plan(SIX, years=years({2027: {"rates": rates(total="16.67")}}))),
    ("rate-differs", lambda: plan(SIX, years=years({2027: {"rates": rates(total="16.7")}}))),
    ("rate-hundred", lambda: plan(SIX, declared=sheet(rates=rates(total="100")))),
    ("measures-short", lambda: plan(SIX, measures=[{"name": "確保", "amount": 10_000}])),
    ("off-track", lambda: plan(SIX, years=years({2027: {"actual": actual(40_000)}}))),
    ("settlement-unknown", lambda: plan(SIX, current_deficit=CURRENT)),
    ("form5-differs", lambda: plan(SIX)),
    ("earlier-version-unknown", lambda: plan(SIX, document={"kind": "initial"})),
    (
        "advance-increase",
        lambda: plan(
            SIX, occurrence=occurrence(advance={"this_year": 60_000, "year_before": 122_366})
        ),
    ),
    (
        "printed-differently",
        lambda: plan(
            SIX,
            printed=printed(
                readings=[
                    reading("occurrence.total", 1, "60,000千円", 60_000),
                    reading("occurrence.total", 2, "60000千円", 60_000),
                ]
            ),
        ),
    ),
    ("print-misread", lambda: plan(SIX, printed=printed())),
]


def _long(reason: str) -> dict[str, Any]:
    return {"first_year": 2026, "last_year": 2043, "reason": reason}


@pytest.mark.parametrize(
    ("code", "make"), CLEAN, ids=[f"{at}-{case[0]}" for at, case in enumerate(CLEAN)]
)
def test_a_plan_that_has_it_not_is_not_told(code: str, make: Callable[[], Plan]) -> None:
    assert found(make(), code) == []


def test_a_person_s_note_settles_what_nothing_proves_but_not_a_contradiction() -> None:
    flagged = (1, "measures.1.amount", "50,000千円", "5000", "flagged", "sheets_differ")
    made = plan(
        SIX,
        measures=[{"name": "収納率向上", "amount": 5_000}],
        printed=printed(
            flagged,
            (1, "causes", "賦課率", "賦課率", "flagged", "printed_once"),
            readings=[
                reading("measures.1.amount", 1, "50,000千円", 50_000),
                reading("measures.1.amount", 2, "5000千円", 5_000),
            ],
        ),
        notes=[
            {"place": "causes", "why": "紙面と照合した"},
            {"place": "measures.1", "why": "合計が合うのは 5,000 だけ"},
        ],
    )
    assert found(made, "print-unproved") == []
    assert len(found(made, "printed-differently")) == 1


def test_a_settlement_is_followed_on_the_version_that_held_in_its_year() -> None:
    earlier = plan([10_000, 10_000], first=2024, deficit=60_000)
    now = plan(
        {2024: 10_000, 2025: 10_000, 2026: 20_000, 2027: 20_000},
        current_deficit={**CURRENT, "amount": 40_000},
        document={"kind": "change"},
        versions=[
            {
                "label": "当初",
                "period": earlier.period.model_dump(),
                "occurrence": earlier.occurrence.model_dump(),
                "years": [entry.model_dump() for entry in earlier.years],
            }
        ],
        years=years(
            {2025: {"actual": actual(45_000)}, 2026: {"actual": actual(15_000)}},
            plan({2024: 10_000, 2025: 10_000, 2026: 20_000, 2027: 20_000}),
        ),
    )
    told = [(one.place, one.printed, one.expected) for one in found(now, "off-track")]
    assert told == [("years.2025.actual", 45_000, "<= 40000")]
    assert found(now, "earlier-version-unknown") == []


def test_a_part_of_a_settlement_that_is_above_what_is_left_is_off_track_alone() -> None:
    part = {"other_transfer": 40_001, "advance_increase": None, "source": "架空の決算書"}
    told = found(plan(SIX, years=years({2027: {"actual": part}})), "off-track")
    assert [one.printed for one in told] == [40_001]
    small = part | {"other_transfer": 0}
    assert found(plan(SIX, years=years({2027: {"actual": small}})), "off-track") == []


def test_a_measure_counts_in_the_years_in_which_it_runs() -> None:
    from datetime import date

    until = {"name": "確保", "amount": 10_000, "ends_on": date(2028, 3, 31)}
    after = {"name": "収納", "amount": 10_000, "starts_on": date(2028, 4, 1)}
    assert found(plan(SIX, measures=[until, after]), "measures-short") == []
    short = found(plan(SIX, measures=[until]), "measures-short")
    assert [(one.place, one.printed) for one in short] == [("measures, years.2028-2031", 0)]
