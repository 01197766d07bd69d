"""What the notices of a levy share: bills with the assessments that they were made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db.models import Sum

from kokuho.base.errors import StoreError
from kokuho.base.messages import translator
from kokuho.billing import payment_month
from kokuho.forms.papers import Insured, Month, PartAmount
from kokuho.forms.papers.letter import Channel, Instalment
from kokuho.forms.papers.levy import Part
from kokuho.law import kept
from kokuho.levy import levy
from kokuho.levy.months import MONTHS
from kokuho.office.assessment import addressees, documents
from kokuho.office.assessment.amounts import PARTS
from kokuho.office.billing import schedules as billed
from kokuho.office.billing.schedules import Schedule
from kokuho.office.ledger.overpaid import positions_overpaid
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.register.models import Assessment, Document, Resident
from kokuho.ordinance import OrdinanceYear

_ = translator("printing")

_AT_ONCE = 500


@dataclass(frozen=True)
class Bill:
    """A bill with the assessments that it was made from, and the one in whose place it came."""

    schedule: Schedule
    assessments: tuple[Assessment, ...]
    former: Schedule | None
    former_assessments: tuple[Assessment, ...]


def items(rows: Any, asked: Asked) -> list[Item]:
    """An item for each bill of a query; one that its assessments contradict is not printed."""
    if asked.household:
        rows = rows.filter(household__household_number=asked.household)
    found = []
    schedules = list(rows.order_by("pk"))
    totals = _totals(schedules)
    for schedule in schedules:
        assessed = sum(totals.get(pk, 0) for pk in schedule.assessments) - schedule.exempted
        state, reason = "print", ""
        if assessed != schedule.total:
            state = "not_billed"
            reason = _("assessed {assessed} yen, billed {billed} yen").format(
                assessed=f"{assessed:,}", billed=f"{schedule.total:,}"
            )
        found.append(
            Item(f"schedule/{schedule.pk}", schedule.household_id, schedule.payer_id,
                 schedule.total, state, reason)
        )  # fmt: skip
    return found


def control(rows: Any, asked: Asked) -> int:
    """The sum of the demands of the same bills, as the ledger posts them."""
    if asked.household:
        rows = rows.filter(household__household_number=asked.household)
    found = billed.Instalment.objects.filter(schedule__in=rows).aggregate(sum=Sum("amount"))
    return int(found["sum"] or 0)


def _totals(schedules: Iterable[Schedule]) -> dict[int, int]:
    wanted = sorted({pk for one in schedules for pk in one.assessments})
    found: dict[int, int] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = Assessment.objects.filter(pk__in=wanted[start : start + _AT_ONCE])
        found |= dict(rows.values_list("pk", "total"))
    return found


def bills(references: Sequence[str]) -> dict[str, Bill]:
    """The bills that references name."""
    numbers = {int(reference.partition("/")[2]): reference for reference in references}
    rows = Schedule.objects.filter(pk__in=list(numbers)).select_related("household", "payer")
    schedules = list(rows)
    formers = {
        (one.household_id, one.payer_id, one.fiscal_year, one.superseded_at): one
        for one in Schedule.objects.filter(
            household__in=[one.household_id for one in schedules], superseded_at__isnull=False
        )
    }
    before = {
        one.pk: formers.get((one.household_id, one.payer_id, one.fiscal_year, one.recorded_at))
        for one in schedules
    }
    concerned = [*schedules, *(one for one in before.values() if one is not None)]
    assessed = Assessment.objects.select_related("payer").in_bulk(
        sorted({pk for one in concerned for pk in one.assessments})
    )

    def of(schedule: Schedule | None) -> tuple[Assessment, ...]:
        return tuple(assessed[pk] for pk in schedule.assessments) if schedule else ()

    return {
        numbers[one.pk]: Bill(one, of(one), before[one.pk], of(before[one.pk])) for one in schedules
    }


def instalments(issue: Issue, bill: Bill) -> tuple[Instalment, ...]:
    """The demands by due date; with what stood before where the bill took another's place."""
    rows = billed.standing([one for one in (bill.schedule, bill.former) if one is not None])
    after = {_key(row): row for row in rows[bill.schedule.pk]}
    before = {_key(row): row for row in rows[bill.former.pk]} if bill.former else {}
    either = before | after
    number = bill.schedule.household.household_number
    by_hand: Channel = "direct_debit" if number in issue.debited else "slip"
    ordered = sorted(either, key=lambda key: (either[key]["due"], key))
    return tuple(
        _instalment(
            either[key],
            by_hand,
            after[key]["amount"] if key in after else 0,
            before[key]["amount"] if key in before else (0 if bill.former else None),
        )
        for key in ordered
    )


def news(issue: Issue, bill: Bill) -> tuple[Instalment, ...]:
    """The demands that a change tells: what was due already and stays as it was is no news."""
    return tuple(
        one
        for one in instalments(issue, bill)
        if one.due >= issue.issued_on or one.amount != one.before
    )


def overpaid(issue: Issue, some: Iterable[Bill]) -> dict[int, int]:
    """What was paid beyond bills on the day of issue, yen, by the row number of the bill."""
    listed = list(some)
    over: dict[tuple[str, str, int], int] = defaultdict(int)
    houses = {one.schedule.household.household_number for one in listed}
    if houses:
        rows = positions_overpaid(issue.insurer.code, houses, issue.issued_on, issue.issued_on)
        for row in rows.iter_rows(named=True):
            over[row["household_id"], row["debtor"], row["year_meant"]] += row["refundable"]
    return {
        one.schedule.pk: over[
            one.schedule.household.household_number,
            one.schedule.payer.address_number,
            one.schedule.fiscal_year,
        ]
        for one in listed
    }


def _key(row: Mapping[str, Any]) -> tuple[int, str, int]:
    return row["fiscal_year_levied"], row["channel"], row["term"]


def _instalment(
    row: Mapping[str, Any], by_hand: Channel, amount: int, before: int | None
) -> Instalment:
    ways: dict[str, Channel] = {"pension": "pension", "prepaid": "slip", "ordinary": by_hand}
    return Instalment(
        row["term"],
        row["due"],
        amount,
        before,
        channel=ways[row["channel"]],
        month=_withheld_in(row) if row["channel"] == "pension" else None,
    )


def _withheld_in(row: Mapping[str, Any]) -> Month:
    """The month of the pension; its payer remits by the 10th of the next one, the due date."""
    day = payment_month(row["term"], row["fiscal_year_meant"])
    return Month(day.year, day.month)


def channel(issue: Issue, schedule: Schedule) -> Channel:
    """How the bill is paid, as papers name it."""
    if schedule.channel == "pension":
        return "pension"
    debited = schedule.household.household_number in issue.debited
    return "direct_debit" if debited and schedule.channel == "ordinary" else "slip"


def parts(
    after: Sequence[Assessment], year: OrdinanceYear, before: Sequence[Assessment] | None = None
) -> tuple[PartAmount, ...]:
    """The parts of the levy; ``before`` where a change is told."""

    def total(some: Sequence[Assessment], part: str) -> int:
        return sum(getattr(one, part) or 0 for one in some)

    names: list[Part] = [part for part in PARTS if part in year.parts]  # type: ignore[misc]
    return tuple(
        PartAmount(part, total(after, part), None if before is None else total(before, part))
        for part in names
    )


@dataclass(frozen=True)
class Read:
    """What assessments say of months: of each, the insured with the months as sets of bits."""

    months: Mapping[int, tuple[tuple[str, int], ...]]
    household_numbers: Mapping[int, str]
    ordinances: Mapping[int, OrdinanceYear]


def read(assessments: Iterable[Assessment]) -> Read:
    """Levy assessments again, all in one go, for the months of each person.

    Raises:
        StoreError: one comes out with another amount than was decided.
    """
    some = {one.pk: one for one in assessments}
    content: dict[int, Document] = Document.objects.in_bulk(
        {key for one in some.values() for key in (one.inputs_id, one.ordinance_id, one.law_id)}
    )
    years = {
        key: documents.read_ordinance(content[key])
        for key in {one.ordinance_id for one in some.values()}
    }
    inputs = {pk: documents.read_inputs(content[one.inputs_id]) for pk, one in some.items()}
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for pk, one in some.items():
        if inputs[pk].persons:
            groups[one.law_id, one.ordinance_id].append(pk)
    months: dict[int, list[tuple[str, int]]] = {pk: [] for pk in some}
    for (law, ordinance), keys in groups.items():
        frames = [inputs[pk].frames() for pk in keys]

        persons, households = (
            pl.concat([
                both[place].with_columns(household_id=pl.lit(str(pk)))
                for pk, both in zip(keys, frames, strict=True)
            ])
            for place in (0, 1)
        )  # fmt: skip
        with kept.hold(bytes(content[law].content)):
            made = levy(persons, households, [years[ordinance]])
            for row in made.persons.iter_rows(named=True):
                if row["insured_mask"]:
                    months[int(row["household_id"])].append((row["person_id"], row["insured_mask"]))
            totals = dict(made.households.select("household_id", "total").iter_rows())
        for pk in keys:
            if totals[str(pk)] != some[pk].total:
                raise StoreError(
                    _(
                        "assessment {number}: {decided} yen were decided, and its inputs give "
                        "{made} yen; nothing is printed of it"
                    ).format(number=pk, decided=some[pk].total, made=totals[str(pk)])
                )
    return Read(
        {pk: tuple(found) for pk, found in months.items()},
        {pk: one.household_number for pk, one in inputs.items()},
        {pk: years[one.ordinance_id] for pk, one in some.items()},
    )


def insured(issue: Issue, some: Sequence[Assessment], found: Read) -> tuple[Insured, ...]:
    """The members by name and their months; a row for each stretch without a gap."""
    masks: dict[str, int] = {}
    for one in some:
        for person, mask in found.months[one.pk]:
            masks[person] = masks.get(person, 0) | mask
    if not masks:
        return ()
    names = addressees.names(issue.insurer.code, masks, issue.issued_on)
    year = some[0].valid_from.year - (some[0].valid_from.month < 4)
    return tuple(
        Insured(names.get(person, person), _month(year, first), _month(year, last))
        for person, mask in masks.items()
        for first, last in stretches(mask)
    )


def stretches(mask: int) -> list[tuple[int, int]]:
    """The first and last month, from April (0), of each stretch in a set of months."""
    found: list[tuple[int, int]] = []
    for month in range(MONTHS):
        if mask >> month & 1:
            if found and found[-1][1] == month - 1:
                found[-1] = found[-1][0], month
            else:
                found.append((month, month))
    return found


def _month(fiscal_year: int, index: int) -> Month:
    return Month(fiscal_year + (index > 8), (index + 3) % 12 + 1)


def payer_name(issue: Issue, payer: Resident) -> str:
    """The payer, as the papers name the one who owes."""
    return addressees.name_of(payer, issue.issued_on)
