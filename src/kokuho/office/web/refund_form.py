"""The forms of refunds: what is typed, what is wrong with it, and whether it was confirmed."""

from __future__ import annotations

from datetime import date

from kokuho.base.messages import translator
from kokuho.office.web.confirmed_form import ConfirmedForm, yen_of
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


class AskForm(ConfirmedForm):
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
        self.amount = yen_of(self.amount_text)
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


class ActForm(ConfirmedForm):
    """Approving, paying or withdrawing a refund."""

    def check(self, acts: dict[str, str]) -> bool:
        """Whether an act that can be done now is chosen, with its day, and its reason if need."""
        self.day = self.decided_on()
        if self.choice not in acts:
            self.mistakes["choice"] = _("Choose what is done.")
        if self.choice == "withdraw":
            self.check_reason()
        return not self.mistakes
