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
from kokuho.levy.explain_persons import add_person
from kokuho.levy.kernel import Levy
from kokuho.levy.lines import ASSUMED, ORDINANCE, Line, LineMaker
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
            add_person(make, person, law)
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
