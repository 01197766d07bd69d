"""Interest that deferrals and suspensions waive (猶予・執行停止に伴う延滞金の免除): days by demand.

The ledger takes them as plain intervals; what they come to in yen is its computation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Literal, cast

from kokuho.arrears.acts import Act, end_of, standing
from kokuho.arrears.suspension import extinct_from
from kokuho.law import parameter

WaivedShare = Literal["full", "half", "none"]

_BY_LAW = {
    "collection_disaster": "deferral.waived_disaster",
    "collection_hardship": "deferral.waived_hardship",
    "sale_by_office": "deferral.waived_sale",
    "sale_on_request": "deferral.waived_sale",
    "suspension": "suspension.waived",
}

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Waiver:
    """Days of a demand, both included, whose interest is waived in full or by half."""

    demand: str
    first: date
    last: date
    share: WaivedShare


def waivers(
    acts: Sequence[Act], kind: Literal["tax", "premium"], chosen: Mapping[str, str]
) -> tuple[Waiver, ...]:
    """The days whose interest the acts of a household waive, by demand; they never overlap.

    A deferral waives from its day to its last one, a suspension until the duty is gone; one that
    was ended, until that day (地方税法15条の9第1項; that nothing is taken back for days before a
    cancellation is the rule, its ただし書 is a decision of the office). Where two hold on the same
    day the greater waiver counts.

    Args:
        acts: all acts of the household.
        kind: tax or premium; for a premium the law waives nothing by itself.
        chosen: what the ordinance says (``collection.interest.waived``), by code of the deferral
            or ``suspension``.
    """
    stand = standing(acts)
    found: dict[str, list[Waiver]] = {}
    for act in stand:
        share = _share(act, kind, chosen)
        if share == "none":
            continue
        last = act.until or extinct_from(act) - _DAY
        if (end := end_of(act, stand)) is not None:
            last = min(last, end.day)
        for demand in act.demands:
            found.setdefault(demand, []).append(Waiver(demand, act.day, last, share))
    return tuple(one for demand in sorted(found) for one in _apart(found[demand]))


def _share(act: Act, kind: str, chosen: Mapping[str, str]) -> WaivedShare:
    if act.kind not in ("deferral", "suspension"):
        return "none"
    code = act.code if act.kind == "deferral" else "suspension"
    if code in chosen:
        return cast("WaivedShare", chosen[code])
    if kind == "premium":
        return "none"
    share = parameter(_BY_LAW[code]).on(act.day).value
    return "full" if share == Fraction(1) else "half"


def _apart(listed: Sequence[Waiver]) -> list[Waiver]:
    """The same days without overlaps; joined where one follows another with the same share."""
    cuts = sorted({day for one in listed for day in (one.first, one.last + _DAY)})
    made: list[Waiver] = []
    for first, after in pairwise(cuts):
        shares = {one.share for one in listed if one.first <= first <= one.last}
        if not shares:
            continue
        share: WaivedShare = "full" if "full" in shares else "half"
        last = after - _DAY
        joins = made and made[-1].last + _DAY == first and made[-1].share == share
        made.append(Waiver(listed[0].demand, made.pop().first if joins else first, last, share))
    return made
