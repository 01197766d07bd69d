"""Acts for ``kokuho demo``: what a collector did since the books of the year before were closed.

Reminders go out by the run; everything else is recorded by :func:`record`, as the command does it,
each on its day and none after the day that the demonstration has come to. All of it is fictional.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from kokuho.arrears import KINDS, Act, Promise
from kokuho.office.arrears.act import ActRow
from kokuho.office.arrears.recording import record
from kokuho.office.arrears.reminding import remind
from kokuho.office.arrears.standing import read
from kokuho.office.arrears.whereabouts import heads_of
from kokuho.office.ledger.importing import import_receipts
from kokuho.office.register import recordings
from kokuho.office.register.models import Identity, ResidenceCard
from kokuho.office.store.recording import record as keep_fact
from kokuho.office.tenancy import seeing
from kokuho.tables import write_csv

_ACTOR = "見本"
_TERM = timedelta(days=20)  # that a reminder sets


@dataclass(frozen=True)
class _Step:
    """An act so many days after the reminder; ``ends``: the step of the story that it ends."""

    after: int
    kind: str
    code: str = ""
    text: str = ""
    until: int | None = None
    ends: int | None = None
    instalments: int = 0
    half: bool = False  # the act has an amount: half of what is owed


@dataclass(frozen=True)
class _Paid:
    """A payment so many days after the reminder: one of so many equal parts of what is owed."""

    after: int
    of: int


_AGREED = (
    _Step(12, "consultation", "counter", "収入の状況を聞いた。分けて納めたいとのこと"),
    _Step(12, "agreement", text="30日ごとに、12回で納める", instalments=12),
)
_NOTHING = "預金・勤務先・不動産を調べたが、財産がない"
_STORIES: Sequence[Sequence[_Step | _Paid]] = (
    (*_AGREED, *(_Paid(days, 12) for days in (32, 60, 91, 121, 152))),  # kept
    (*_AGREED, _Paid(32, 12)),  # missed
    (
        _Step(35, "contact", "telephone", "折り返すとのこと"),
        _Step(150, "consultation", "counter", "12月の賞与で納めたいとのこと"),
    ),
    (
        *_AGREED,
        _Paid(32, 12),
        _Step(95, "agreement_ended", "broken", "連絡がなく、2 回続けて納められない", ends=1),
        _Step(100, "demand_letter", until=120),
        _Step(125, "contact", "telephone", "応答なし"),
    ),
    (
        _Step(15, "deferral_asked", "sale_on_request", "売上が減ったため"),
        _Step(30, "deferral", "sale_on_request", "毎月の納付を条件とする", until=200),
    ),
    (
        _Step(15, "consultation", "visit", "病気で働けない"),
        _Step(20, "deferral", "collection_hardship", "診断書を確かめた", until=150),
        _Step(90, "deferral_ended", text="就労し、理由がなくなった", ends=1),
        _Step(95, "agreement", text="就労後の分納", instalments=6),
    ),
    (
        _Step(40, "demand_letter", until=60),
        _Step(70, "investigation", text="預金の照会。残高がある"),
        _Step(80, "seizure", "deposit", "架空銀行の預金", half=True),
    ),
    (
        _Step(40, "investigation", text="預金の照会。残高がある"),
        _Step(45, "seizure", "deposit", "架空銀行の預金", half=True),
        _Step(60, "sale", "deposit", "取り立てた", half=True),
        _Step(60, "seizure_ended", "collected", "取立てにより終了", ends=1),
    ),
    (_Step(50, "distribution", text="架空市税務課の差押え(不動産)に交付要求"),),
    (
        _Step(30, "investigation", text=_NOTHING),
        _Step(45, "suspension", "no_property", _NOTHING),
    ),
    (
        _Step(30, "investigation", text=_NOTHING),
        _Step(45, "suspension", "hardship", "生活が困窮している"),
        _Step(110, "suspension_ended", text="給与の収入が分かった", ends=1),
    ),
    (
        _Step(30, "residence_check", "visit", "家屋は空き家"),
        _Step(45, "suspension", "not_found", "居所も財産も分からない"),
        _Step(60, "extinction", text="徴収できないことが明らか", ends=1),
    ),
    (_Step(10, "returned_mail", "reminder", "宛所に尋ねあたらない"),),
    (
        _Step(10, "returned_mail", "reminder", "転居先不明"),
        _Step(20, "sending_address", text="000-0009 架空市見本町9番9号(勤務先に確かめた)"),
        _Step(25, "demand_letter", until=45),
    ),
    (
        _Step(10, "returned_mail", "reminder", "転居先不明"),
        _Step(25, "residence_check", "visit", "表札がない。隣の人は知らない"),
        _Step(30, "public_notice", "reminder", "市の掲示場"),
    ),
    (
        _Step(15, "residence_check", "desk", "受診も課税もない"),
        _Step(30, "residence_check", "visit", "居住の様子がない"),
        _Step(40, "residence_check", "neighbours", "家主: 昨年退去した"),
        _Step(50, "residence_check", "register_asked", "住民登録の担当に調査を依頼"),
    ),
    (
        _Step(20, "demand_letter", until=40),
        _Step(45, "consultation", "telephone", "納める見込みを聞いた"),
        _Step(70, "special_notice", text="特別療養費の事前通知"),
    ),
    (
        _Step(20, "contact", "letter", "催促の手紙"),
        _Step(45, "consultation", "counter", "入院していた"),
        _Step(70, "special_notice", text="特別療養費の事前通知"),
        _Step(80, "special_circumstances", "illness", "診断書を確かめた"),
    ),
    (
        _Step(20, "demand_letter", until=40),
        _Step(45, "consultation", "telephone", "納める意思がない"),
        _Step(70, "special_notice", text="特別療養費の事前通知"),
        _Step(110, "special_benefit", text="特別療養費の支給を始める"),
    ),
    (
        _Step(15, "exemption", "applied", "失業による減免の申請"),
        _Step(45, "exemption", "refused", "要件に当たらない"),
    ),
    (_Step(12, "acknowledgement", text="債務を承認する書面"), _Paid(20, 20)),
    (_Step(35, "contact", "telephone", "留守番電話"), _Step(80, "contact", "visit", "不在票")),
)
"""What happened with a household each, in the order of its days."""

_LITTLE = 20_000  # yen
_SOON = timedelta(days=40)  # in which a residence card of the demonstration runs out


def demonstrate(
    folder: Path, insurer: str, closed: int, until: date, tell: Callable[[str], None]
) -> None:
    """Send the reminders of the year that was closed, and record what followed.

    Args:
        folder: where the file of payments goes.
        insurer: the code of the insurer.
        closed: the fiscal year whose books were closed last; its arrears were carried over.
        until: the day that the demonstration has come to; nothing is recorded of a later one.
        tell: told of each step.
    """
    reminded_on = date(closed + 1, 6, 10)
    if reminded_on > until:
        return
    run = remind(insurer, reminded_on, reminded_on + _TERM, actor=_ACTOR)
    tell(f"督促 {run.counts.get('households', 0)}世帯")
    with seeing([insurer]):
        rows = ActRow.objects.filter(insurer_id=insurer, kind="reminder", day=reminded_on)
        largest = _largest(insurer, [row.act() for row in rows], until)
        foreign = _foreign(insurer, largest, until)
    counted, paid = 0, list[tuple[str, date, int]]()
    for story, reminder in zip(_STORIES, _turns(largest, set(foreign)), strict=False):
        numbers: list[int] = []
        for step in story:
            day = reminded_on + timedelta(days=step.after)
            if day > until:
                break
            if isinstance(step, _Paid):
                paid.append((reminder.household, day, (reminder.amount or 0) // step.of))
                continue
            act = _act(step, day, reminder, numbers)
            numbers.append(record(insurer, [act], today=day)[0].number)
            if step.kind == "sale":
                paid.append((reminder.household, day, act.amount or 0))
        counted += len(numbers)
    _pay(folder, insurer, paid, until)
    tell(f"滞納整理の記録 {counted}件、納付 {len(paid)}件")
    if foreign:
        _card(insurer, next(iter(foreign.values())), until + _SOON)
        tell("在留カードの期限 1件")


def _act(step: _Step, day: date, reminder: Act, numbers: Sequence[int]) -> Act:
    first = reminder.day
    return Act(
        number=0,
        kind=step.kind,
        day=day,
        household=reminder.household,
        demands=reminder.demands if KINDS[step.kind].demands == "required" else (),
        until=None if step.until is None else first + timedelta(days=step.until),
        code=step.code,
        amount=(reminder.amount or 0) // 2 if step.half else None,
        refers=None if step.ends is None else numbers[step.ends],
        plan=_plan(day, reminder.amount or 0, step.instalments),
        text=step.text,
        actor=_ACTOR,
    )


def _plan(day: date, owed: int, instalments: int) -> tuple[Promise, ...]:
    """Equal parts every thirty days, in whole yen; the last takes what the division leaves."""
    if not instalments:
        return ()
    part, rest = divmod(owed, instalments)
    parts = [part] * (instalments - 1) + [part + rest]
    return tuple(
        Promise(day + timedelta(days=30 * n), yen) for n, yen in enumerate(parts, 1) if yen
    )


def _largest(insurer: str, reminders: Sequence[Act], until: date) -> list[Act]:
    """In the order of the stories: first households that owe nothing else overdue, then those that
    owe more than a little, then those that owe for a year; the largest debts first.
    """
    found = read(insurer, until, [act.household for act in reminders])
    late = {house.number: house.due for house in found.households}
    old = until - timedelta(days=420)

    def place(act: Act) -> tuple[bool, bool, bool, int]:
        due, yen = late.get(act.household), act.amount or 0
        if due is None or not due.height:
            return True, True, True, 0
        other = not set(due["demand_id"]) <= set(act.demands)
        return other, yen < _LITTLE, due.filter(pl.col("due") <= old).is_empty(), -yen

    return sorted(reminders, key=place)


def _turns(largest: Sequence[Act], foreign: set[str]) -> Iterator[Act]:
    """The reminders from the largest debt down, one in three of a foreign head where there are."""
    theirs = [act for act in largest if act.household in foreign]
    others = [act for act in largest if act.household not in foreign]
    for place in range(len(largest)):
        some = theirs if theirs and (place % 3 == 2 or not others) else others
        if some:
            yield some.pop(0)


def _foreign(insurer: str, acts: Sequence[Act], on: date) -> dict[str, int]:
    """Households of these acts with a foreign head, and the head's row number."""
    heads = heads_of(insurer, {act.household for act in acts}, on)
    rows = Identity.objects.as_of(on).filter(insurer_id=insurer).exclude(nationality="JPN")
    people = set(rows.values_list("resident_id", flat=True))
    return {house: head for house, head in heads.items() if head in people}


def _pay(folder: Path, insurer: str, paid: Sequence[tuple[str, date, int]], until: date) -> None:
    """Import the payments as a file of receipts."""
    rows = [
        {"insurer_code": insurer, "reference": f"見本-滞納-{place}", "received_on": day,
         "amount": yen, "household_id": house}
        for place, (house, day, yen) in enumerate(sorted(paid, key=lambda one: one[1]), 1)
        if yen
    ]  # fmt: skip
    if rows:
        path = folder / "receipts_arrears.csv"
        write_csv(pl.DataFrame(rows), path)
        import_receipts(path, posted_on=until, actor=_ACTOR)


def _card(insurer: str, head: int, expires_on: date) -> None:
    """Let the residence card of a head run out soon."""
    with seeing([insurer], writing=True):
        card = ResidenceCard.objects.known().filter(resident=head).order_by("valid_from").last()
        if card is None:
            return
        moment = recordings.begin(insurer, actor=_ACTOR, reason="在留カードの確認")
        fact = ResidenceCard(
            resident_id=head, valid_from=card.valid_from, valid_to=card.valid_to,
            number=card.number, kind=card.kind, expires_on=expires_on,
        )  # fmt: skip
        keep_fact(moment, [fact])
