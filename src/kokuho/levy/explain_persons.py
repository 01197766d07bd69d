"""The explanation of one person: months, incomes, the base and the judged income."""

from __future__ import annotations

from typing import Any

from kokuho.law import LawYear
from kokuho.levy import wording
from kokuho.levy.incomes import ORDINARY_KINDS, SEPARATE_KINDS
from kokuho.levy.lines import LineMaker
from kokuho.levy.months import ALL_MONTHS


def add_person(make: LineMaker, row: dict[str, Any], law: LawYear) -> None:
    """Add the lines of one person: months, incomes, the base, the judged income."""
    person = row["person_id"]

    def add(step: str, title: str, formula: str, value: Any, **options: Any) -> None:
        make.add("persons", step, title, formula, value, person=person, **options)

    partial = row["insured_mask"] != ALL_MONTHS
    if row["insured_mask"]:
        months = wording.month_text(row["insured_mask"])
        add(
            "insured_mask",
            "国保に加入する月",
            months,
            len(wording.month_numbers(row["insured_mask"])),
            unit="months",
            law=["age.leave_at"],
        )
    for mask, title, names in (
        ("care_mask", "介護分の対象となる月", ["age.care_from", "age.care_until"]),
        ("maternity_mask", "産前産後の免除の月", ["maternity.months"]),
        ("involuntary_mask", "非自発的失業の軽減の月", ["involuntary.income_share"]),
        ("former_mask", "旧被扶養者の減免の月", ["former_dependant.cut"]),
    ):
        if shown := row[mask] & row["insured_mask"]:
            add(
                mask,
                title,
                wording.month_text(shown),
                len(wording.month_numbers(shown)),
                unit="months",
                law=names,
                assumed=mask not in ("care_mask",) or partial,
            )
    _incomes(add, row, law)
    if row["insured_mask"]:
        _base(add, row, law)
    if row["judging"]:
        _judged(add, row, law)


def _incomes(add: Any, row: dict[str, Any], law: LawYear) -> None:
    adjusted = f" - 調整控除 {wording.yen(row['adjustment_deduction'])}"
    adjustment = adjusted if row["adjustment_deduction"] else ""
    if row["salary_revenue"] or row["salary_income"]:
        text = (
            f"給与所得 {wording.yen(row['salary_income'])}"
            if row["salary_income"] is not None
            else wording.band_text(row["salary_revenue"], law.salary_bands)
        )
        add("salary", "給与所得", text + adjustment, row["salary"], law=["salary_income"])
    if row["pension_revenue"] or row["pension_income"]:
        number = sum(row["income_beside_pension"] > b for b in law.pension_other_income)
        text = (
            f"年金所得 {wording.yen(row['pension_income'])}"
            if row["pension_income"] is not None
            else wording.band_text(
                row["pension_revenue"], law.pension_bands[row["elder_65"], number]
            )
        )
        age = "from_65" if row["elder_65"] else "under_65"
        suffix = ("", ".over_10m", ".over_20m")[number]
        add(
            "pension", "公的年金等所得", text, row["pension"], law=[f"pension_income.{age}{suffix}"]
        )
    halved = wording.terms(row, ("transfer_long", "occasional"))
    kinds = wording.terms(row, ORDINARY_KINDS)
    if halved:
        kinds.append(f"({wording.added(halved)}) ÷ 2")
    if kinds:
        add(
            "ordinary",
            "その他の総合課税の所得",
            wording.added(kinds),
            row["ordinary"],
            rule_text="所得税法22条(地方税法32条・313条)",
        )
    separate = wording.terms(row, SEPARATE_KINDS)
    if separate:
        deducted = row["separate_gross"] - row["separate"]
        less = f" - 特別控除 {wording.yen(deducted)}" if deducted else ""
        add(
            "separate",
            "分離課税の所得",
            wording.added(separate) + less,
            row["separate"],
            rule_text="租税特別措置法31条～37条の10等",
            assumed=True,
        )


def _total_income(row: dict[str, Any], salary: int) -> str:
    amounts = [salary, row["pension"], row["ordinary"], row["separate"]]
    return wording.added([wording.yen(a) for a in amounts if a])


def _base(add: Any, row: dict[str, Any], law: LawYear) -> None:
    loss = row["loss_carried_over"]
    less = f" - 繰越損失 {wording.yen(loss)}" if loss else ""
    deduction = f" - 基礎控除 {wording.yen(row['basic_deduction'])}"
    add(
        "base",
        "所得割の算定基礎",
        _total_income(row, row["salary"]) + less + deduction,
        row["base"],
        law=["basic_deduction"],
        assumed=bool(loss),
    )
    if row["involuntary_mask"] & row["insured_mask"]:
        reduced = f"給与所得 {wording.yen(row['salary'])} × {law.involuntary}"
        others = _total_income(row, 0)
        reduced += f" + {others}" if others != "0" else ""
        add(
            "base_involuntary",
            "同(非自発的失業の軽減の月)",
            reduced + less + deduction,
            row["base_involuntary"],
            law=["involuntary.income_share"],
            assumed=True,
        )


def _judged(add: Any, row: dict[str, Any], law: LawYear) -> None:
    names = ["reduction.basic"]
    shown = []
    if row["salary"]:
        shown.append(f"給与 {_salary_text(row, law)}")
        if row["salary_judged"] != row["salary_own"]:
            names.append("involuntary.income_share")
    shown += [
        f"{name} {wording.yen(row[column])}"
        for name, column in (
            ("年金", "pension_judged"),
            ("その他", "ordinary"),
            ("専従者控除の戻し", "family_worker_deduction"),
            ("分離課税(特別控除前)", "separate_gross"),
        )
        if row[column]
    ]
    text = wording.added(shown)
    for name, column in (
        ("繰越損失", "loss_carried_over"),
        ("雑損失の繰越", "casualty_loss_carried_over"),
    ):
        if row[column]:
            text += f" - {name} {wording.yen(row[column])}"
    if row["pension"] != row["pension_judged"]:
        names.append("reduction.pension_deduction_65")
        text += f"(年金は65歳以上の控除 {wording.yen(row['pension'] - row['pension_judged'])} の後)"
    add("judged", "軽減判定所得", text, row["judged"], law=names)
    if row["earner"] and law.judgement.earner_term:
        _earner(add, row, law)


def _salary_text(row: dict[str, Any], law: LawYear) -> str:
    text = wording.yen(row["salary_own"])
    if row["family_worker_salary"]:
        text += f"(専従者給与の収入 {wording.yen(row['family_worker_salary'])} を除く)"
    if row["salary_judged"] != row["salary_own"]:
        text += f" × {law.involuntary}"
    return text


def _earner(add: Any, row: dict[str, Any], law: LawYear) -> None:
    """What made the person an earner, and the threshold of that alone."""
    judgement, shown, names = law.judgement, [], []
    revenue, pension = row["salary_revenue"], row["pension_revenue"]
    own = None if revenue is None else revenue - row["family_worker_salary"]
    of_age = "_65" if row["elder_65"] else ""
    for title, amount, income, at_most, name in (
        ("給与", own, row["salary"], judgement.earner_salary_revenue, "salary_revenue"),
        (
            "年金",
            pension,
            row["pension_judged"],
            judgement.earner_pension_revenue_65 if of_age else judgement.earner_pension_revenue,
            f"pension_revenue{of_age}",
        ),
    ):
        if amount is not None and amount > at_most:
            shown.append(f"{title}収入 {wording.yen(amount)} > {wording.yen(at_most)}")
        elif amount is None and income > 0:
            shown.append(f"{title}所得 {wording.yen(income)} > 0")
        else:
            continue
        names.append(f"reduction.earner_{name}")
    add("earner", "給与所得者等", "、".join(shown), 1, unit="count", law=names)
