"""The levy in NumPy, as well as we can write it: rare reliefs by index, households by reduceat."""

from __future__ import annotations

import numpy as np

import rules as R

Arrays = dict[str, np.ndarray]


def salary_of(revenue: np.ndarray) -> np.ndarray:
    """The employment income deduction table; nothing is computed for those without salary."""
    income = np.zeros(len(revenue), dtype=np.int64)
    some = np.flatnonzero(revenue > R.SALARY_UPTO[0])
    value = revenue[some]
    band = np.ones(len(value), dtype=np.int8)
    for upto in R.SALARY_UPTO[1:]:
        band += value > upto
    stepped = np.flatnonzero((band == 2) | (band == 3))
    value[stepped] = value[stepped] // 4000 * 4000
    income[some] = value * R.SALARY_PERCENT[band] // 100 - R.SALARY_SUBTRACT[band]
    return income


def pension_of(revenue: np.ndarray, elder: np.ndarray, other: np.ndarray) -> np.ndarray:
    income = np.zeros(len(revenue), dtype=np.int64)
    some = np.flatnonzero(revenue > 0)
    value, old, beside = revenue[some], elder[some].astype(np.int8), other[some]
    band = (value > R.PENSION_UPTO[old, 0]).astype(np.int8)
    for upto in R.PENSION_UPTO[0, 1:]:
        band += value > upto
    less = R.PENSION_SUBTRACT[old, band]
    less = less - 100_000 * (beside > 10_000_000) - 100_000 * (beside > 20_000_000)
    income[some] = np.maximum(value * R.PENSION_PERCENT[band] // 100 - less, 0)
    return income


def sparse_mask(table, days: np.ndarray, empty: int) -> np.ndarray:
    mask = np.zeros(len(days), dtype=np.int16)
    some = np.flatnonzero(days != empty)
    mask[some] = R.look(table, days[some])
    return mask


def masks(p: Arrays) -> Arrays:
    s: Arrays = {}
    born = p["birth_date"]
    insured = np.where(p["insured"], np.int16(R.ALL), np.int16(0))
    for table, column, empty in (
        (R.JOINED, "joined_on", R.EARLY),
        (R.LEFT, "left_on", R.LATE),
    ):
        some = np.flatnonzero(p[column] != empty)
        insured[some] &= R.look(table, p[column][some])
    old = np.flatnonzero(born < R.BEFORE_75[0] + len(R.BEFORE_75[1]))
    insured[old] &= R.look(R.BEFORE_75, born[old])
    s["insured_mask"] = insured
    care = np.zeros(len(born), dtype=np.int16)
    some = np.flatnonzero((born >= R.BEFORE_65[0]) & (born < R.FROM_40[0] + len(R.FROM_40[1])))
    care[some] = insured[some] & R.look(R.FROM_40, born[some]) & R.look(R.BEFORE_65, born[some])
    s["care_mask"] = care
    maternity = np.zeros(len(born), dtype=np.int16)
    for length in range(1, 7):
        some = np.flatnonzero(p["maternity_months"] == length)
        maternity[some] = R.look(R.MATERNITY[length], p["maternity_from"][some])
    s["maternity_mask"] = maternity
    s["involuntary_mask"] = sparse_mask(R.INVOLUNTARY, p["involuntary_unemployment_from"], R.EARLY)
    s["former_mask"] = sparse_mask(R.FORMER, p["former_dependant_from"], R.LATE)
    s["former_half_mask"] = sparse_mask(R.FORMER_HALF, p["former_dependant_from"], R.LATE)
    s["preschool"] = born >= R.PRESCHOOL
    s["child"] = born >= R.CHILD
    s["elder_65"] = born <= R.ELDER
    return s


def incomes(p: Arrays, s: Arrays) -> None:
    table = salary_of(p["salary_revenue"])
    stated = np.flatnonzero(p["salary_income"] != R.EMPTY)
    table[stated] = p["salary_income"][stated]
    s["salary"] = salary = np.maximum(table - p["adjustment_deduction"], 0)
    ordinary = (p["transfer_long"] + p["occasional"]) >> 1
    for name in R.ORDINARY:
        ordinary += p[name]
    s["ordinary"] = ordinary
    gross = p[R.SEPARATE[0]].copy()
    for name in R.SEPARATE[1:]:
        gross += p[name]
    s["separate_gross"] = gross
    s["separate"] = gross - np.minimum(
        p["separate_transfer_deduction"],
        p["separate_transfer_short"] + p["separate_transfer_long"],
    )
    s["income_beside_pension"] = np.maximum(salary + ordinary, 0) + gross
    pension = pension_of(p["pension_revenue"], s["elder_65"], s["income_beside_pension"])
    stated = np.flatnonzero(p["pension_income"] != R.EMPTY)
    pension[stated] = p["pension_income"][stated]
    s["pension"] = pension
    combined = np.maximum(salary + pension + ordinary, 0)
    s["gross_income"] = combined + gross
    deduction = np.full(len(salary), 430_000)
    high = np.flatnonzero(s["gross_income"] > 24_000_000)
    richest = s["gross_income"][high]
    deduction[high] = np.where(
        richest <= 24_500_000, 290_000, np.where(richest <= 25_000_000, 150_000, 0)
    )
    s["basic_deduction"] = deduction
    after = s["separate"] - p["loss_carried_over"] - deduction
    s["base"] = np.maximum(combined + after, 0)
    s["base_involuntary"] = np.maximum(
        np.maximum(salary * 30 // 100 + pension + ordinary, 0) + after, 0
    )


def judged(p: Arrays, s: Arrays) -> None:
    own = s["salary"].copy()
    some = np.flatnonzero((p["family_worker_salary"] > 0) & (p["salary_revenue"] != R.EMPTY))
    own[some] = np.maximum(
        salary_of(p["salary_revenue"][some] - p["family_worker_salary"][some])
        - p["adjustment_deduction"][some],
        0,
    )
    s["salary_own"] = own
    s["salary_judged"] = own.copy()
    some = np.flatnonzero(s["involuntary_mask"] & s["insured_mask"])
    s["salary_judged"][some] = own[some] * 30 // 100
    elder = s["elder_65"]
    s["pension_judged"] = np.where(elder, np.maximum(s["pension"] - 150_000, 0), s["pension"])
    s["judged"] = np.maximum(
        np.maximum(
            s["salary_judged"] + s["pension_judged"] + s["ordinary"] + p["family_worker_deduction"],
            0,
        )
        + s["separate_gross"]
        - p["loss_carried_over"]
        - p["casualty_loss_carried_over"],
        0,
    )
    salary_known = p["salary_revenue"] != R.EMPTY
    earns_salary = np.where(
        salary_known,
        p["salary_revenue"] - p["family_worker_salary"] > 550_000,
        s["salary"] > 0,
    )
    earns_pension = np.where(
        p["pension_revenue"] == R.EMPTY,
        s["pension_judged"] > 0,
        p["pension_revenue"] > np.where(elder, 1_250_000, 600_000),
    )
    s["earner"] = earns_salary | earns_pension
    starts = np.maximum(p["joined_on"], R.FIRST_DAY)
    s["starts_on"] = np.where(s["insured_mask"] != 0, starts, R.NO_DAY)


def months(s: Arrays, p: Arrays) -> None:
    free = s["maternity_mask"] | s["former_mask"]
    for kind in ("insured", "care"):
        mask = s[f"{kind}_mask"]
        s[f"{kind}_full"] = R.COUNT[mask & ~(s["involuntary_mask"] | free)]
        s[f"{kind}_cut"] = R.COUNT[mask & s["involuntary_mask"] & ~free]
        s[f"{kind}_asset"] = R.COUNT[mask & ~s["former_mask"]]
        s[f"{kind}_half"] = R.COUNT[mask & s["former_half_mask"] & ~s["maternity_mask"]]
        s[f"{kind}_plain"] = R.COUNT[mask & ~s["maternity_mask"]] - s[f"{kind}_half"]
        s[f"{kind}_base_months"] = (
            s["base"] * s[f"{kind}_full"] + s["base_involuntary"] * s[f"{kind}_cut"]
        )
        s[f"{kind}_asset_months"] = p["asset_tax"] * s[f"{kind}_asset"]


def judgement(p: Arrays, s: Arrays, h: Arrays, starts: np.ndarray) -> Arrays:
    hh = p["hh"]
    t: Arrays = {}
    day = np.minimum.reduceat(s["starts_on"], starts)[hh]
    s["judgement_day"] = day
    s["member_judged"] = member = (
        (s["insured_mask"] != 0) & (s["starts_on"] <= day) & (p["left_on"] > day)
    )
    s["judging"] = judging = member | p["head"]
    t["insured_count"] = np.add.reduceat(member.astype(np.int64), starts)
    t["persons_judged_income"] = np.add.reduceat(s["judged"] * judging, starts)
    t["persons_earners"] = np.add.reduceat((s["earner"] & judging).astype(np.int64), starts)
    t["undeclared"] = np.logical_or.reduceat(judging & p["undeclared"], starts)
    t["insured_union"] = np.bitwise_or.reduceat(s["insured_mask"], starts)
    t["care_union"] = np.bitwise_or.reduceat(s["care_mask"], starts)
    t["others_union"] = np.bitwise_or.reduceat(s["insured_mask"] & ~s["former_half_mask"], starts)
    t["judged_income"] = income = t["persons_judged_income"] + h["elders_income"]
    t["earners"] = t["persons_earners"] + h.get("elders_earners", 0)
    t["heads"] = t["insured_count"] + h["same_household_elders"]
    term = 100_000 * np.maximum(t["earners"] - 1, 0)
    t["threshold_7"] = 430_000 + term
    t["threshold_5"] = 430_000 + 310_000 * t["heads"] + term
    t["threshold_2"] = 430_000 + 570_000 * t["heads"] + term
    tenths = np.array([0, 2, 5, 7])[
        (income <= t["threshold_2"]).astype(np.int8)
        + (income <= t["threshold_5"])
        + (income <= t["threshold_7"])
    ]
    t["reduction"] = tenths * ~(t["undeclared"] | (t["insured_union"] == 0))
    t["former_union"] = t["insured_union"] & ~t["others_union"]
    alone = t["insured_count"] <= 1
    for name, table in (
        ("specific_half", R.SPECIFIC_HALF),
        ("specific_three_quarters", R.SPECIFIC_QUARTERS),
    ):
        t[name] = sparse_mask(table, h["specific_from"], R.LATE) * alone
    return t


def capita(
    s: Arrays, kind: str, part: str, yearly: int, exempt: np.ndarray, share: np.ndarray | int
) -> np.ndarray:
    """One per-capita amount: the yearly unit by table, special cases by index."""
    tenths = np.arange(8)
    reduced = yearly * (10 - tenths) // 10
    if part == "child":
        units = np.stack([reduced, reduced * 0, reduced, reduced * 0], axis=1)
    else:
        units = np.stack([reduced, reduced, reduced // 2, reduced // 2], axis=1)
    unit = units.ravel()[s["class"]]
    if len(exempt):
        unit[exempt] = np.maximum(unit[exempt] - -(-yearly * share // 1_000_000), 0)
    amount = unit * s[f"{kind}_plain"]
    some = np.flatnonzero(s[f"{kind}_half"])
    amount[some] += np.minimum(unit[some], yearly * 5 // 10) * s[f"{kind}_half"][some]
    amount //= 12
    return unit, amount


def amounts(p: Arrays, s: Arrays, t: Arrays, starts: np.ndarray) -> None:
    s["reduction"] = t["reduction"][p["hh"]]
    s["class"] = (s["reduction"] * 4 + s["preschool"] * 2 + s["child"]).astype(np.int8)
    exempt = np.flatnonzero(p["per_capita_exemption"])
    share = p["per_capita_exemption"][exempt]
    total = np.zeros(len(t["reduction"]), dtype=np.int64)
    for kind in ("insured", "care"):
        for what in ("base", "asset"):
            t[f"{kind}_{what}_months"] = np.add.reduceat(s[f"{kind}_{what}_months"], starts)
    for part, (rate, yearly, cap) in R.PARTS.items():
        kind = "care" if part == "care" else "insured"
        unit, amount = capita(s, kind, part, yearly, exempt, share)
        s[f"{part}_per_capita_unit"], s[f"{part}_per_capita"] = unit, amount
        if part == "child":
            unit, adult = capita(s, kind, part, R.CHILD_ADULT, exempt, share)
            s["child_per_capita_adult_unit"], s["child_per_capita_adult"] = unit, adult
            amount = amount + adult
        s[f"{part}_share"] = amount
        t[f"{part}_share"] = np.add.reduceat(amount, starts)
        t[f"{part}_income_sum"] = t[f"{kind}_base_months"] * rate // 12_000_000
        t[f"{part}_asset_sum"] = t[f"{kind}_asset_months"] * 0
        t[f"{part}_gross"] = t[f"{part}_share"] + t[f"{part}_income_sum"] + t[f"{part}_asset_sum"]
        t[f"{part}_cap"] = (cap * np.arange(13) // 12)[R.COUNT[t[f"{kind}_union"]]]
        t[part] = np.minimum(t[f"{part}_gross"], t[f"{part}_cap"]) // 100 * 100
        total += t[part]
    t["total"] = total


def levy(p: Arrays, h: Arrays) -> tuple[Arrays, Arrays]:
    """All steps of persons and of households."""
    hh = p["hh"]
    starts = np.flatnonzero(np.concatenate(([True], hh[1:] != hh[:-1])))
    s = masks(p)
    incomes(p, s)
    judged(p, s)
    months(s, p)
    t = judgement(p, s, h, starts)
    amounts(p, s, t, starts)
    return s, t
