"""The forms of refunds: what is typed, what is wrong with it, and whether it was confirmed."""

from __future__ import annotations

from datetime import date

from kokuho.base.messages import translator
from kokuho.office.household.dates import day_of
from kokuho.office.web.decision_form import DecisionForm
from kokuho.office.web.looking import Visit

_ = translator("web")

CAUSES = {
    "assessment": "賦課決定の減額",
    "income_tax": "所得税の申告・更正による減額",
    "annulled": "賦課決定などの無効・取消し",
    "law": "法令・条例の改正",
    "mistake": "誤って、または二重に納付した",
}
"""Why an amount is overpaid, by :class:`kokuho.ledger.Cause`, as the form says it."""


class RefundForm(DecisionForm):
    """An act for a refund: checked first, shown to be confirmed, done when it is confirmed.

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


class AskForm(RefundForm):
    """Asking for a refund (還付伺い) of what is overpaid, or of a part of it."""

    def __init__(self, visit: Visit, most: int) -> None:
        super().__init__(visit)
        self.most = most
        self.amount_text = self.given.get("amount", f"{most:,}").strip()
        self.amount = 0
        self.happened: date | None = None
        self.objected: date | None = None
        self.claimed: date | None = None

    def check(self) -> bool:
        """Whether everything is there and can be read."""
        self.day = self.decided_on()
        digits = self.amount_text.replace(",", "")
        self.amount = int(digits) if digits.isascii() and digits.isdigit() else 0
        if not 0 < self.amount <= self.most:
            self.mistakes["amount"] = _("Write an amount between 1 and {most} yen.").format(
                most=f"{self.most:,}"
            )
        if self.choice not in CAUSES:
            self.mistakes["choice"] = _("Choose why it is overpaid.")
        self.happened = self.optional_day("happened")
        self.objected = self.optional_day("objected")
        self.claimed = self.optional_day("claimed")
        if self.choice in ("income_tax", "annulled", "law") and self.happened is None:
            missing = _("This cause needs the day on which it happened.")
            self.mistakes.setdefault("happened", missing)
        self.check_reason()
        return not self.mistakes

    @property
    def cause(self) -> str:
        """The cause in words."""
        return CAUSES.get(self.choice, "")


class ActForm(RefundForm):
    """Approving, paying or withdrawing a refund."""

    def check(self, acts: dict[str, str]) -> bool:
        """Whether an act that can be done now is chosen, with its day, and its reason if need."""
        self.day = self.decided_on()
        if self.choice not in acts:
            self.mistakes["choice"] = _("Choose what is done.")
        if self.choice == "withdraw":
            self.check_reason()
        return not self.mistakes
