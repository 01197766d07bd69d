"""An explanation of a fictional household, in the form that ``kokuho levy explain`` gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Explanation = dict[str, Any]

PARTS = {
    "medical": ("医療分", 67_400, 31_000, 670_000),
    "support": ("支援金分", 22_500, 14_000, 260_000),
    "care": ("介護分", 20_000, 15_000, 170_000),
    "child": ("子ども分", 3_000, 1_944, 30_000),
}
SALARIES = {1: (5_000_000, 3_560_000), 2: (1_900_000, 1_250_000)}
TAX_LAW = "https://laws.e-gov.go.jp/law/325AC0000000226"
INCOME_TAX_LAW = "https://laws.e-gov.go.jp/law/340AC0000000033"


def _line(section: str, step: str, title: str, formula: str, value: int, rule: str) -> Explanation:
    ours = rule.startswith("見本市")
    return {
        "section": section,
        "person": None,
        "step": step,
        "title": title,
        "formula": formula,
        "value": value,
        "value_text": f"{value:,}円",
        "rule": rule,
        "source": "" if ours else TAX_LAW,
        "certainty": "ordinance" if ours else "confirmed",
        "certainty_text": "条例" if ours else "公表解答で確認",
    }


def _person_lines(number: int) -> list[Explanation]:
    revenue, income = SALARIES.get(number, (0, 0))
    base = max(0, income - 430_000)
    lines = [
        _line(
            "persons", "salary", "給与所得", f"給与収入 {revenue:,} → 表", income, "所得税法28条"
        ),
        _line(
            "persons", "gross", "合計所得金額", f"{income:,} + 0", income, "地方税法292条1項13号"
        ),
        _line(
            "persons", "deduction", "基礎控除", "2,400万円以下", 430_000, "地方税法314条の2第2項"
        ),
        _line(
            "persons",
            "base",
            "所得割の算定基礎",
            f"{income:,} - 430,000",
            base,
            "地方税法703条の4第6項",
        ),
        _line(
            "persons", "judged", "軽減判定の所得", f"{income:,}", income, "地方税法703条の5第1項"
        ),
        _line("persons", "months", "加入月数", "4月から3月", 12, "見本市国民健康保険税条例18条"),
    ]
    lines[0]["source"] = INCOME_TAX_LAW
    lines[-1]["value_text"] = "12月"
    return [line | {"person": str(number)} for line in lines]


def _judgement_lines(members: int, judged: int) -> list[Explanation]:
    threshold = 430_000 + 570_000 * members + 100_000 * (min(members, 2) - 1)
    formula = f"430,000 + 570,000 × {members} + 100,000 × {min(members, 2) - 1}"
    rule = "地方税法703条の5第1項"
    lines = [
        _line("judgement", "judged_income", "判定所得の合計", "全員の合計", judged, rule),
        _line("judgement", "threshold_2", "2割軽減の基準額", formula, threshold, rule),
        _line("judgement", "reduction", "軽減割合", f"{judged:,} > {threshold:,}", 0, rule),
    ]
    lines[1] |= {
        "certainty": "unverified",
        "certainty_text": "未確認",
    }
    lines[2]["value_text"] = "軽減なし"
    return lines


def _part_lines(part: str, members: int, bases: list[int]) -> tuple[list[Explanation], Explanation]:
    title, rate, unit, cap = PARTS[part]
    income = sum(bases) * rate // 1_000_000
    per_capita = unit * members
    gross = income + per_capita
    amount = min(gross, cap) // 100 * 100
    own = "見本市国民健康保険税条例3条"
    lines = [
        _line(part, "base", "算定基礎の合計", " + ".join(f"{b:,}" for b in bases), sum(bases), own),
        _line(part, "income", "所得割", f"{sum(bases):,} × {rate / 10_000:.2f}%", income, own),
    ]
    for number in range(1, members + 1):
        unit_line = _line(part, "unit", "均等割", f"{unit:,} × 12 ÷ 12", unit, own)
        lines.append(unit_line | {"person": str(number)})
    cut = "地方税法20条の4の2第3項"
    lines += [
        _line(part, "gross", "計", f"{income:,} + {per_capita:,}", gross, own),
        _line(part, "cap", "限度額の適用", f"min({gross:,}, {cap:,})", min(gross, cap), own),
        _line(part, "amount", "年額", f"{min(gross, cap):,} → 100円未満切捨て", amount, cut),
    ]
    summary = {
        "part": part,
        "title": title,
        "income": income,
        "asset": 0,
        "per_capita": per_capita,
        "per_household": 0,
        "gross": gross,
        "cap": cap,
        "amount": amount,
    }
    return lines, summary


def make_explanation(members: int) -> Explanation:
    """A household of so many members, all in the care part, two of them earners."""
    bases = [max(0, SALARIES.get(n, (0, 0))[1] - 430_000) for n in range(1, members + 1)]
    judged = sum(SALARIES.get(n, (0, 0))[1] for n in range(1, members + 1))
    lines = [line for n in range(1, members + 1) for line in _person_lines(n)]
    lines += _judgement_lines(members, judged)
    parts = []
    for part in PARTS:
        part_lines, summary = _part_lines(part, members, bases)
        lines += part_lines
        parts.append(summary)
    total = sum(part["amount"] for part in parts)
    adding = " + ".join(f"{part['amount']:,}" for part in parts)
    lines.append(_line("total", "total", "年額", adding, total, "見本市国民健康保険税条例2条"))
    return {
        "insurer": {"code": "000000", "name": "見本市", "kind": "tax"},
        "fiscal_year": 2026,
        "fiscal_year_name": "令和8年度",
        "household_id": "見本-0001",
        "made_on": "令和8年11月24日",
        "lines": lines,
        "parts": parts,
        "reduction": 0,
        "reduction_text": "軽減なし",
        "total": total,
        "notes": [
            "「未確認」の行は、法令の値を出典で確かめられていないか、公表例がありません。",
            "この世帯は見本であり、実在しません。",
        ],
    }


@pytest.fixture
def explanation() -> Callable[[int], Explanation]:
    return make_explanation
