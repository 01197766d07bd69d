"""What the forms have in common with which a person records a decision."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from kokuho.base.calendar import era_date
from kokuho.base.messages import translator
from kokuho.office.household.dates import day_of
from kokuho.office.web.looking import Visit

_ = translator("web")


class DecisionForm:
    """A choice with its reason and its day: what was typed, and what is wrong with it.

    ``mistakes`` has a text for people by the name of the field.
    """

    def __init__(self, visit: Visit) -> None:
        given = visit.request.POST
        self.visit = visit
        self.choice = given.get("choice", "")
        self.reason = given.get("reason", "").strip()
        self.day_text = given.get("day") or era_date(timezone.localdate())
        self.mistakes: dict[str, str] = {}

    def decided_on(self) -> date | None:
        """The day of the decision; none if it is none, or is yet to come."""
        try:
            day = day_of(self.day_text)
        except ValueError:
            self.mistakes["day"] = _("Not a date. Write it as R8.4.1 or 2026-04-01.")
            return None
        if day > timezone.localdate():
            self.mistakes["day"] = _("A day in the future: nobody has decided then yet.")
            return None
        return day

    def check_reason(self) -> None:
        """A decision has a reason."""
        if not self.reason:
            self.mistakes["reason"] = _("Write the reason.")
