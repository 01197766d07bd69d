"""The explanation of the four parts: income, asset, per-capita and per-household components."""

from __future__ import annotations

from fractions import Fraction
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
                        f"{_bracketed(self._months(person, field, base))} × {wording.rate(ppm)}",
                        person[f"{self.part}_{field}"],
                        person=person["person_id"],
                        assumed=self._partial(person),
                    )
            return
        bases = [self._months(p, field, base) for p in self.people if p[base]]
        self.add(
            f"{self.part}_{field}_sum",
            title,
            f"{_bracketed(wording.added(bases))} × {wording.rate(ppm)}",
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
        shown = []
        if full or not cut:
            shown.append(wording.yen(person[base]) + wording.months_of_twelve(full))
        if cut:
            shown.append(wording.yen(person["base_involuntary"]) + wording.months_of_twelve(cut))
        return wording.added(shown)

    def _reduced(self, text: str) -> str:
        """The formula of an amount after the statutory reduction, as the ordinance rounds it."""
        tenths, rounding = self.house["reduction"], self.ordinance.rounding
        if not tenths:
            return text
        if rounding.reduction == "reduction_amount":
            unit = rounding.reduction_unit
            return f"{text} - {text} × {tenths}/10({unit}円未満切上げ)"
        return f"{text} × {10 - tenths}/10"

    def _reasons(self) -> list[str]:
        reduction = self.house["reduction"]
        return [wording.REDUCTIONS[reduction]] if reduction else []

    def _child_cut(self, person: dict[str, Any]) -> tuple[str, str, str] | None:
        """The cut for a child: what is left as a factor, why, and the number of the law."""
        law, exemption = self.law, self.ordinance.exemption
        if self.part == "child":
            return (" × 0", "18歳未満は全額減額", "child.under_18_cut") if person["child"] else None
        if person["preschool"]:
            if own := exemption("preschool_per_capita"):
                return f" × {1 - own}", "条例による未就学児の減額", ""
            if law.preschool_cut:
                return f" × {1 - law.preschool_cut}", "未就学児の減額", "preschool.cut"
        elif person["child"] and (own := exemption("under_18_per_capita")):
            return f" × {1 - own}", "条例による18歳未満の減額", ""
        return None

    def _per_capita(self, person: dict[str, Any], field: str, title: str) -> None:
        unit = person[f"{self.part}_{field}_unit"]
        plain, half = person[f"{self.liability}_plain"], person[f"{self.liability}_half"]
        stated = wording.yen(getattr(self.rates, field))
        text, why = self._reduced(stated), self._reasons()
        names = ["reduction.tenths"] if why else []
        if cut := self._child_cut(person):
            factor, reason, name = cut
            text = f"({text}){factor}" if " - " in text else text + factor
            why.append(reason)
            names += [name] if name else []
        if share := person["per_capita_exemption"]:
            text += f" - {stated} × {wording.rate(share)}"
            why.append("条例の減免")
        if why:
            text += f"({'、'.join(why)})"
        if why and (plain != 12 or half):
            text += f" → {wording.yen(unit)}"
        terms = [text + wording.months_of_twelve(plain)] if plain or not half else []
        if half:
            kept = 1 - self.law.former_dependant_cut
            at_most = unit > getattr(self.rates, field) * kept
            amount = f"{stated} × {kept}" if at_most else text if not plain else wording.yen(unit)
            counted = wording.months_of_twelve(half)
            terms.append(f"{amount}{counted}(旧被扶養者は半額まで)")
            names.append("former_dependant.cut")
        text = wording.added(terms)
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
        house, law = self.house, self.law
        classes = [("", "", Fraction(1), self.union)]
        if self.part != "care":
            three = house["specific_three_quarters"] & self.union
            half = house["specific_half"] & self.union
            classes = [
                ("", "", Fraction(1), self.union & ~half & ~three),
                ("特定世帯", "specific.half", law.specific_half, half),
                ("特定継続世帯", "specific.continuing", law.specific_continuing, three),
            ]
        terms, why = [], self._reasons()
        names = ["reduction.tenths"] if why else []
        for reason, name, left, months in classes:
            former = house["former_union"] & months
            for mask, relieved in ((months & ~former, False), (former, True)):
                if not mask:
                    continue
                terms.append(self._of_household(left, mask, relieved=relieved))
                of_months = f" {wording.month_text(mask)}"
                if reason:
                    why.append(reason + of_months)
                    names.append(name)
                if relieved:
                    why.append("旧被扶養者のみの世帯" + of_months)
                    names.append("former_dependant.cut")
        self.add(
            f"{self.part}_per_household",
            "平等割",
            wording.added(terms) + (f"({'、'.join(why)})" if why else ""),
            house[f"{self.part}_per_household"],
            law=names,
            assumed=self.union != ALL_MONTHS or len(why) > len(self._reasons()),
        )

    def _of_household(self, left: Fraction, months: int, *, relieved: bool) -> str:
        """The yearly amount of one class of months, and how many they are."""
        stated, kept = wording.yen(self.rates.per_household), 1 - self.law.former_dependant_cut
        if relieved and left * (10 - self.house["reduction"]) / 10 > kept:
            text = f"{stated} × {kept}"
        else:
            text = self._reduced(stated if left == 1 else f"{stated} × {left}")
        counted = wording.months_of_twelve(months.bit_count())
        return f"({text}){counted}" if counted and " - " in text else text + counted

    def _sum(self) -> None:
        house, part, rounding = self.house, self.part, self.ordinance.rounding
        row = self.row()
        if rounding.person > 1:
            shown = [f"{p['person_id']}: {wording.yen(p[f'{part}_share'])}" for p in self.people]
            shown += [wording.yen(row["per_household"])] if row["per_household"] else []
            text = f"{wording.added(shown)}(1人ごとに{rounding.person}円未満切捨て)"
        else:
            keys = ("income", "asset", "per_capita", "per_household")
            text = wording.added([wording.yen(row[key]) for key in keys if row[key]])
        self.add(f"{part}_gross", "合計", text, row["gross"])
        text = wording.yen(row["gross"])
        names = []
        over = row["gross"] > row["cap"]
        if over:
            prorated = self.ordinance.months.cap == "prorated"
            months = wording.months_of_twelve(self.union.bit_count()) if prorated else ""
            text += f" > 限度額 {wording.yen(self.rates.cap)}{months}"
            names = [f"cap.{part}"]
        if rounding.part > 1:
            text += f"({rounding.part}円未満切捨て)"
            if self.ordinance.insurer.kind == "tax":
                names.append("tax.amount_unit")
        self.add(
            part,
            PART_TITLES[part],
            text,
            house[part],
            law=names,
            assumed=over and self.union != ALL_MONTHS,
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


def _bracketed(sum_: str) -> str:
    """A sum in brackets, so that what follows is of all of it."""
    return f"({sum_})" if " + " in sum_ else sum_
