"""How the explanation writes numbers, months and formulas in Japanese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kokuho.base.money import rate_text
from kokuho.law import Band
from kokuho.levy.months import ALL_MONTHS, MONTHS

Row = Mapping[str, Any]

KIND_NAMES = {
    "business": "営業等",
    "farming": "農業",
    "real_estate": "不動産",
    "interest": "利子",
    "dividend": "配当",
    "miscellaneous": "雑",
    "other_income": "その他",
    "transfer_short": "総合譲渡(短期)",
    "transfer_long": "総合譲渡(長期)",
    "occasional": "一時",
    "separate_transfer_short": "分離譲渡(短期)",
    "separate_transfer_long": "分離譲渡(長期)",
    "shares": "株式等譲渡",
    "listed_dividend": "上場株式配当等",
    "futures": "先物取引",
    "forestry": "山林",
}
REDUCTIONS = {0: "軽減なし", 2: "2割軽減", 5: "5割軽減", 7: "7割軽減"}


def yen(amount: int | None) -> str:
    """``1,590,000``; a missing amount is 0."""
    return f"{amount or 0:,}"


def month_numbers(mask: int) -> list[int]:
    """The calendar months of a mask, from April on."""
    return [(3 + i) % 12 + 1 for i in range(MONTHS) if mask >> i & 1]


def month_text(mask: int) -> str:
    """``4月～3月(12か月)``; gaps are written out: ``4月～6月、9月(4か月)``."""
    if not mask:
        return "なし"
    if mask == ALL_MONTHS:
        return "4月～3月(12か月)"
    runs: list[list[int]] = []
    for i in range(MONTHS):
        if mask >> i & 1:
            if runs and runs[-1][1] == i - 1:
                runs[-1][1] = i
            else:
                runs.append([i, i])
    named = [
        _month(first) if first == last else f"{_month(first)}～{_month(last)}"
        for first, last in runs
    ]
    return f"{'、'.join(named)}({len(month_numbers(mask))}か月)"


def _month(index: int) -> str:
    return f"{(3 + index) % 12 + 1}月"


def band_text(revenue: int, bands: Sequence[Band]) -> str:
    """The statutory formula of the band that a revenue lies in, with its numbers."""
    band = next(b for b in bands if b.upto is None or revenue <= b.upto)
    if band.percent == 0:
        return f"収入 {yen(revenue)} → 表の額 {yen(max(0, -band.subtract))}"
    stepped = revenue // band.step * band.step
    text = f"収入 {yen(revenue)}"
    if stepped != revenue:
        text += f" → {yen(stepped)}"
    if band.percent != 100:
        text += f" × {band.percent}%"
    if band.subtract > 0:
        text += f" - {yen(band.subtract)}"
    elif band.subtract < 0:
        text += f" + {yen(-band.subtract)}"
    return text


def terms(row: Row, names: Sequence[str]) -> list[str]:
    """The kinds of income that are not nil, each with its name: ``営業等 1,200,000``."""
    return [f"{KIND_NAMES[name]} {yen(row[name])}" for name in names if row[name]]


def added(amounts: Sequence[str]) -> str:
    """Join terms by plus signs; nothing is ``0``."""
    return " + ".join(amounts) or "0"


def rate(numerator: int) -> str:
    """``6.74%``."""
    return rate_text(numerator)


def months_of_twelve(months: int) -> str:
    """`` × 7/12``, and nothing for a full year."""
    return "" if months == MONTHS else f" × {months}/12"
