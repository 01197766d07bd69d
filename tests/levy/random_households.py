"""Random households of every kind that the intake accepts, with the edges that the law makes.

Incomes hug the thresholds, birthdays the 1st and 2nd of a month and the ages at which something
changes, days of joining and leaving the ends of months.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.levy.dice import Dice, day_between, day_in
from tests.levy.reference_law import LAW, look_up
from tests.levy.reference_persons import BLANK, incomes, months_and_classes

Record = dict[str, Any]

EDGES = {
    "salary_revenue": [
        *(550_000, 550_001, 551_000, 650_999, 651_000, 980_000, 1_618_999, 1_619_000, 1_623_999),
        *(1_628_000, 1_800_000, 1_899_999, 1_900_000, 3_599_999, 3_600_000, 6_600_000),
        *(8_499_999, 8_500_000, 10_000_000),
    ],
    "pension_revenue": [
        *(600_000, 600_001, 700_000, 1_100_000, 1_250_000, 1_250_001, 1_299_999, 1_300_000),
        *(1_530_000, 1_680_000, 1_680_001, 3_299_999, 3_300_000, 4_100_000, 7_700_000, 10_000_000),
    ],
    "other_income": [
        *(330_000, 330_001, 430_000, 430_001, 1_020_000, 10_000_000, 10_000_001, 20_000_000),
        *(24_000_000, 24_000_001, 24_500_000, 24_500_001, 25_000_001),
    ],
}
GAINS = (
    "interest",
    "dividend",
    "transfer_short",
    "transfer_long",
    "occasional",
    "miscellaneous",
    "shares",
    "listed_dividend",
    "futures",
    "forestry",
    "retirement",
)


# Who ----------------------------------------------------------------------------------------------


def _birthday_at(dice: Dice, fiscal_year: int, age: int) -> date:
    """Born so that the age is reached in the year or about its edges."""
    return day_in(dice, fiscal_year - age, dice.number(3, 16))


def birth_date(dice: Dice, fiscal_year: int, head: bool) -> date:
    ages = [35, 40, 65, 75] if head else [35, 40, 65, 75, 18, 6, 0]
    match dice.pick(["any", "edge", "first of January", "leap", "child or elder"]):
        case "edge":
            born = _birthday_at(dice, fiscal_year, dice.pick(ages))
        case "first of January":
            born = date(fiscal_year - 65, 1, dice.number(1, 2))
        case "leap":
            born = date(dice.pick([1944, 1948, 1952, 1956, 1976, 1980, 1984]), 2, 29)
        case "child or elder":
            age = dice.number(70, 90) if head else dice.number(0, 20)
            born = day_between(dice, fiscal_year - 1 - age, fiscal_year - 1 - age)
        case _:
            age = dice.number(20, 74)
            born = day_between(dice, fiscal_year - 1 - age, fiscal_year - 1 - age)
    return min(born, date(fiscal_year + 1, 3, 31))


def _stay(dice: Dice, fiscal_year: int, born: date) -> Record:
    """Days of joining and leaving."""
    joined = left = None
    if dice.chance(30):
        joined = day_between(dice, fiscal_year - 1, fiscal_year)
    if born >= date(fiscal_year, 4, 1):
        joined = max(born, joined or born)
    if dice.chance(25):
        left = day_between(dice, fiscal_year, fiscal_year)
        if dice.chance(5):
            left = day_between(dice, fiscal_year - 1, fiscal_year + 1)
        if joined:
            left = max(joined, left)
            if dice.chance(10):
                left = dice.pick([joined, joined + timedelta(days=1)])
    return {"joined_on": joined, "left_on": left}


def _reliefs(dice: Dice, fiscal_year: int) -> Record:
    relief: Record = {}
    if dice.chance(12):
        lost_work = day_between(dice, fiscal_year - 2, fiscal_year + dice.pick([0, 0, 0, 1]))
        relief["involuntary_unemployment_from"] = lost_work
    if dice.chance(8):
        relief["maternity_from"] = day_between(dice, fiscal_year - 1, fiscal_year)
        relief["maternity_months"] = dice.pick([4, 6, 1, 3])
    if dice.chance(8):
        relief["former_dependant_from"] = day_between(dice, fiscal_year - 4, fiscal_year)
    if dice.chance(6):
        share = dice.pick([500_000, 1_000_000, 200_000, 333_333])
        relief["per_capita_exemption"] = share
    return relief


# What they earned ---------------------------------------------------------------------------------


def _yen(dice: Dice, kind: str = "other_income", most: int = 6_000_000) -> int:
    if dice.chance(25):
        return dice.pick(EDGES.get(kind, EDGES["other_income"]))
    amount = dice.number(0, most)
    return amount // 1_000 * 1_000 if dice.chance(30) else amount


def _at_a_threshold(dice: Dice, fiscal_year: int) -> Record:
    """An income a yen about the limit of a reduction."""
    law = LAW[fiscal_year]
    per_head = dice.pick([0, law.per_head_5, law.per_head_2]) * dice.number(1, 4)
    limit = law.threshold + per_head + law.earner_term * dice.number(0, 2)
    return {"other_income": limit + dice.number(-1, 1)}


def _salary(dice: Dice, fiscal_year: int) -> Record:
    if dice.chance(20):
        return {"salary_income": _yen(dice)}
    revenue = _yen(dice, "salary_revenue", dice.pick([2_500_000, 9_000_000]))
    earned: Record = {"salary_revenue": revenue}
    if dice.chance(10):
        earned["salary_income"] = look_up(LAW[fiscal_year].salary, revenue)
    elif dice.chance(15):
        earned["family_worker_salary"] = dice.pick([revenue, dice.number(0, revenue)])
    if fiscal_year >= 2021 and dice.chance(15):
        earned["adjustment_deduction"] = dice.number(1, 150_000)
    return earned


def _pension(dice: Dice) -> Record:
    if dice.chance(20):
        return {"pension_income": _yen(dice, most=3_000_000)}
    return {"pension_revenue": _yen(dice, "pension_revenue", dice.pick([2_000_000, 4_500_000]))}


def _own_business(dice: Dice) -> Record:
    kind = dice.pick(["business", "farming", "real_estate"])
    earned: Record = {kind: dice.number(-3_000_000, 6_000_000)}
    if dice.chance(30):
        earned["family_worker_deduction"] = dice.number(0, 3_000_000)
    if dice.chance(25):
        earned["loss_carried_over"] = dice.number(0, 4_000_000)
    return earned


def _investments(dice: Dice) -> Record:
    earned: Record = {dice.pick(GAINS): _yen(dice) for _ in range(dice.number(1, 3))}
    if dice.chance(50):
        short = _yen(dice, most=20_000_000) if dice.chance(40) else 0
        long = _yen(dice, most=60_000_000)
        deduction = dice.pick(
            [0, short + long, min(30_000_000, short + long), dice.number(0, long)]
        )
        earned["separate_transfer_short"] = short
        earned["separate_transfer_long"] = long
        earned["separate_transfer_deduction"] = deduction
    if dice.chance(15):
        earned["casualty_loss_carried_over"] = dice.number(0, 3_000_000)
    return earned


def earnings(dice: Dice, fiscal_year: int) -> Record:
    earned: Record = {}
    for percent, more in (
        (32, lambda: _salary(dice, fiscal_year)),
        (22, lambda: _pension(dice)),
        (15, lambda: _own_business(dice)),
        (12, lambda: _investments(dice)),
        (12, lambda: _at_a_threshold(dice, fiscal_year)),
        (20, lambda: {"asset_tax": dice.number(0, 400_000)}),
    ):
        if dice.chance(percent):
            earned |= more()
    return earned


# Together -----------------------------------------------------------------------------------------


def person(dice: Dice, fiscal_year: int, head: bool) -> Record:
    born = birth_date(dice, fiscal_year, head)
    made: Record = {
        "head": head,
        "insured": not dice.chance(20) if head else not dice.chance(7),
        "declared": dice.pick(["declared"] * 40 + ["dependant", "not_required", "undeclared"]),
        "birth_date": born,
    }
    made |= _stay(dice, fiscal_year, born)
    made |= _reliefs(dice, fiscal_year)
    if born.year <= fiscal_year - 16 or dice.chance(3):
        made |= earnings(dice, fiscal_year)
    if head and dice.chance(1):
        made["other_income"] = dice.pick([100_000_000, 1_500_000_000])
    if "pension_revenue" in made and dice.chance(10):
        # both given: the income that follows from the revenue
        known = BLANK | made
        known |= months_and_classes(known, LAW[fiscal_year])
        made["pension_income"] = incomes(known, LAW[fiscal_year], 1)["pension"]
    return made


def household(
    dice: Dice, fiscal_year: int, code: str = "990019", number: int = 1, members: int = 8
) -> Record:
    """``{"household": {...}, "persons": [{...}, ...]}``; the first person is the head."""
    keys = {"insurer_code": code, "household_id": f"H{number:06d}"}
    size = dice.pick([size for size in (1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 7, 8) if size <= members])
    special: Record = {}
    if dice.chance(20):
        elders = dice.number(1, 2)
        special = {
            "same_household_elders": elders,
            "elders_income": _yen(dice, most=2_000_000),
            "elders_earners": dice.number(0, elders),
        }
    if dice.chance(20):
        special["specific_from"] = day_between(dice, fiscal_year - 9, fiscal_year)
    if dice.chance(5):
        special["forced_reduction"] = dice.pick([0, 2, 5, 7])
    persons = [
        {**keys, "person_id": str(place + 1), **person(dice, fiscal_year, head=place == 0)}
        for place in range(size)
    ]
    return {"household": {**keys, **special}, "persons": persons}
