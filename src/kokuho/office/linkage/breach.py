"""Data for a breach report (漏えい等報告の資料), gathered from the logs: personal data apart.

The items are those of the report to the Personal Information Protection Commission (個人情報の保護
に関する法律施行規則8条1項各号; of specific personal information 番号法29条の4 and its rules ask for
the same). What no log knows (cause, secondary harm, measures) stays open for the office to fill.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.accounts.looks import Look
from kokuho.office.accounts.pages import pages
from kokuho.office.linkage.batch import CopyRecord
from kokuho.office.linkage.event import BatchEvent

_ = translator("linkage")

SENT = "linkage_send"
MANY = 100
"""Persons above whom a report is owed whatever the kind of data (同規則; 行政機関等)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is left out is no condition.

    Attributes:
        first, last: days, both included, as the office has them.
        users: names of users.
        pages: names of pages and commands (``kokuho.office.accounts.pages``).
        persons: address numbers.
    """

    first: date
    last: date
    users: Collection[str] = ()
    pages: Collection[str] = ()
    persons: Collection[str] = ()


@dataclass
class Seen:
    """What the logs say of one page and one user.

    Attributes:
        times: how often somebody was seen.
        first, last: when.
        persons: address numbers.
    """

    page: str
    user: str
    times: int = 0
    first: datetime | None = None
    last: datetime | None = None
    persons: set[str] = field(default_factory=set)

    def add(self, at: datetime, person: str) -> None:
        """Count one look at a person."""
        self.times += 1
        self.first = min(self.first or at, at)
        self.last = max(self.last or at, at)
        self.persons.add(person)


@dataclass(frozen=True)
class Breach:
    """What was found, by page and user."""

    wanted: Wanted
    seen: list[Seen]

    def persons(self) -> Counter[str]:
        """How often each person was seen, by address number."""
        found: Counter[str] = Counter()
        for one in self.seen:
            found.update(one.persons)
        return found

    def items(self) -> list[str]:
        """The items of personal data that were seen, each once."""
        known = pages()
        return list(dict.fromkeys(item for one in self.seen for item in known[one.page].items))


def gather(insurer: str, wanted: Wanted) -> Breach:
    """What the logs know, inside ``seeing``.

    Raises:
        InputError: the days are the wrong way round, or a page is not known.
    """
    if wanted.last < wanted.first:
        raise InputError(_("the last day is before the first"))
    for page in wanted.pages:
        if page not in pages():
            raise InputError(
                _("{page} is no page; there are: {known}").format(
                    page=page, known=", ".join(sorted(pages()))
                )
            )
    found: dict[tuple[str, str], Seen] = {}
    for page, user, at, person in (*_looks(insurer, wanted), *_sent(insurer, wanted)):
        if not wanted.persons or person in wanted.persons:
            found.setdefault((page, user), Seen(page, user)).add(at, person)
    return Breach(wanted, [found[key] for key in sorted(found)])


def _between(wanted: Wanted) -> tuple[datetime, datetime]:
    begin = timezone.make_aware(datetime.combine(wanted.first, time()))
    end = timezone.make_aware(datetime.combine(wanted.last + timedelta(days=1), time()))
    return begin, end


def _looks(insurer: str, wanted: Wanted) -> Iterator[tuple[str, str, datetime, str]]:
    begin, end = _between(wanted)
    rows = Look.objects.filter(insurer_id=insurer, at__gte=begin, at__lt=end)
    if wanted.users:
        rows = rows.filter(user__username__in=wanted.users)
    if wanted.pages:
        rows = rows.filter(page__in=wanted.pages)
    fields = ("page", "user__username", "at", "resident__address_number")
    yield from rows.values_list(*fields).iterator(chunk_size=5000)


def _sent(insurer: str, wanted: Wanted) -> Iterator[tuple[str, str, datetime, str]]:
    """Persons whose records were sent to the other side; a file that went out again counts once."""
    if wanted.pages and SENT not in wanted.pages:
        return
    begin, end = _between(wanted)
    mine = Q(actor__in=wanted.users) if wanted.users else Q()
    events = BatchEvent.objects.filter(
        mine, insurer_id=insurer, kind="sent", at__gte=begin, at__lt=end
    )
    files: dict[tuple[int, int], tuple[str, datetime]] = {}
    for batch, part, actor, at in events.order_by("at").values_list(
        "batch_id", "part", "actor", "at"
    ):
        files.setdefault((batch, part), (actor, at))
    for (batch, part), (actor, at) in files.items():
        people = CopyRecord.objects.filter(batch_id=batch, part=part)
        for person in people.values_list("person", flat=True).distinct():
            yield SENT, actor, at, person


def report(breach: Breach, insurer: str, digest: str) -> list[str]:
    """The report's data in the order of its items, without anything that names a person."""
    wanted, known = breach.wanted, pages()
    people = breach.persons()
    conditions = [
        f"{wanted.first} – {wanted.last}",
        *_stated(_("users"), wanted.users),
        *_stated(_("pages"), [known[one].title for one in wanted.pages]),
        *_stated(_("persons asked about"), [str(len(wanted.persons))] if wanted.persons else []),
    ]
    lines = [
        _("Data for a breach report (reference form; the official form is the Commission's)"),
        _("insurer {insurer}, gathered {at}").format(
            insurer=insurer, at=f"{timezone.localtime():%Y-%m-%d %H:%M}"
        ),
        "",
        _("1. Outline"),
        *(f"   {one}" for one in conditions),
        "   " + _open(),
        _("2. Items of personal data"),
        "   " + ("、".join(breach.items()) or "-"),
        _("3. Number of persons"),
        "   " + _("{count} (more than {many}: {over})").format(
            count=f"{len(people):,}", many=MANY, over=_("yes") if len(people) > MANY else _("no")
        ),
    ]  # fmt: skip
    lines += ["   " + _line(one) for one in breach.seen]
    for title in (
        _("4. Cause"), _("5. Secondary harm"), _("6. What was done for the persons"),
        _("7. Publication"), _("8. Measures against a repetition"),
    ):  # fmt: skip
        lines += [title, "   " + _open()]
    lines += [
        _("9. Other matters"),
        "   " + _("the persons are listed apart; SHA-256 of that list: {digest}").format(
            digest=digest
        ),
    ]  # fmt: skip
    return lines


def _line(seen: Seen) -> str:
    return _("{page}, {user}: {persons} persons, {times} times, {first} – {last}").format(
        page=pages()[seen.page].title, user=seen.user, persons=f"{len(seen.persons):,}",
        times=f"{seen.times:,}", first=_at(seen.first), last=_at(seen.last),
    )  # fmt: skip


def _open() -> str:
    return _("(to be filled by the office: no log knows it)")


def _stated(title: str, values: Sequence[str] | Collection[str]) -> list[str]:
    return [f"{title}: {'、'.join(sorted(values))}"] if values else []


def _at(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else "-"
