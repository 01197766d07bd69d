"""Decisions on relief (減免): granted ones from the register, refused ones from the arrears record.

The levy keeps its amounts, as each ordinance cuts something else; the bills take the decision's own
amount off, or the yen that its share came to. Its notice tells what was demanded before it, what is
demanded after it and the new terms, by the first bill that takes it off; it waits for that bill.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Sum

from kokuho.arrears import Act
from kokuho.base.calendar import fiscal_year_of
from kokuho.base.messages import translator
from kokuho.forms.papers import Paper, ReliefNotice
from kokuho.office.arrears.models import ActRow
from kokuho.office.arrears.whereabouts import heads_of
from kokuho.office.billing.models import Schedule
from kokuho.office.printing.kinds import exemptions, schedules
from kokuho.office.printing.kinds.acts import numbered, standing_of
from kokuho.office.printing.kinds.exemptions import Taken
from kokuho.office.printing.kinds.issue import APPEAL_MONTHS, Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient
from kokuho.office.register.decision_rules import NOT_LEVIED
from kokuho.office.register.exemptions import Exemption
from kokuho.office.register.exemptions import exemptions as decisions
from kokuho.office.register.models import Household, HouseholdDecision
from kokuho.office.store.slices import slices

_ = translator("printing")

_MISSING = "(未設定:理由)"
_GRANTED, _REFUSED = "relief/granted/", "relief/refused/"
"""Granted and refused ones are counted apart; so are their numbers on paper."""


class _Relief:
    key = "relief"

    def needs(self) -> tuple[str, ...]:
        return ()

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        """Those decided by the day, whenever their relief begins."""
        return [*_granted_items(insurer, asked, on), *_refused_items(insurer, asked, on)]

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        """The amounts of the decisions and, as first billed, of shares, by the database."""
        listed = _granted(insurer, asked, on)[0]
        total = 0
        for some in slices(one.number for one in listed):
            found = HouseholdDecision.objects.filter(pk__in=some).aggregate(sum=Sum("amount"))
            total += int(found["sum"] or 0)
        shares = {(one.household, one.since.isoformat()) for one in listed if one.amount is None}
        return total + exemptions.first_billed(shares)

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        granted = {int(o.rpartition("/")[2]): o for o in references if o.startswith(_GRANTED)}
        refused = {int(o.rpartition("/")[2]): o for o in references if o.startswith(_REFUSED)}
        return _granted_papers(issue, granted) | _refused_papers(issue, refused)


def _granted(insurer: str, asked: Asked, on: date) -> tuple[list[Exemption], list[Exemption]]:
    """The decisions that stand and were asked for; all that their households ever had."""
    rows = HouseholdDecision.objects.known().filter(insurer_id=insurer, kind=NOT_LEVIED)
    if asked.household:
        rows = rows.filter(household__household_number=asked.household)
    every = decisions(rows.values_list("household_id", flat=True).distinct())
    since = asked.since or date.min
    return [one for one in every if one.known() and since <= one.day <= on], every


def _granted_items(insurer: str, asked: Asked, on: date) -> list[Item]:
    listed, every = _granted(insurer, asked, on)
    taken = exemptions.taken(every)
    houses = Household.objects.in_bulk({one.household for one in listed})
    numbers = {pk: one.household_number for pk, one in houses.items()}
    heads = heads_of(insurer, numbers.values(), on)
    found = []
    for one in listed:
        own = taken.get(one.number, Taken(None))
        payer = own.payer or heads.get(numbers[one.household])
        if payer is not None:
            reference = f"{_GRANTED}{one.number}"
            found.append(Item(reference, one.household, payer, own.amount, *_state(one, own)))
    return found


def _state(one: Exemption, own: Taken) -> tuple[str, str]:
    if one.amount is None and one.share_ppm is None:
        return "unfit", _("the decision does not say how many yen")
    if own.payer is None:
        return "not_billed", _("nothing is billed for {year}").format(year=one.fiscal_year)
    if own.bill is None and one.amount is None:
        return "unfit", _(
            "the bills do not take the share off yet: `kokuho bill changes` does, where the "
            "ordinance says what it is of (billing.household_exemption)"
        )
    if own.bill is None:
        return "not_billed", _(
            "the bills do not take it off yet (from {since}); `kokuho bill changes` makes them"
        ).format(since=one.since)
    if own.amount > own.before:
        return "unfit", _("{amount} yen are more than is billed").format(amount=f"{own.amount:,}")
    return "print", ""


def _granted_papers(
    issue: Issue, references: Mapping[int, str]
) -> dict[str, tuple[Paper, Recipient]]:
    houses = HouseholdDecision.objects.filter(pk__in=list(references)).values_list("household_id")
    every = decisions(house for (house,) in houses)
    taken = exemptions.taken(every)
    bills = schedules.bills(
        [f"schedule/{own.bill.pk}" for number in references if (own := taken[number]).bill]
    )
    over = schedules.overpaid(issue, bills.values())
    reasons = _reasons(issue.insurer.code, {one.household for one in every})
    found: dict[str, tuple[Paper, Recipient]] = {}
    for one in every:
        if one.number not in references:
            continue
        own = taken[one.number]
        assert own.bill is not None  # it was planned with one
        bill = bills[f"schedule/{own.bill.pk}"]
        payer = bill.schedule.payer
        letter, recipient = issue.letter(payer, f"減免-{one.number}")
        paper = ReliefNotice(
            letter=letter,
            fiscal_year=one.fiscal_year,
            payer=schedules.payer_name(issue, payer),
            granted=True,
            before=own.before,
            relief=own.amount,
            after=own.before - own.amount,
            reason=reasons.get((one.household, one.day)) or _MISSING,
            instalments=schedules.news(issue, bill) if own.last else (),
            basis=issue.text("relief"),
            redress=issue.text("redress"),
            appeal_months=APPEAL_MONTHS,
            channel=schedules.channel(issue, bill.schedule),
            overpaid=over.get(bill.schedule.pk, 0) if own.last else 0,
            elsewhere=not own.last,
        )
        found[references[one.number]] = paper, recipient
    return found


def _reasons(insurer: str, houses: Iterable[int]) -> dict[tuple[int, date], str]:
    """Why relief was granted, as the arrears record has it, by household and day of decision."""
    rows = ActRow.objects.filter(insurer_id=insurer, kind="exemption", code="granted")
    found: dict[tuple[int, date], str] = {}
    for some in slices(houses):
        named = Household.objects.filter(pk__in=some).values_list("household_number", "pk")
        numbers = dict(named)
        for act in standing_of(insurer, rows.filter(household_id__in=list(numbers))):
            found[numbers[act.household], act.day] = act.text
    return found


def _refused_items(insurer: str, asked: Asked, on: date) -> list[Item]:
    rows = ActRow.objects.filter(insurer_id=insurer, kind="exemption", code="refused", day__lte=on)
    if asked.since is not None:
        rows = rows.filter(day__gte=asked.since)
    if asked.household:
        rows = rows.filter(household_id=asked.household)
    acts = standing_of(insurer, rows)
    houses, bills = _standing_bills(insurer, acts)
    heads = heads_of(insurer, houses, on)
    found = []
    for act in acts:
        bill = bills.get((act.household, fiscal_year_of(act.day)))
        payer = bill.payer_id if bill else heads.get(act.household)
        reason = ""
        if bill is None:
            reason = _("nothing is billed for {year}").format(year=fiscal_year_of(act.day))
        if payer is not None:
            found.append(
                Item(f"{_REFUSED}{act.number}", houses[act.household], payer, 0,
                     "not_billed" if reason else "print", reason)
            )  # fmt: skip
    return found


def _refused_papers(
    issue: Issue, references: Mapping[int, str]
) -> dict[str, tuple[Paper, Recipient]]:
    acts = numbered(issue.insurer.code, references)
    bills = _standing_bills(issue.insurer.code, list(acts.values()))[1]
    found: dict[str, tuple[Paper, Recipient]] = {}
    for number, act in acts.items():
        bill = bills[act.household, fiscal_year_of(act.day)]
        letter, recipient = issue.letter(bill.payer, f"不承認-{number}")
        paper = ReliefNotice(
            letter=letter,
            fiscal_year=bill.fiscal_year,
            payer=schedules.payer_name(issue, bill.payer),
            granted=False,
            before=bill.total,
            relief=0,
            after=bill.total,
            reason=act.text or _MISSING,
            instalments=(),
            basis=issue.text("relief"),
            redress=issue.text("redress"),
            appeal_months=APPEAL_MONTHS,
        )
        found[references[number]] = paper, recipient
    return found


def _standing_bills(
    insurer: str, acts: Sequence[Act]
) -> tuple[dict[str, int], dict[tuple[str, int], Schedule]]:
    """The rows of the households of acts; the bills that stand of them, by household and year."""
    houses: dict[str, int] = {}
    bills: dict[tuple[str, int], Schedule] = {}
    for some in slices(act.household for act in acts):
        rows = Household.objects.filter(insurer_id=insurer, household_number__in=some)
        numbers = dict(rows.values_list("pk", "household_number"))
        houses |= {number: pk for pk, number in numbers.items()}
        standing = Schedule.objects.known().filter(insurer_id=insurer, household__in=list(numbers))
        for bill in standing.select_related("payer").order_by("pk"):
            bills[numbers[bill.household_id], bill.fiscal_year] = bill
    return houses, bills


RELIEF = _Relief()
