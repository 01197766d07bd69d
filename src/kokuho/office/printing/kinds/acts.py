"""Acts of arrears that papers are made of: reminders and letters of demand of a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kokuho.arrears import Act
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.forms.papers import Letter, Overdue
from kokuho.office.arrears.models import ActRow
from kokuho.office.ledger.claims import claims_of
from kokuho.office.ledger.models import Claim
from kokuho.office.printing.kinds import books
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient
from kokuho.office.register.models import Resident

_ = translator("printing")

ACT_KINDS: Mapping[str, str] = {"reminder": "reminder", "demand": "demand_letter"}
"""Of which acts the papers of a run are, by the kind of the paper."""


@dataclass(frozen=True)
class Called:
    """What a paper of an act tells one debtor: the demands that are owed, with their sum."""

    act: Act
    payer: Resident
    letter: Letter
    recipient: Recipient
    overdue: tuple[Overdue, ...]

    @property
    def total(self) -> int:
        """All of it, yen."""
        return sum(one.total for one in self.overdue)


def of_run(insurer: str, asked: Asked, missing: str) -> list[Act]:
    """The acts of a run that stand, in the order of their numbers.

    Raises:
        InputError: ``missing``, where there was no such run.
    """
    rows = ActRow.objects.filter(insurer_id=insurer)
    own = rows.filter(kind=ACT_KINDS[asked.kind], run=asked.run)
    if not asked.run or not own.exists():
        raise InputError(missing.format(run=asked.run))
    if asked.household:
        own = own.filter(household_id=asked.household)
    return standing_of(insurer, own)


def items(
    insurer: str, key: str, acts: Sequence[Act], on: date, running: Mapping[str, int]
) -> list[Item]:
    """One paper for each act and debtor; ``running`` is interest that is in no entry, by demand."""
    demands = [demand for act in acts for demand in act.demands]
    claims, owed = claims_of(insurer, demands), books.owed(insurer, demands, on)
    houses, people = books.rows_of(insurer, claims.values())
    found = []
    for act in acts:
        for debtor, own in by_debtor(act, claims).items():
            yen = sum(owed.get(one.demand_id, 0) for one in own)
            more = sum(running.get(one.demand_id, 0) for one in own)
            reason = ""
            if more:
                reason = _("beside it {yen} yen of interest that runs").format(yen=f"{more:,}")
            found.append(
                Item(f"{key}/{act.number}/{debtor}", houses[act.household], people[debtor], yen,
                     "print" if yen else "paid", reason)
            )  # fmt: skip
    return found


def control(insurer: str, acts: Iterable[Act], on: date) -> int:
    """The balance of the receivable account for their demands, straight from the entries."""
    return books.receivable(insurer, {name for act in acts for name in act.demands}, on)


def called(
    issue: Issue,
    references: Sequence[str],
    running: Callable[[Iterable[Act]], Mapping[str, int]] = lambda _acts: {},
) -> Iterator[tuple[str, Called]]:
    """What the papers of :func:`items` tell, by reference; ``running`` of the acts concerned."""
    insurer, on = issue.insurer.code, issue.issued_on
    wanted = [(one, *one.split("/")[1:]) for one in references]
    acts = numbered(insurer, (int(number) for _name, number, _debtor in wanted))
    demands = [demand for act in acts.values() for demand in act.demands]
    claims = claims_of(insurer, demands)
    owed = books.owed_by_component(insurer, demands, on)
    more = running(acts.values())
    people = books.payers(insurer, (debtor for _name, _number, debtor in wanted))
    for reference, number, debtor in wanted:
        act, payer = acts[int(number)], people[debtor]
        letter, recipient = issue.letter(payer, f"{number}-{debtor}")
        overdue = tuple(
            one
            for claim in by_debtor(act, claims)[debtor]
            if (one := books.overdue(claim, owed, more.get(claim.demand_id, 0))).total
        )
        yield reference, Called(act, payer, letter, recipient, overdue)


def standing_of(insurer: str, own: object) -> list[Act]:
    """The acts of a query that were not withdrawn, in the order of their numbers."""
    rows = ActRow.objects.filter(insurer_id=insurer, kind="withdrawal")
    withdrawn = set(rows.values_list("refers", flat=True))
    listed: Iterable[ActRow] = own.order_by("number")  # type: ignore[attr-defined]
    return [row.act() for row in listed if row.number not in withdrawn]


def numbered(insurer: str, numbers: Iterable[int]) -> dict[int, Act]:
    """Acts by their numbers."""
    rows = ActRow.objects.filter(insurer_id=insurer, number__in=list(numbers))
    return {row.number: row.act() for row in rows}


def by_debtor(act: Act, claims: Mapping[str, Claim]) -> dict[str, list[Claim]]:
    """The demands of an act by who owes them."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for demand in act.demands:
        found[claims[demand].debtor].append(claims[demand])
    return dict(found)
