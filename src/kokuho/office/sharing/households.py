"""The households with arrears as a list may show them, from the books and the register of today."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from kokuho.arrears import STATES
from kokuho.arrears import Household as Owing
from kokuho.base.calendar import PartialDate
from kokuho.base.countries import country_name
from kokuho.base.messages import japanese
from kokuho.linkage.sharing import Household
from kokuho.office.arrears.foreign import foreign_people
from kokuho.office.arrears.standing import read
from kokuho.office.household.dates import wareki
from kokuho.office.household.people import names
from kokuho.office.household.protection import households_of, protected
from kokuho.office.linkage.arrived import arrived
from kokuho.office.register.models import Household as Registered
from kokuho.office.register.models import Residence, Stay

_SEXES = {"M": "男", "F": "女", "X": "不明"}


def households(insurer: str, on: date) -> list[Household]:
    """The households with something overdue that have a head, by number, inside ``seeing``."""
    found = read(insurer, on)
    owing = [one for one in found.households if one.due.height and one.number in found.heads]
    heads = {one.number: found.heads[one.number] for one in owing}
    rows = dict(Registered.objects.filter(insurer_id=insurer).values_list("household_number", "pk"))
    foreign = foreign_people(insurer, on)
    people = names(set(heads.values()))
    addresses = _last(Residence, insurer, on, "address")
    kinds = _last(Stay, insurer, on, "kind")
    hidden = households_of(protected(on), on)
    guarded = protected(on)
    money = arrived(insurer)
    made = []
    for one in sorted(owing, key=lambda house: house.number):
        head = heads[one.number]
        person, identity = foreign.get(head), people.get(head)
        overdue = int(one.due["principal"].sum())
        if not overdue:
            continue
        oldest, months = _oldest(one)
        last = one.contacts[-1].day if one.contacts else None
        made.append(
            Household(
                resident=head,
                house=rows[one.number],
                foreign=person is not None,
                status=person.status if person else "",
                kind=kinds.get(head, ""),
                acts=frozenset(act.kind for act in one.acts),
                state=one.state,
                overdue=overdue,
                months=months,
                arrived=sum(money.get(one.number, {}).values()),
                protected=head in guarded or rows[one.number] in hidden,
                shown={
                    "household": one.number,
                    "name": (identity.kanji or identity.latin) if identity else "",
                    "kana": identity.kana if identity else "",
                    "latin": identity.latin if identity else "",
                    "birth_date": _born(identity.birth_date) if identity else "",
                    "sex": _SEXES.get(identity.sex, "") if identity else "",
                    "nationality": _country(identity.nationality) if identity else "",
                    "status": person.status if person else "",
                    "stay_until": person.stay_until if person else None,
                    "address": addresses.get(head, ""),
                    "overdue": overdue,
                    "oldest_due": oldest,
                    "months_overdue": months,
                    "state": japanese("arrears", STATES[one.state]),
                    "last_contact": last,
                },
            )
        )
    return made


def _oldest(one: Owing) -> tuple[date, int]:
    """The oldest due date of which principal is owed, and the full months since."""
    rows = one.due.filter(pl.col("principal") > 0)
    oldest, months = rows["due"].min(), rows["months"].max()
    assert isinstance(oldest, date)
    assert isinstance(months, int)
    return oldest, months


def _born(day: PartialDate | None) -> str:
    return wareki(day)


def _country(nationality: str) -> str:
    return country_name(nationality) or nationality


def _last(model: Any, insurer: str, on: date, field: str) -> dict[int, str]:
    """What the last version that has begun says of each resident."""
    rows = model.objects.known().filter(insurer_id=insurer, valid_from__lte=on)
    return dict(rows.order_by("valid_from").values_list("resident_id", field))
