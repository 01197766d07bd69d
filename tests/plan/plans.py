"""Small fictional plans for the tests."""

from __future__ import annotations

from typing import Any

from kokuho.plan import Plan
from tests.plan.invented import declared


def plan(
    amounts: list[int] | dict[int, int],
    *,
    first: int = 2026,
    deficit: int | None = None,
    **changes: Any,
) -> Plan:
    """A plan that reduces 法定外繰入 by these amounts and holds together; its deficit is their sum.

    ``changes`` are keys of the plan file that replace the ones made here.
    """
    if isinstance(amounts, list):
        amounts = dict(enumerate(amounts, start=first))
    total = sum(amounts.values()) if deficit is None else deficit
    last = max(amounts)
    data: dict[str, Any] = {
        "format": "kokuho-plan/1",
        "unit": "thousand_yen",
        "insurer": {"prefecture": "架空県", "number": "99", "name": "見本市"},
        "period": {"first_year": min(amounts), "last_year": last},
        "occurrence": {
            "year": min(amounts) - 2,
            "basis": "settlement",
            "other_transfer": total,
            "advance_increase": 0,
            "total": total,
            "surplus": 0,
            "after_surplus": total,
            "form5_subtotal": total,
        },
        "policy": {"target_year": last},
        "measures": [{"name": "歳入の確保", "yearly": dict(amounts)}],
        "years": [
            {
                "year": year,
                "planned": {"other_transfer": amount, "advance_increase": 0},
                "actual": "unknown",
            }
            for year, amount in sorted(amounts.items())
        ],
    }
    made = Plan.model_validate(data)
    return Plan.model_validate(
        {**made.model_dump(), "declared": [one.model_dump() for one in declared(made)], **changes}
    )
