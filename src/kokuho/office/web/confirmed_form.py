"""Forms of acts that are shown to be confirmed before they are done."""

from __future__ import annotations

from datetime import date

from kokuho.base.messages import translator
from kokuho.office.household.dates import day_of
from kokuho.office.web.decision_form import DecisionForm
from kokuho.office.web.looking import Visit

_ = translator("web")


def yen_of(text: str) -> int:
    """An amount as it is typed, ``1,590,000``; 0 for what is none."""
    digits = text.replace(",", "")
    return int(digits) if digits.isascii() and digits.isdigit() else 0


class ConfirmedForm(DecisionForm):
    """An act with money: checked first, shown to be confirmed, done when it is confirmed.

    ``confirming`` is whether the page asks to confirm; ``sure`` whether the person has.
    """

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self.given = visit.request.POST
        self.sure = "sure" in self.given
        self.editing = "edit" in self.given
        self.confirming = False
        self.day: date | None = None

    def say(self, refused: str) -> bool:
        """Say why what was confirmed could not be done; whether there is something to say."""
        if refused:
            self.mistakes["choice"] = refused
        return bool(refused)

    def optional_day(self, name: str) -> date | None:
        """A day that may be left out; what is no date is a mistake."""
        text = self.given.get(name, "").strip()
        try:
            return day_of(text) if text else None
        except ValueError:
            self.mistakes[name] = _("Not a date. Write it as R8.4.1 or 2026-04-01.")
            return None
