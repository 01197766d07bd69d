"""The explanation of the four parts: income, asset, per-capita and per-household components."""

from __future__ import annotations

from typing import Any

from kokuho.base.calendar import fiscal_year_name
from kokuho.law import LawYear
from kokuho.levy import wording
from kokuho.levy.amounts import union_mask
from kokuho.levy.lines import ORDINANCE, LineMaker
from kokuho.levy.months import ALL_MONTHS
from kokuho.ordinance import OrdinanceYear

PART_TITLES = {
    "medical": "医療分",
    "support": "後期高齢者支援金分",
    "care": "介護分",
    "child": "子ども・子育て支援金分",
}
_COMPONENTS = {
    "per_capita": "均等割",
    "per_capita_adult": "18歳以上均等割",
}


def parts(
    make: LineMaker,
    house: dict[str, Any],
    people: list[dict[str, Any]],
    law: LawYear,
    ordinance: OrdinanceYear,
) -> list[dict[str, Any]]:
    """Add the lines of every part that the household is liable for; give the table of parts."""
    table = []
    for part in ordinance.parts:
        writer = _PartWriter(make, house, people, law, ordinance, part)
        if writer.liable:
            writer.write()
        table.append(writer.row())
    return table


class _PartWriter:
    def __init__(
        self,
        make: LineMaker,
        house: dict[str, Any],
        people: list[dict[str, Any]],
        law: LawYear,
        ordinance: OrdinanceYear,
        part: str,
    ) -> None:
        self.make, self.house, self.law = make, house, law
        self.ordinance, self.part, self.rates = ordinance, part, ordinance.parts[part]
        self.liability = "care" if part == "care" else "insured"
        self.people = [p for p in people if p[f"{self.liability}_mask"]]
        self.union = house[union_mask(part)]
        self.per_person = ordinance.rounding.income_component == "per_person"

    @property
    def liable(self) -> bool:
        return bool(self.union)

    def add(self, step: str, title: str, formula: str, value: int, **options: Any) -> None:
        options.setdefault("certainty", ORDINANCE)
        options.setdefault(
            "rule_text", f"条例({fiscal_year_name(self.ordinance.fiscal_year)}の率・額)"
        )
        self.make.add(self.part, step, title, formula, value, **options)

    def write(self) -> None:
        self._income("income", "所得割", "base", self.rates.income_ppm)
        if self.rates.asset_ppm:
            self._income("asset", "資産割", "asset_tax", self.rates.asset_ppm)
        for person in self.people:
            for field, title in _COMPONENTS.items():
                if getattr(self.rates, field):
                    self._per_capita(person, field, title)
        if self.rates.per_household:
            self._per_household()
        self._sum()

    def _income(self, field: str, title: str, base: str, ppm: int) -> None:
        if self.per_person:
            for person in self.people:
                if person[base]:
                    self.add(
                        f"{self.part}_{field}",
                        title,
                        f"{self._months(person, field, base)} × {wording.rate(ppm)}",
                        person[f"{self.part}_{field}"],
                        person=person["person_id"],
                        assumed=self._partial(person),
                    )
            return
        bases = [self._months(p, field, base) for p in self.people if p[base]]
        inner = wording.added(bases)
        self.add(
            f"{self.part}_{field}_sum",
            title,
            f"{f'({inner})' if len(bases) > 1 else inner} × {wording.rate(ppm)}",
            self.house[f"{self.part}_{field}_sum"],
            assumed=any(self._partial(p) for p in self.people),
        )

    def _partial(self, person: dict[str, Any]) -> bool:
        return bool(
            person[f"{self.liability}_plain"] != 12 or person[f"{self.liability}_full"] != 12
        )

    def _months(self, person: dict[str, Any], field: str, base: str) -> str:
        if field == "asset":
            count = person[f"{self.liability}_taxed_asset"]
            return wording.yen(person[base]) + wording.months_of_twelve(count)
        full, cut = person[f"{self.liability}_full"], person[f"{self.liability}_cut"]
        shown = [wording.yen(person[base]) + wording.months_of_twelve(full)] if full else []
        if cut:
            shown.append(wording.yen(person["base_involuntary"]) + wording.months_of_twelve(cut))
        return wording.added(shown)

    def _per_capita(self, person: dict[str, Any], field: str, title: str) -> None:
        unit = person[f"{self.part}_{field}_unit"]
        plain, half = person[f"{self.liability}_plain"], person[f"{self.liability}_half"]
        stated = wording.yen(getattr(self.rates, field))
        names: list[str] = []
        why = []
        if self.house["reduction"]:
            why.append(wording.REDUCTIONS[self.house["reduction"]])
            names.append("reduction.tenths")
        if self.part == "child" and person["child"]:
            why.append("18歳未満は全額減額")
            names.append("child.under_18_cut")
        elif self.part != "child" and person["preschool"] and self.law.preschool_cut:
            why.append("未就学児の減額")
            names.append("preschool.cut")
        if person["per_capita_exemption"] or (
            person["child"] and self.part != "child" and self.ordinance.exemptions
        ):
            why.append("条例の減免")
        text = stated if not why else f"{stated}({'、'.join(why)}) → {wording.yen(unit)}"
        text += wording.months_of_twelve(plain) if plain or not half else ""
        if half:
            text += f"、旧被扶養者の半額の月 {half}/12"
            names.append("former_dependant.cut")
        self.add(
            f"{self.part}_{field}",
            title,
            text,
            person[f"{self.part}_{field}"],
            person=person["person_id"],
            law=names,
            assumed=plain != 12,
        )

    def _per_household(self) -> None:
        house = self.house
        text = wording.yen(self.rates.per_household)
        names = []
        if house["reduction"]:
            text += f"({wording.REDUCTIONS[house['reduction']]})"
            names.append("reduction.tenths")
        assumed = self.union != ALL_MONTHS
        if self.part != "care":
            for mask, name in (
                ("specific_half", "特定世帯 1/2"),
                ("specific_three_quarters", "特定継続世帯 3/4"),
            ):
                if shown := house[mask] & self.union:
                    text += f"、{name} {wording.month_text(shown)}"
                    names.append(
                        "specific.half" if mask == "specific_half" else "specific.continuing"
                    )
                    assumed = True
        if house["former_union"] & self.union:
            text += f"、旧被扶養者のみの世帯 {wording.month_text(house['former_union'])}"
            names.append("former_dependant.cut")
            assumed = True
        if self.union != ALL_MONTHS:
            text += f"、{wording.month_text(self.union)}"
        self.add(
            f"{self.part}_per_household",
            "平等割",
            text,
            house[f"{self.part}_per_household"],
            law=names,
            assumed=assumed,
        )

    def _sum(self) -> None:
        house, part = self.house, self.part
        row = self.row()
        shown = [row[key] for key in ("income", "asset", "per_capita", "per_household") if row[key]]
        unit = self.ordinance.rounding.person
        per_person = f"(1人ごとに{unit}円未満切捨て)" if unit > 1 else ""
        self.add(
            f"{part}_gross",
            "合計",
            wording.added([wording.yen(a) for a in shown]) + per_person,
            row["gross"],
        )
        floor = self.ordinance.rounding.part
        text = wording.yen(row["gross"])
        names = []
        if row["gross"] > row["cap"]:
            text = f"限度額 {wording.yen(row['cap'])}"
            names = [f"cap.{part}"]
        if floor > 1:
            text += f"({floor}円未満切捨て)"
            if self.ordinance.insurer.kind == "tax":
                names.append("tax.amount_unit")
        self.add(
            part,
            PART_TITLES[part],
            text,
            house[part],
            law=names,
            assumed=row["gross"] > row["cap"] and self.union != ALL_MONTHS,
        )

    def row(self) -> dict[str, Any]:
        """The part's row in the table; components are the levy's own columns."""
        part, house = self.part, self.house
        per_capita = sum(
            person[f"{part}_{field}"]
            for person in self.people
            for field in _COMPONENTS
            if f"{part}_{field}" in person
        )
        incomes = {
            field: sum(p[f"{part}_{field}"] for p in self.people)
            if self.per_person
            else house[f"{part}_{field}_sum"]
            for field in ("income", "asset")
        }
        return {
            "part": part,
            "title": PART_TITLES[part],
            **incomes,
            "per_capita": per_capita,
            "per_household": house.get(f"{part}_per_household", 0),
            "gross": house[f"{part}_gross"],
            "cap": house[f"{part}_cap"],
            "amount": house[part],
        }
