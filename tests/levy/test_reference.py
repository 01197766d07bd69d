"""The slow reference against published answers, before anything is measured by it.

The cases are those of examples/cases, read here as plain JSON: none of Kokuho's own code is used.
"""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.levy.plain import PlainOrdinance, plain
from tests.levy.reference import PARTS, levy, reduced
from tests.levy.reference_law import LAW, look_up
from tests.levy.reference_persons import BLANK, months_and_classes, pension_from

FOLDER = Path(__file__).parents[2] / "examples" / "cases"
CASES = [
    case
    for path in sorted(FOLDER.glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
]
HAND = Path(__file__).parent / "hand_worked"
YEAR = 2026


# Published answers --------------------------------------------------------------------------------


def born(age: int, fiscal_year: int) -> date:
    """A birth date of this age on 1 April with which no class changes inside the year."""
    if age < 20:
        return date(fiscal_year - age - 1, 10, 1)
    if age == 65:  # 65 on 1 January too, as the pension deduction asks
        return date(fiscal_year - 65, 1, 1)
    return date(fiscal_year - age, 4, 2)


def levied(case: dict[str, Any]) -> dict[str, Any]:
    stated, household = dict(case["ordinance"]), case["household"]
    forced = stated.pop("forced_reduction", None)
    cuts = stated.pop("exemptions", {})
    stated["exemptions"] = [{"kind": kind, "cut": cut} for kind, cut in cuts.items()]
    persons = []
    for member in household["members"]:
        assert member["months"] == 12
        head = member.get("head", False)
        decided = Fraction(member.get("per_capita_exemption", 0))
        undeclared = member.get("declared") == "undeclared"
        persons.append(
            {
                "birth_date": born(member["age"], stated["fiscal_year"]),
                "head": head,
                "insured": household["head_insured"] or not head,
                "declared": "undeclared" if undeclared else "declared",
                "asset_tax": member["asset_tax"],
                "per_capita_exemption": int(decided * 1_000_000),
                **member["income"],
            }
        )
    return levy(persons, {"forced_reduction": forced}, plain(stated))


def test_all_published_cases_are_there() -> None:
    assert len(CASES) == 64


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_reference_meets_a_published_answer_to_the_yen(case: dict[str, Any]) -> None:
    got = levied(case)
    got["medical_support_care"] = sum(got.get(name, 0) for name in ("medical", "support", "care"))
    assert {name: got.get(name, 0) for name in case["expected"]} == case["expected"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_reference_gets_the_income_that_the_page_states(case: dict[str, Any]) -> None:
    got = [person["gross_income"] for person in levied(case)["persons"]]
    assert got == [member["total_income"] for member in case["household"]["members"]]


# Households worked by hand ------------------------------------------------------------------------


def hand_worked() -> list[tuple[dict[str, Any], PlainOrdinance]]:
    data = {path.name: yaml.safe_load(path.read_text("utf-8")) for path in HAND.glob("*.yaml")}
    ordinances = data.pop("ordinances.yaml")["ordinances"]
    return [
        (house, plain(ordinances[house["ordinance"]]["fiscal_years"][year] | {"fiscal_year": year}))
        for name in sorted(data)
        for house in data[name]["households"]
        for year in [house["fiscal_year"]]
    ]


def hand_levied(house: dict[str, Any], ordinance: PlainOrdinance) -> dict[str, Any]:
    persons = [dict(person) for person in house["persons"]]
    for person in persons:
        decided = Fraction(str(person.get("per_capita_exemption", 0)))
        person["per_capita_exemption"] = int(decided * 1_000_000)
    return levy(persons, house["household"], ordinance)


HAND_WORKED = hand_worked()


@pytest.mark.parametrize(
    ("house", "ordinance"), HAND_WORKED, ids=[house["id"] for house, _ in HAND_WORKED]
)
def test_the_reference_agrees_with_the_hand(
    house: dict[str, Any], ordinance: PlainOrdinance
) -> None:
    got = hand_levied(house, ordinance)
    assert {name: got.get(name, 0) for name in house["expected"]} == house["expected"]


@pytest.mark.parametrize(
    ("house", "ordinance"), HAND_WORKED, ids=[house["id"] for house, _ in HAND_WORKED]
)
def test_the_reference_agrees_with_each_line_of_the_hand(
    house: dict[str, Any], ordinance: PlainOrdinance
) -> None:
    got = hand_levied(house, ordinance)
    people = {person["person_id"]: person for person in got["persons"]}
    names = {"part_gross": "gross", "part_cap": "cap", "person_share": "share"}
    sums = {"income": "income_sum", "asset": "asset_sum"}
    for line in house["lines"]:
        place = people[line["person"]] if line.get("person") else got
        step, part = line["step"], line.get("part")
        if place is got:
            step = sums.get(step, step)
        if part:
            step = part if step == "part" else f"{part}_{names.get(step, step)}"
        if place is got and line["step"] in ("per_capita", "per_capita_adult"):
            value = sum(person[step] for person in got["persons"])
        else:
            value = place[step]
        found = len(value) if isinstance(value, set) else int(value)
        assert found == line["value"], line


# Months -------------------------------------------------------------------------------------------


def months(fiscal_year: int = YEAR, **person: Any) -> dict[str, int]:
    """How many months each mask of an insured person has."""
    given = BLANK | {"insured": True, "birth_date": date(1990, 5, 10)} | person
    steps = months_and_classes(given, LAW[fiscal_year])
    return {name: len(value) for name, value in steps.items() if isinstance(value, set)}


@pytest.mark.parametrize(
    ("birth_date", "expected"),
    [
        # https://www.town.sakae.chiba.jp/page/page003100.html
        (date(YEAR - 40, 5, 1), 12),
        (date(YEAR - 40, 5, 2), 11),
        (date(YEAR - 40, 7, 2), 9),
        (date(YEAR - 40, 8, 1), 9),
        (date(YEAR - 39, 2, 1), 3),
        # 65 in September: http://www.e-hokuei.net/1706.htm
        (date(YEAR - 65, 9, 20), 5),
        # https://www.city.kumagaya.lg.jp/faq/2/22/nendo4065kaigo.html: until the month before the
        # birth month; born on the first, until the month two before
        (date(YEAR - 65, 9, 2), 5),
        (date(YEAR - 65, 9, 1), 4),
    ],
)
def test_months_of_care_follow_the_published_tables(birth_date: date, expected: int) -> None:
    assert months(birth_date=birth_date)["care_mask"] == expected


@pytest.mark.parametrize(
    ("joined_on", "left_on", "expected"),
    [
        # https://www.city.kitahiroshima.hokkaido.jp/hotnews/detail/00010566.html
        (date(YEAR, 6, 15), None, 10),
        (None, date(YEAR, 7, 15), 3),
        # https://www.town.ozu.kumamoto.jp/page/1596.html
        (date(YEAR, 5, 7), None, 11),
        # https://www.city.saga-kashima.lg.jp/main/26689.html
        (date(YEAR, 9, 10), None, 7),
        # https://www.city.tsugaru.aomori.jp/soshiki/minsei/kokuminkenkohoken/hokenzei/faq/5687.html
        (date(YEAR + 1, 3, 31), None, 1),
        # https://www.town.wake.lg.jp/shitsumon/kurashi_shitsumon/zeikinnitsuite/1507.html
        (None, date(YEAR, 7, 30), 3),
        (None, date(YEAR, 7, 31), 4),
    ],
)
def test_months_of_joining_and_leaving_follow_the_published_examples(
    joined_on: date | None, left_on: date | None, expected: int
) -> None:
    assert months(joined_on=joined_on, left_on=left_on)["insured_mask"] == expected


def test_a_birth_in_november_2023_exempts_january_2024_alone() -> None:
    # https://www.city.shinagawa.tokyo.jp/ct/other/20231122101648_2.txt: 10, 11, 12, 1
    got = months(2023, maternity_from=date(2023, 10, 1), maternity_months=4)
    assert got["maternity_mask"] == 1


def test_turning_75_ends_the_year_before_the_month_of_the_birthday() -> None:
    assert months(birth_date=date(YEAR - 75, 9, 1))["insured_mask"] == 5
    assert months(birth_date=date(YEAR - 75, 9, 30))["insured_mask"] == 5
    # 29 February 1952: the birthday of 2027 is 1 March, so February is still insured
    assert months(birth_date=date(1952, 2, 29))["insured_mask"] == 11


def test_a_lost_job_counts_to_the_end_of_the_next_fiscal_year() -> None:
    for lost, expected in (
        (date(YEAR - 1, 3, 31), 0),
        (date(YEAR - 1, 4, 1), 12),
        (date(YEAR, 3, 31), 12),
        (date(YEAR, 9, 1), 7),
        (date(YEAR + 1, 4, 1), 0),
    ):
        got = months(involuntary_unemployment_from=lost)
        assert got["involuntary_mask"] == expected, lost


# Units --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fiscal_year", "per_capita", "expected"),
    [
        # https://www.kumakogen.jp/soshiki/4/18221.html: no reduction, 7, 5, 2 tenths
        (2022, 23_400, {0: 11_700, 7: 3_510, 5: 5_850, 2: 9_360}),
        (2022, 7_200, {0: 3_600, 7: 1_080, 5: 1_800, 2: 2_880}),
        (2023, 24_600, {0: 12_300, 7: 3_690, 5: 6_150, 2: 9_840}),
        (2023, 8_200, {0: 4_100, 7: 1_230, 5: 2_050, 2: 3_280}),
    ],
)
def test_a_preschooler_pays_half_of_what_the_reduction_leaves(
    fiscal_year: int, per_capita: int, expected: dict[int, int]
) -> None:
    part = {"income_rate": "0", "per_capita": per_capita, "cap": 650_000}
    ordinance = plain({"fiscal_year": fiscal_year, "parts": {"medical": part}})
    child = {"insured": True, "birth_date": date(fiscal_year - 3, 6, 1)}
    head = {"head": True, "birth_date": date(fiscal_year - 33, 6, 1)}
    for reduction, unit in expected.items():
        got = levy([head, child], {"forced_reduction": reduction}, ordinance)
        assert got["persons"][1]["medical_per_capita"] == got["medical"] == unit


def test_an_adult_pays_both_amounts_of_the_child_part_each_floored() -> None:
    # 足立区 2026: 1,800 + 73; 7割 leaves 540 + 21 = 561
    child = {"income_rate": "0", "per_capita": 1_800, "per_capita_adult": 73, "cap": 30_000}
    ordinance = plain({"fiscal_year": 2026, "parts": {"child": child}})
    adult = {"head": True, "insured": True, "birth_date": date(1980, 6, 1)}
    young = {"insured": True, "birth_date": date(2008, 4, 2)}
    assert levy([adult], {"forced_reduction": 7}, ordinance)["total"] == 561
    assert levy([adult, young], {"forced_reduction": 7}, ordinance)["total"] == 561


def test_raising_the_reduction_to_ten_yen_leaves_less() -> None:
    rounding = {"part": 1, "reduction": "reduction_amount", "reduction_unit": 10}
    ordinance = plain({"fiscal_year": 2026, "parts": {}, "rounding": rounding})
    # 7 tenths of 29,470 is 20,629, raised 20,630
    assert reduced(29_470, 7, ordinance.rounding) == 8_840
    assert reduced(29_470, 0, ordinance.rounding) == 29_470


# Tables -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fiscal_year", "revenue", "income"),
    [
        # 戸田市, case toda: 5,000,000 gave 3,460,000 before FY2021
        (2020, 5_000_000, 3_460_000),
        (2020, 650_999, 0),
        (2020, 10_000_000, 7_800_000),
        (2021, 5_000_000, 3_560_000),
        (2025, 1_619_999, 1_069_000),
        (2025, 1_627_999, 1_074_000),
        (2025, 1_799_999, 1_177_600),
        (2026, 650_999, 0),
        (2026, 1_000_000, 350_000),
        (2026, 1_903_999, 1_250_000),
        (2026, 8_499_999, 6_549_999),
    ],
)
def test_employment_income_follows_the_table(fiscal_year: int, revenue: int, income: int) -> None:
    assert look_up(LAW[fiscal_year].salary, revenue) == income


@pytest.mark.parametrize("fiscal_year", [2018, 2021, 2026])
def test_more_salary_revenue_never_gives_less_income(fiscal_year: int) -> None:
    salary = LAW[fiscal_year].salary
    edges = [first + step for first, _ in salary for step in (-1, 0, 1) if first + step >= 0]
    swept = [look_up(salary, revenue) for revenue in sorted({*edges, *range(0, 11_000_000, 4_000)})]
    assert swept == sorted(swept)


@pytest.mark.parametrize(
    ("fiscal_year", "elder", "revenue", "other", "income"),
    [
        # https://tax-master.info/syo2100p/: 令和2年分, 2,760,100 of someone from 65
        (2021, True, 2_760_100, 130_000, 1_660_100),
        (2026, True, 1_100_000, 0, 0),
        (2026, True, 3_300_000, 0, 2_200_000),
        (2026, False, 1_300_000, 0, 700_000),
        (2026, False, 1_300_000, 10_000_000, 700_000),
        (2026, False, 1_300_000, 10_000_001, 800_000),
        (2026, False, 1_300_000, 20_000_001, 900_000),
        (2026, True, 10_000_000, 0, 8_045_000),
        # https://kumakogen.or.jp/imfomation/shotokuzei
        (2020, False, 700_000, 0, 0),
        (2020, True, 3_300_000, 50_000_000, 2_100_000),
        (2020, False, 7_700_000, 0, 5_760_000),
    ],
)
def test_pension_income_follows_the_table(
    fiscal_year: int, elder: bool, revenue: int, other: int, income: int
) -> None:
    assert pension_from(revenue, elder, other, LAW[fiscal_year]) == income


def test_the_reference_names_its_parts_in_legal_order() -> None:
    assert PARTS == ("medical", "support", "care", "child")
