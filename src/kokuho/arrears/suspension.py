"""Suspension of execution (滞納処分の停止) and what may be written off (不納欠損)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast

from kokuho.arrears.acts import Act, end_of, standing
from kokuho.arrears.prescription import Prescription
from kokuho.base.calendar import months_after
from kokuho.law import parameter

Ground = Literal["prescribed", "suspended", "extinguished"]


def extinct_from(suspension: Act) -> date:
    """The first day on which the duty is gone, if the suspension lasts (地方税法15条の7第4項).

    It has lasted for three years when three years have passed since its day.
    """
    months = cast("int", parameter("suspension.months").on(suspension.day).value)
    return months_after(suspension.day, months) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WriteOff:
    """A demand whose right is gone: on which ground, from which day on.

    The office decides the write-off (欠損の決裁); the ledger posts it.
    """

    demand: str
    ground: Ground
    since: date


def write_off_of(
    demand: str, acts: Sequence[Act], prescribed: Prescription, on: date
) -> WriteOff | None:
    """The ground on which a demand may be written off on a day, the earliest of those there are.

    ``extinguished``: extinguished at once (15条の7第5項); ``suspended``: three years of suspension
    that nothing cancelled (15条の7第4項, 15条の8); ``prescribed``: 地方税法18条, 国保法110条.
    """
    stand = standing(acts)
    grounds: list[tuple[date, Ground]] = []
    if prescribed.completes is not None:
        grounds.append((prescribed.completes + timedelta(days=1), "prescribed"))
    for act in stand:
        if demand not in act.demands:
            continue
        if act.kind == "extinction":
            grounds.append((act.day, "extinguished"))
        if act.kind == "suspension":
            gone, end = extinct_from(act), end_of(act, stand)
            # cancelled in time it was nothing; an extinction at once is its own ground
            if end is None or end.day >= gone:
                grounds.append((gone, "suspended"))
    past = [(day, ground) for day, ground in grounds if day <= on]
    if not past:
        return None
    day, ground = min(past)
    return WriteOff(demand, ground, day)
