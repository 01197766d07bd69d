"""One paper alone, and a paper again (再発行)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Max
from django.utils import timezone

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.forms.papers import Paper
from kokuho.forms.press import Sides, press, sides
from kokuho.office.printing.afterwards import note
from kokuho.office.printing.batch import composer_of
from kokuho.office.printing.digests import content_digest, digest
from kokuho.office.printing.insurers import insurer_of
from kokuho.office.printing.kinds import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient
from kokuho.office.printing.record import Printed
from kokuho.office.printing.sender import Office
from kokuho.office.printing.states import state_name
from kokuho.office.register.models import Resident
from kokuho.office.tenancy import seeing

_ = translator("printing")

COPY = "(再発行{number})"
"""Behind the number of a paper that was printed before, on every side and page."""


Deliver = Callable[[bytes], object]
"""Takes the PDF, before the record is written: a paper that nobody has is not recorded."""


@dataclass(frozen=True)
class Done:
    """The papers of a household that were printed, and of each other one why it was not."""

    printed: Sequence[Printed]
    left: Sequence[str]


def print_household(
    insurer: str, asked: Asked, issued_on: date, office: Office, actor: str, deliver: Deliver
) -> Done:
    """Print those papers of a kind for one household that can be printed, and record them.

    Raises:
        InputError: there are none, or none of them can be printed; it says of each why.
        KokuhoError: as for a batch.
    """
    composer = composer_of(asked)
    with seeing([insurer], writing=True):
        issue = Issue(insurer_of(insurer, asked), issued_on, office)
        items = list(composer.items(insurer, asked, issued_on))
        if not items:
            raise InputError(
                _("There is no such paper for household {household}.").format(
                    household=asked.household
                )
            )
        reasons = {item.reference: _refused(issue, item, asked.kind) for item in items}
        left = [reason for reason in reasons.values() if reason]
        items = [item for item in items if not reasons[item.reference]]
        if not items:
            raise InputError("\n".join(left))
        papers = composer.papers(issue, [item.reference for item in items])
        made = [_sides(*papers[item.reference]) for item in items]
        pressed = press(made, issued_on)
        records = [
            _record(insurer, asked.kind, item, papers[item.reference][1], one, pages, issued_on,
                    actor)
            for item, one, pages in zip(items, made, pressed.pages, strict=True)
        ]  # fmt: skip
        for record in records:
            record.save()
        note(insurer, records)
        deliver(pressed.content)
    return Done(records, left)


def print_again(insurer: str, number: int, office: Office, actor: str, deliver: Deliver) -> Printed:
    """Print a paper again as it was issued, marked as a reprint; it goes to where the payer is now.

    Raises:
        InputError: there is no such paper, or what it tells of reads otherwise today.
    """
    with seeing([insurer], writing=True):
        first = Printed.objects.filter(insurer_id=insurer, pk=number).first()
        if first is None:
            raise InputError(_("There is no printed paper {number}.").format(number=number))
        asked = Asked(first.kind)
        composer = composer_of(asked, complete=False)
        issue = Issue(insurer_of(insurer, asked), first.issued_on, office, timezone.localdate())
        paper, recipient = composer.papers(issue, [first.reference])[first.reference]
        languages = tuple(code for code in first.languages.split() if code != "ja")
        recipient = replace(recipient, languages=languages)
        if content_digest(_sides(paper, recipient)) != first.content:
            raise InputError(
                _(
                    "Paper {number} would not read as it did: what it tells of, the slots or the "
                    "texts changed since. It is not printed as a copy of it."
                ).format(number=number)
            )
        same = Printed.objects.filter(
            insurer_id=insurer, kind=first.kind, reference=first.reference
        )
        copies = (same.aggregate(last=Max("copy"))["last"] or 0) + 1
        letter = replace(paper.letter, number=paper.letter.number + COPY.format(number=copies))
        made = _sides(replace(paper, letter=letter), recipient)
        pressed = press([made], first.issued_on)
        item = Item(first.reference, first.household_id, first.payer_id, first.amount)
        record = _record(
            insurer, first.kind, item, recipient, made, pressed.pages[0], first.issued_on, actor
        )
        record.copy, record.content = copies, first.content
        record.save()
        deliver(pressed.content)
    return record


def _refused(issue: Issue, item: Item, kind: str) -> str:
    """Why a paper is not printed; empty where it is."""
    reason = ""
    if item.state != "print":
        reason = ": ".join(filter(None, (state_name(item.state), item.reason)))
    else:
        try:
            issue.recipients.of(Resident.objects.get(pk=item.payer))
        except InputError as error:
            reason = str(error)
    if reason:
        return _("The paper {reference} cannot be printed: {reason}").format(
            reference=item.reference, reason=reason
        )
    before = Printed.objects.filter(kind=kind, reference=item.reference).order_by("pk").first()
    if before is None:
        return ""
    return _(
        "The paper {reference} was printed on {day} as number {number}; "
        "`kokuho print again {number}` prints it again."
    ).format(
        reference=item.reference, day=timezone.localdate(before.printed_at), number=before.pk
    )  # fmt: skip


def _sides(paper: Paper, recipient: Recipient) -> Sides:
    return sides(paper, recipient.languages)


def _record(
    insurer: str,
    kind: str,
    item: Item,
    recipient: Recipient,
    made: Sides,
    pages: int,
    issued_on: date,
    actor: str,
) -> Printed:
    return Printed(
        insurer_id=insurer, kind=kind, reference=item.reference, household_id=item.household,
        payer_id=item.payer, languages=" ".join(["ja", *recipient.languages]), pages=pages,
        amount=item.amount, digest=digest(made), content=content_digest(made),
        issued_on=issued_on, printed_at=timezone.now(), actor=actor,
    )  # fmt: skip
