"""Why this amount: every step of a household's levy with its rule and formula (賦課の説明).

The figures are read from the levy's own columns and never computed again; the formulas only write
out what the steps in :mod:`kokuho.levy.incomes`, ``judgement`` and ``amounts`` did.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from kokuho.base.calendar import era_date, fiscal_year_name
from kokuho.law import LawYear, for_fiscal_year
from kokuho.levy import explain_parts, wording
from kokuho.levy.incomes import ORDINARY_KINDS, SEPARATE_KINDS
from kokuho.levy.kernel import Levy
from kokuho.levy.lines import ASSUMED, ORDINANCE, Line, LineMaker
from kokuho.levy.months import ALL_MONTHS
from kokuho.ordinance import OrdinanceYear

PART_TITLES = explain_parts.PART_TITLES


@dataclass(frozen=True)
class Explanation:
    """The explanation of one household; :meth:`as_dict` is the JSON form."""

    insurer: dict[str, str]
    fiscal_year: int
    fiscal_year_name: str
    household_id: str
    made_on: str
    lines: tuple[Line, ...]
    parts: tuple[dict[str, Any], ...]
    reduction: int
    reduction_text: str
    total: int
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for JSON and for the printed page."""
        return asdict(self)


def explain(
    result: Levy, household_id: str, ordinance: OrdinanceYear, *, made_on: date
) -> Explanation:
    """Explain one household of a levy that kept its steps."""
    house = result.households.filter(household_id=household_id).row(0, named=True)
    people = result.persons.filter(household_id=household_id).to_dicts()
    law = for_fiscal_year(ordinance.fiscal_year)
    kind = ordinance.insurer.kind
    make = LineMaker(law.fiscal_year, kind)
    for person in people:
        if person["insured_mask"] or person["judging"]:
            _person(make, person, law)
    _judgement(make, house, people, law)
    parts = explain_parts.parts(make, house, people, law, ordinance)
    make.add(
        "total",
        "total",
        "年額の合計",
        wording.added([wording.yen(part["amount"]) for part in parts]),
        house["total"],
        certainty=ORDINANCE,
        rule_text="条例",
    )
    return Explanation(
        insurer={
            "code": ordinance.insurer.code,
            "name": ordinance.insurer.name,
            "kind": ordinance.insurer.kind,
        },
        fiscal_year=law.fiscal_year,
        fiscal_year_name=fiscal_year_name(law.fiscal_year),
        household_id=household_id,
        made_on=era_date(made_on),
        lines=tuple(make.lines),
        parts=tuple(parts),
        reduction=house["reduction"],
        reduction_text=wording.REDUCTIONS[house["reduction"]],
        total=house["total"],
        notes=tuple(_notes(make, ordinance)),
    )


def _notes(make: LineMaker, ordinance: OrdinanceYear) -> list[str]:
    notes = []
    if ordinance.status == "transcribed":
        notes.append("料率は公表資料から書き写したもので、条例の本文とはまだ照合していません。")
    if ordinance.status == "fictional":
        notes.append("架空の条例による計算です。")
    doubtful = [line for line in make.lines if line.certainty in ("unverified", ASSUMED)]
    if any(line.certainty == "unverified" for line in doubtful):
        notes.append("「未確認」の行は、法令の値を出典で確かめられていないか、公表例がありません。")
    if any(line.certainty == ASSUMED for line in doubtful):
        notes.append(
            "「前提」の行は、公表例がないため、端数処理や月割りの順序を設定または仮定で定めています。"
        )
    return notes


def _person(make: LineMaker, row: dict[str, Any], law: LawYear) -> None:
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
    amounts = [
        (name, row[column])
        for name, column in (
            ("給与", "salary_judged"),
            ("年金", "pension_judged"),
            ("その他", "ordinary"),
            ("専従者控除の戻し", "family_worker_deduction"),
            ("分離課税(特別控除前)", "separate_gross"),
        )
        if row[column]
    ]
    text = wording.added([f"{name} {wording.yen(value)}" for name, value in amounts])
    for name, column in (
        ("繰越損失", "loss_carried_over"),
        ("雑損失の繰越", "casualty_loss_carried_over"),
    ):
        if row[column]:
            text += f" - {name} {wording.yen(row[column])}"
    names = ["reduction.basic"]
    if row["pension"] != row["pension_judged"]:
        names.append("reduction.pension_deduction_65")
        text += f"(年金は65歳以上の控除 {wording.yen(row['pension'] - row['pension_judged'])} の後)"
    add("judged", "軽減判定所得", text, row["judged"], law=names)
    if row["earner"] and law.judgement.earner_term:
        add(
            "earner",
            "給与所得者等",
            _earner_text(row),
            1,
            unit="count",
            law=["reduction.earner_salary_revenue"],
        )


def _earner_text(row: dict[str, Any]) -> str:
    shown = [
        f"{name} {wording.yen(row[column])}"
        for name, column in (
            ("給与収入", "salary_revenue"),
            ("給与所得", "salary_income"),
            ("年金収入", "pension_revenue"),
            ("年金所得", "pension_income"),
        )
        if row[column]
    ]
    return "、".join(shown)


def _judgement(
    make: LineMaker, house: dict[str, Any], people: list[dict[str, Any]], law: LawYear
) -> None:
    judgement = law.judgement

    def add(step: str, title: str, formula: str, value: Any, **options: Any) -> None:
        make.add("judgement", step, title, formula, value, **options)

    elders = house["same_household_elders"]
    more = f" + 特定同一世帯所属者 {elders}人" if elders else ""
    add(
        "heads",
        "判定の人数",
        f"被保険者 {house['insured_count']}人{more}",
        house["heads"],
        unit="count",
        law=["reduction.per_head_5"],
    )
    incomes = [
        f"{person['person_id']}: {wording.yen(person['judged'])}"
        for person in people
        if person["judging"]
    ]
    if house["elders_income"]:
        incomes.append(f"特定同一世帯所属者 {wording.yen(house['elders_income'])}")
    add(
        "judged_income",
        "世帯の軽減判定所得",
        wording.added(incomes),
        house["judged_income"],
        law=["reduction.basic"],
    )
    extra = max(0, house["earners"] - 1)
    more = f" + {wording.yen(judgement.earner_term)} × {extra}" if extra else ""
    for tenths, per_head in ((7, 0), (5, judgement.per_head_5), (2, judgement.per_head_2)):
        heads = f" + {wording.yen(per_head)} × {house['heads']}" if per_head else ""
        names = ["reduction.basic"] + ([f"reduction.per_head_{tenths}"] if per_head else [])
        add(
            f"threshold_{tenths}",
            f"{tenths}割軽減の基準額",
            f"{wording.yen(judgement.basic)}{heads}{more}",
            house[f"threshold_{tenths}"],
            law=names + (["reduction.earner_term"] if extra else []),
        )
    if house["forced_reduction"] is not None:
        why = "公表された表の前提による"
    elif house["undeclared"]:
        why = "所得の申告がない方がいるため、軽減できません"
    else:
        why = f"{wording.yen(house['judged_income'])} を基準額と比べる"
    add("reduction", "軽減の割合", why, house["reduction"], unit="tenths", law=["reduction.tenths"])


def text(explanation: Explanation) -> str:
    """The explanation as plain text, for a terminal."""
    title = "国民健康保険税" if explanation.insurer["kind"] == "tax" else "国民健康保険料"
    out = [
        f"{explanation.insurer['name']} {explanation.fiscal_year_name} {title} 賦課の説明",
        f"世帯 {explanation.household_id}",
    ]
    heading = ""
    for line in explanation.lines:
        of_person = line.section == "persons"
        wanted = _heading(line.section, line.person if of_person else None)
        if wanted != heading:
            heading = wanted
            out += ["", f"■ {heading}"]
        whose = f"({line.person})" if line.person and not of_person else ""
        out.append(f"  {line.title}{whose}: {line.formula} = {line.value_text}")
        out.append(f"      [{line.rule}]〔{line.certainty_text}〕")
    out += [
        "",
        f"軽減: {explanation.reduction_text}",
        f"年額: {wording.yen(explanation.total)}円",
        *explanation.notes,
    ]
    return "\n".join(out)


def _heading(section: str, person: str | None) -> str:
    if person:
        return f"被保険者・世帯主 {person}"
    return {"judgement": "軽減の判定", "total": "合計"}.get(section) or PART_TITLES[section]
