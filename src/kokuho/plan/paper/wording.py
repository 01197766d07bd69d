"""How the paper writes amounts, rates, years and names. All of it exact."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.messages import translator
from kokuho.base.money import PPM

_ = translator("paper")


def _mark(message: str) -> str:
    """Mark a message for the catalogue; it is translated when it is used."""
    return message


N_ = _mark

PARTS = {
    "medical": N_("medical part"),
    "support": N_("support part"),
    "care": N_("care part"),
    "child": N_("child part"),
}
REDUCTIONS = {"7": N_("7/10"), "5": N_("5/10"), "2": N_("2/10"), "0": N_("no reduction")}
TYPES = {
    "with_children": N_("with a child up to 17"),
    "single_elder": N_("single, 65 or older"),
    "single": N_("single, below 65"),
    "elders": N_("several, all 65 or older"),
    "adults": N_("several, some below 65"),
}
LIMITS = {
    "deficit": N_("deficit of the target year"),
    "rise.yen": N_("largest yearly rise of a household (yen)"),
    "rise.percent": N_("largest yearly rise of a household (%)"),
    "benefit_share": N_("share of the per-head amounts"),
    "standard": N_("standard rates"),
    "may_fall": N_("no rate falls"),
    "part_cover": N_("{part}: what it brings in against its own contribution"),
}
CLOSING = {
    "rates": N_("rates"),
    "caps": N_("caps"),
    "collection": N_("collection rate"),
    "measures": N_("measures"),
    "fund": N_("fund"),
    "other": N_("other"),
}


def year_short(year: int) -> str:
    """A fiscal year for narrow columns: ``R8``."""
    name = fiscal_year_name(year)
    return (
        name.replace("令和元", "R1").replace("令和", "R").replace("平成", "H").removesuffix("年度")
    )


def yen(amount: int) -> str:
    """Yen with separators, below 0 with the triangle of offices."""
    return ("△" if amount < 0 else "") + f"{abs(amount):,}"


def scaled(amount: int, unit: int) -> int:
    """An amount in some unit, half up away from 0: 1,500 yen are 2 thousand."""
    size = (2 * abs(amount) + unit) // (2 * unit)
    return -size if amount < 0 else size


def thousand(amount: int | None) -> str:
    """Thousands of yen, half up; nothing where it is unknown."""
    return _("unknown") if amount is None else yen(scaled(amount, 1000))


def million(amount: int) -> str:
    """Millions of yen in words, half up."""
    return _("{amount} million yen").format(amount=yen(scaled(amount, 1_000_000)))


def signed(amount: int) -> str:
    """A change with its sign."""
    return "0" if amount == 0 else ("+" if amount > 0 else "△") + f"{abs(amount):,}"


def percent(value: Decimal | int, base: int = 1, places: int = 1) -> str:
    """A share in percent, half up; a dash where there is nothing to be a share of."""
    if base == 0:
        return "―"
    quantum = Decimal(1).scaleb(-places)
    exact = Decimal(value) * 100 / Decimal(base)
    return f"{exact.quantize(quantum, rounding=ROUND_HALF_UP)}%"


def rate(ppm: int) -> str:
    """A rate of an ordinance in percent, all its decimals, two at least."""
    exact = Decimal(ppm) * 100 / PPM
    plain = exact.normalize()
    short = int(plain.as_tuple().exponent) >= -2
    return f"{exact.quantize(Decimal('0.01')) if short else plain:f}%"


def part_name(part: str) -> str:
    """A part of the levy for people."""
    return _(PARTS[part])


def limit_name(limit: str, households: dict[str, str]) -> str:
    """A limit for people; those of model households with the household."""
    if limit.startswith("protect."):
        return _("protected: {household}").format(
            household=households.get(limit.removeprefix("protect."), limit)
        )
    if limit.startswith("part_cover."):
        part = part_name(limit.removeprefix("part_cover."))
        return _(LIMITS["part_cover"]).format(part=part)
    return _(LIMITS[limit])


def spans(years: Sequence[int]) -> str:
    """Ascending years in words, those that follow one another as a span."""
    found: list[list[int]] = []
    for year in years:
        if found and year == found[-1][1] + 1:
            found[-1][1] = year
        else:
            found.append([year, year])
    return listed([
        fiscal_year_name(first)
        if first == last
        else _("from {first} to {last}").format(
            first=fiscal_year_name(first), last=fiscal_year_name(last)
        )
        for first, last in found
    ])  # fmt: skip


def listed(words: Sequence[str]) -> str:
    """Words one after another as Japanese writes them."""
    return "、".join(words)
