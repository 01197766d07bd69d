"""Where a household head was registered (住民登録), from the register's residence facts alone.

A resident is registered here from 住民となった日 on. Whether somebody who came later was registered
elsewhere in Japan on a day, the register can tell of those alone who came from abroad; nationality
and status of residence are not read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from kokuho.base.messages import translator
from kokuho.billing import Head, Stretch, head_of
from kokuho.office.register.models import Insurer, Residence, Resident

_ = translator("office_billing")

_AT_ONCE = 500
_DAY = timedelta(days=1)


def heads(
    insurer: str, residents: Collection[int], reference: date, known: datetime | date | None = None
) -> dict[int, Head]:
    """What the register knows of the registration of residents on the reference date.

    Args:
        insurer: its code.
        residents: row numbers of the residents.
        reference: the ordinance's reference date (1 January before the levy year).
        known: the moment at which it was known; none for now.
    """
    here = Insurer.objects.get(code=insurer).name
    ordered = sorted(residents)
    numbers: dict[int, str] = {}
    homes: dict[int, list[Residence]] = defaultdict(list)
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        numbers |= dict(Resident.objects.filter(pk__in=some).values_list("pk", "address_number"))
        rows = Residence.objects.known(known).filter(resident__in=some)
        for home in rows.order_by("valid_from"):
            homes[home.resident_id].append(home)
    return {pk: head(numbers[pk], here, homes[pk], reference) for pk in ordered}


def head(number: str, here: str, homes: Sequence[Residence], reference: date) -> Head:
    """One head from the residences that the register has of them, in order.

    That there was no registration elsewhere is established where the first residence after the
    reference date began with an arrival from abroad, and nobody is known to have moved from here
    to another place in Japan before it.
    """
    began = _began(homes)
    stretches = [
        Stretch(here, day, home.valid_to and home.valid_to - _DAY)
        for day, home in zip(began, homes, strict=True)
    ]
    later = [home for day, home in zip(began, homes, strict=True) if day > reference]
    first = later[0] if later else None
    before = homes[: len(homes) - len(later)]
    left_japan = all(home.ended_by in ("moved_abroad", "") for home in before)
    complete = first is not None and first.from_abroad is True and left_japan
    return head_of(
        number, stretches, reference, complete=complete, evidence=_evidence(first, before)
    )


def _began(homes: Sequence[Residence]) -> list[date]:
    """The first day of each registration.

    The register may have heard of one late: 住民となった日 then lies before its first day here, and
    counts, unless an earlier registration ended in between.
    """
    days: list[date] = []
    for place, home in enumerate(homes):
        became = min(home.became_resident_on or home.valid_from, home.valid_from)
        ended = homes[place - 1].valid_to if place else None
        days.append(home.valid_from if ended and became < ended else became)
    return days


def _evidence(first: Residence | None, before: Iterable[Residence]) -> str:
    """What is known of where a head came from, in words."""
    earlier = [home for home in before if home.ended_by]
    if first is None:
        return _("the register has no residence after that day")
    if first.from_abroad is None:
        return _("it is not recorded where from")
    came = _("came from abroad") if first.from_abroad else _("came from elsewhere in Japan")
    if earlier and earlier[-1].ended_by != "moved_abroad":
        return came + _(", after moving from here within Japan")
    return came
