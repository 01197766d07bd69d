"""What is registered of the persons of one household: for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from kokuho.linkage.changes import unpaid
from kokuho.linkage.messages.record import CollectionRecord
from kokuho.office.linkage import copies
from kokuho.office.linkage.batch import CopyRecord
from kokuho.office.linkage.status import unanswered
from kokuho.office.register.models import Resident


@dataclass(frozen=True, slots=True)
class PersonState:
    """A person's copies as they were released last; yen.

    Attributes:
        person: address number.
        resident: row number; ``None`` where the register has no such person.
        records: how many.
        unpaid: overdue, less what has arrived and is not posted.
        reported: that.
        later: not due yet.
        as_of: the newest moment of the books among them.
        by_hand: whether it is not answered automatically.
        under_way: whether the other side has not confirmed some of it: it may still say what it
            said before.
    """

    person: str
    resident: int | None
    records: int
    unpaid: int
    reported: int
    later: int
    as_of: datetime
    by_hand: bool
    under_way: bool


def registered_of(insurer: str, household: str) -> list[PersonState]:
    """The persons with records of a household, by number, inside ``seeing``.

    What was released last, whether it has arrived or not.
    """
    of_person: dict[str, list[CollectionRecord]] = {}
    for one in copies.registered(insurer, "household", [household]).values():
        if one.record.action == "register":
            of_person.setdefault(one.record.person, []).append(one.record)
    rows = Resident.objects.filter(insurer_id=insurer, address_number__in=of_person)
    residents = dict(rows.values_list("address_number", "pk"))
    open_ = CopyRecord.objects.filter(
        insurer_id=insurer, household=household, batch__number__in=unanswered(insurer)
    )
    under_way = set(open_.values_list("person", flat=True))
    return [
        PersonState(
            person=person,
            resident=residents.get(person),
            records=len(own),
            unpaid=sum(unpaid(one) for one in own),
            reported=sum(one.reported for one in own),
            later=sum(one.later for one in own),
            as_of=localtime(max(one.as_of for one in own)),
            by_hand=any(one.by_hand for one in own),
            under_way=person in under_way,
        )
        for person, own in sorted(of_person.items())
    ]
