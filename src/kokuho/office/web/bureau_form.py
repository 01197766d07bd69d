"""What a person types on the pages of the bureau's cases: a purpose, a step, a new application."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from kokuho.base.calendar import era_date
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.linkage.bureau import PURPOSES, Answer, Rule, Step
from kokuho.office.accounts import rights
from kokuho.office.household.dates import day_of
from kokuho.office.web.looking import Visit

_ = translator("web")

_PURPOSE = "bureau_purpose"


def purpose_of(request: HttpRequest) -> str:
    """What the user said, in this sitting, that they look for; empty if nothing yet."""
    purpose = request.session.get(_PURPOSE, "")
    return purpose if purpose in PURPOSES else ""


def set_purpose(request: HttpRequest, purpose: str) -> None:
    """Keep the purpose for this sitting."""
    if purpose in PURPOSES:
        request.session[_PURPOSE] = purpose


def insurer_held(visit: Visit, asked: str = "") -> str:
    """The insurer whose cases the user may see: the one that is asked for, or the first one.

    Raises:
        PermissionDenied: they hold the right for none, or not for that one.
    """
    held = rights.allowed(visit.user, rights.BUREAU_NOTICE) & set(visit.insurers)
    asked = asked or visit.request.GET.get("insurer", "")
    if not held or (asked and asked not in held):
        raise PermissionDenied
    return asked or min(held)


class StepForm:
    """One step as it was typed; what is no date or number is a mistake by its field."""

    def __init__(self, visit: Visit, rule: Rule) -> None:
        self.given = visit.request.POST
        self.rule = rule
        self.kind = self.given.get("kind", "")
        self.mistakes: dict[str, str] = {}
        self.day_text = self.given.get("day") or era_date(timezone.localdate())

    def step(self) -> Step | None:
        """The step; none if a field cannot be read."""
        day = self._day("day", self.day_text)
        since = self._day("since", self.given.get("since", "").strip())
        amount = self._amount()
        if self.mistakes or day is None:
            return None
        refers = self.given.get("refers", "")
        return Step(
            number=0,
            kind=self.kind,
            day=day,
            actor="",
            code=self.given.get("code", ""),
            text=self.given.get("text", "").strip(),
            answers=self._answers(),
            since=since,
            amount=amount,
            to=self.given.get("to", "").strip(),
            papers=tuple(line for line in self.given.get("papers", "").splitlines() if line),
            refers=int(refers) if refers.isdecimal() else None,
        )

    def _answers(self) -> tuple[Answer, ...]:
        """The items of which something was written or chosen."""
        if self.kind != "interview":
            return ()
        return tuple(
            Answer(item.code, value, how)
            for item in self.rule.items
            if (value := self.given.get(f"value-{item.code}", "").strip())
            if (how := self.given.get(f"how-{item.code}", ""))
        )

    def _day(self, name: str, text: str) -> date | None:
        if not text:
            return None
        try:
            return day_of(text)
        except ValueError:
            self.mistakes[name] = _("Not a date. Write it as R8.4.1 or 2026-04-01.")
            return None

    def _amount(self) -> int | None:
        text = self.given.get("amount", "").replace(",", "").strip()
        if text and not (text.isascii() and text.isdigit()):
            self.mistakes["amount"] = _("Not an amount in yen.")
            return None
        return int(text) if text else None


def required(text: str) -> date:
    """A day as it is typed.

    Raises:
        InputError: it is none.
    """
    try:
        return day_of(text)
    except ValueError:
        raise InputError(_("Not a date. Write it as R8.4.1 or 2026-04-01.")) from None
