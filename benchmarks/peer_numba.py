"""The levy as one compiled loop over the households, written by hand for this one ordinance.

Every step is kept: persons' in a matrix of one row a step, households' in another. It is what the
machine can do; its rules cannot be changed without writing it anew. One thread.
"""

from __future__ import annotations

import numpy as np
from numba import njit

import rules as R

PERSON_STEPS = (
    *("insured_mask", "care_mask", "maternity_mask", "involuntary_mask", "former_mask"),
    *("former_half_mask", "preschool", "child", "elder_65", "salary", "ordinary"),
    *("separate_gross", "separate", "income_beside_pension", "pension", "gross_income"),
    *("basic_deduction", "base", "base_involuntary", "salary_own", "salary_judged"),
    *("pension_judged", "judged", "earner", "starts_on"),
    *("insured_full", "insured_cut", "insured_asset", "insured_half", "insured_plain"),
    *("insured_base_months", "insured_asset_months"),
    *("care_full", "care_cut", "care_asset", "care_half", "care_plain"),
    *("care_base_months", "care_asset_months"),
    *("judgement_day", "member_judged", "judging", "reduction"),
    *("medical_unit", "medical_share", "support_unit", "support_share"),
    *("care_unit", "care_share", "child_unit", "child_adult_unit", "child_adult", "child_share"),
)
HOUSE_STEPS = (
    *("insured_count", "persons_judged_income", "persons_earners", "undeclared"),
    *("insured_union", "care_union", "others_union", "judged_income", "earners", "heads"),
    *("threshold_7", "threshold_5", "threshold_2", "reduction", "former_union"),
    *("specific_half", "specific_three_quarters", "insured_base_months", "insured_asset_months"),
    *("care_base_months", "care_asset_months"),
    *(
        f"{part}{step}"
        for part in R.PARTS
        for step in ("_share", "_income_sum", "_asset_sum", "_gross", "_cap", "")
    ),
    "total",
)
INPUTS = (
    *("head", "insured", "undeclared", "birth_date", "joined_on", "left_on"),
    *("involuntary_unemployment_from", "maternity_from", "former_dependant_from"),
    *("maternity_months", *R.NULLABLE, "transfer_long", "occasional"),
    *("separate_transfer_short", "separate_transfer_long", "separate_transfer_deduction"),
    *("family_worker_salary", "family_worker_deduction", "adjustment_deduction"),
    *("loss_carried_over", "casualty_loss_carried_over", "asset_tax", "per_capita_exemption"),
)
RATES = np.array([R.PARTS[part] for part in R.PARTS])
MATERNITY_FIRST = R.MATERNITY[1][0]
MATERNITY = np.stack([table for _, table in R.MATERNITY])
_jit = njit(cache=True, inline="always")


@_jit
def look(first, table, day):
    return np.int64(table[min(max(day - first, 0), len(table) - 1)])


@_jit
def bits(mask):
    return R_COUNT[mask]


R_COUNT = R.COUNT
ADULT = R.CHILD_ADULT
(J0, J1), (L0, L1), (O0, O1) = R.JOINED, R.LEFT, R.BEFORE_75
(C0, C1), (D0, D1), (I0, I1) = R.FROM_40, R.BEFORE_65, R.INVOLUNTARY
(F0, F1), (G0, G1) = R.FORMER, R.FORMER_HALF
(S0, S1), (Q0, Q1) = R.SPECIFIC_HALF, R.SPECIFIC_QUARTERS
P_BORN, C_BORN, E_BORN = R.PRESCHOOL, R.CHILD, R.ELDER
FIRST_DAY, NO_DAY, EMPTY = R.FIRST_DAY, R.NO_DAY, R.EMPTY


@_jit
def salary_of(revenue):
    if revenue <= 650_999:
        return 0
    if revenue <= 1_899_999:
        return revenue - 650_000
    if revenue <= 3_599_999:
        return revenue // 4000 * 4000 * 70 // 100 - 80_000
    if revenue <= 6_599_999:
        return revenue // 4000 * 4000 * 80 // 100 - 440_000
    if revenue <= 8_499_999:
        return revenue * 90 // 100 - 1_100_000
    return revenue - 1_950_000


@_jit
def pension_of(revenue, elder, other):
    if revenue <= 0:
        return 0
    more = (100_000 if other > 10_000_000 else 0) + (100_000 if other > 20_000_000 else 0)
    if revenue <= (3_299_999 if elder else 1_299_999):
        return max(0, revenue - (1_100_000 if elder else 600_000) + more)
    if revenue <= 4_099_999:
        return max(0, revenue * 75 // 100 - 275_000 + more)
    if revenue <= 7_699_999:
        return max(0, revenue * 85 // 100 - 685_000 + more)
    if revenue <= 9_999_999:
        return max(0, revenue * 95 // 100 - 1_455_000 + more)
    return max(0, revenue - 1_955_000 + more)


@njit(cache=True)
def loop(starts, inputs, ordinaries, separates, elders, elders_income, elders_earners,
         specific, s, t):  # fmt: skip
    (head, insured, undeclared, birth, joined, left, unemployed, expecting, former_from,
     expected, salary_revenue, salary_income, pension_revenue, pension_income, long, occasional,
     land_short, land_long, land_less, family_salary, family_less, adjustment, loss, casualty,
     asset_tax, exemption) = inputs  # fmt: skip
    houses = len(elders)
    for h in range(houses):
        begin = starts[h]
        end = starts[h + 1]
        day = NO_DAY
        iu = cu = ou = 0
        for i in range(begin, end):
            born = birth[i]
            im = 0
            if insured[i]:
                im = look(J0, J1, joined[i]) & look(L0, L1, left[i]) & look(O0, O1, born)
            cm = im & look(C0, C1, born) & look(D0, D1, born)
            mm = 0
            if expected[i]:
                place = min(max(expecting[i] - MATERNITY_FIRST, 0), MATERNITY.shape[1] - 1)
                mm = np.int64(MATERNITY[expected[i], place])
            um = look(I0, I1, unemployed[i])
            fm = look(F0, F1, former_from[i])
            hm = look(G0, G1, former_from[i])
            elder = born <= E_BORN
            pay = salary_income[i]
            if pay == EMPTY:
                pay = salary_of(salary_revenue[i])
            pay = max(0, pay - adjustment[i])
            own = (long[i] + occasional[i]) // 2
            for column in ordinaries:
                own += column[i]
            gross = 0
            for column in separates:
                gross += column[i]
            apart = gross - min(land_less[i], land_short[i] + land_long[i])
            other = max(0, pay + own) + gross
            pension = pension_income[i]
            if pension == EMPTY:
                pension = pension_of(pension_revenue[i], elder, other)
            all_income = max(0, pay + pension + own) + gross
            basic = 430_000
            if all_income > 24_000_000:
                basic = (
                    290_000
                    if all_income <= 24_500_000
                    else (150_000 if all_income <= 25_000_000 else 0)
                )
            base = max(0, max(0, pay + pension + own) + apart - loss[i] - basic)
            base_cut = max(0, max(0, pay * 30 // 100 + pension + own) + apart - loss[i] - basic)
            pay_own = pay
            if family_salary[i] > 0 and salary_revenue[i] != EMPTY:
                pay_own = max(0, salary_of(salary_revenue[i] - family_salary[i]) - adjustment[i])
            pay_judged = pay_own * 30 // 100 if um & im else pay_own
            pension_judged = max(0, pension - 150_000) if elder else pension
            judged = max(0, pay_judged + pension_judged + own + family_less[i])
            judged = max(0, judged + gross - loss[i] - casualty[i])
            if salary_revenue[i] == EMPTY:
                earns = pay > 0
            else:
                earns = salary_revenue[i] - family_salary[i] > 550_000
            if pension_revenue[i] == EMPTY:
                earns = earns or pension_judged > 0
            else:
                earns = earns or pension_revenue[i] > (1_250_000 if elder else 600_000)
            start = max(joined[i], FIRST_DAY) if im else NO_DAY
            day = min(day, start)
            iu |= im
            cu |= cm
            ou |= im & ~hm
            s[0, i], s[1, i], s[2, i], s[3, i], s[4, i], s[5, i] = im, cm, mm, um, fm, hm
            s[6, i], s[7, i], s[8, i] = born >= P_BORN, born >= C_BORN, elder
            s[9, i], s[10, i], s[11, i], s[12, i], s[13, i] = pay, own, gross, apart, other
            s[14, i], s[15, i], s[16, i] = pension, all_income, basic
            s[17, i], s[18, i], s[19, i], s[20, i] = base, base_cut, pay_own, pay_judged
            s[21, i], s[22, i], s[23, i], s[24, i] = pension_judged, judged, earns, start
            for k in range(2):
                mask = cm if k else im
                at = 25 + 7 * k
                full = bits(mask & ~(um | mm | fm))
                cut = bits(mask & um & ~(mm | fm))
                asset = bits(mask & ~fm)
                half = bits(mask & hm & ~mm)
                s[at, i], s[at + 1, i], s[at + 2, i], s[at + 3, i] = full, cut, asset, half
                s[at + 4, i] = bits(mask & ~mm) - half
                s[at + 5, i] = base * full + base_cut * cut
                s[at + 6, i] = asset_tax[i] * asset
        count = total_judged = earners = 0
        silent = False
        for i in range(begin, end):
            member = s[0, i] != 0 and s[24, i] <= day and left[i] > day
            judging = member or head[i]
            count += member
            if judging:
                total_judged += s[22, i]
                earners += s[23, i]
                silent = silent or undeclared[i]
            s[39, i], s[40, i], s[41, i] = day, member, judging
        t[0, h], t[1, h], t[2, h], t[3, h] = count, total_judged, earners, silent
        t[4, h], t[5, h], t[6, h] = iu, cu, ou
        income = total_judged + elders_income[h]
        earners += elders_earners[h]
        heads = count + elders[h]
        seven = 430_000 + 100_000 * max(0, earners - 1)
        five = seven + 310_000 * heads
        two = seven + 570_000 * heads
        tenths = 0
        if not silent and iu:
            tenths = (
                7 if income <= seven else (5 if income <= five else (2 if income <= two else 0))
            )
        t[7, h], t[8, h], t[9, h], t[10, h], t[11, h], t[12, h] = (
            income, earners, heads, seven, five, two)  # fmt: skip
        t[13, h], t[14, h] = tenths, iu & ~ou
        t[15, h] = look(S0, S1, specific[h]) if count <= 1 else 0
        t[16, h] = look(Q0, Q1, specific[h]) if count <= 1 else 0
        for k in range(4):
            t[17 + k, h] = 0
        for k in range(4):
            t[21 + 6 * k, h] = 0
        for i in range(begin, end):
            s[42, i] = tenths
            t[17, h] += s[30, i]
            t[18, h] += s[31, i]
            t[19, h] += s[37, i]
            t[20, h] += s[38, i]
            young, minor = s[6, i], s[7, i]
            for k in range(4):
                half = s[35 if k == 2 else 28, i]
                plain = s[36 if k == 2 else 29, i]
                yearly = RATES[k, 1]
                unit = yearly * (10 - tenths) // 10
                if k == 3:
                    if minor:
                        unit = 0
                else:
                    if young:
                        unit //= 2
                if exemption[i]:
                    unit = max(0, unit + (-yearly * exemption[i]) // 1_000_000)
                share = (unit * plain + min(unit, yearly * 5 // 10) * half) // 12
                s[43 + 2 * k, i] = unit
                if k == 3:
                    adult = 0 if minor else ADULT * (10 - tenths) // 10
                    if exemption[i]:
                        adult = max(0, adult + (-ADULT * exemption[i]) // 1_000_000)
                    more = (adult * plain + min(adult, ADULT * 5 // 10) * half) // 12
                    s[50, i], s[51, i] = adult, more
                    share += more
                    s[52, i] = share
                else:
                    s[44 + 2 * k, i] = share
                t[21 + 6 * k, h] += share
        total = 0
        for k in range(4):
            at = 21 + 6 * k
            sums = 19 if k == 2 else 17
            t[at + 1, h] = t[sums, h] * RATES[k, 0] // 12_000_000
            t[at + 2, h] = 0
            t[at + 3, h] = t[at, h] + t[at + 1, h] + t[at + 2, h]
            t[at + 4, h] = RATES[k, 2] * bits(cu if k == 2 else iu) // 12
            t[at + 5, h] = min(t[at + 3, h], t[at + 4, h]) // 100 * 100
            total += t[at + 5, h]
        t[45, h] = total


def levy(p: dict, h: dict) -> tuple[dict, dict]:
    """All steps of persons and of households, as rows of two matrices."""
    hh = p["hh"]
    firsts = np.flatnonzero(np.concatenate(([True], hh[1:] != hh[:-1])))
    starts = np.append(firsts, len(hh))
    s = np.empty((len(PERSON_STEPS), len(hh)), dtype=np.int64)
    t = np.empty((len(HOUSE_STEPS), len(firsts)), dtype=np.int64)
    loop(
        starts,
        tuple(p[name] for name in INPUTS),
        tuple(p[name] for name in R.ORDINARY),
        tuple(p[name] for name in R.SEPARATE),
        h["same_household_elders"],
        h["elders_income"],
        h["elders_earners"],
        h["specific_from"],
        s,
        t,
    )
    return dict(zip(PERSON_STEPS, s, strict=True)), dict(zip(HOUSE_STEPS, t, strict=True))
