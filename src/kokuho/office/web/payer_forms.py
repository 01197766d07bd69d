"""Forms for a payer at the counter: what is said before leaving, and a prepayment that is paid."""

from __future__ import annotations

from kokuho.base.messages import translator
from kokuho.billing import Demand
from kokuho.office.web.confirmed_form import ConfirmedForm, yen_of
from kokuho.office.web.looking import Visit

_ = translator("web")

ACCOUNTS = {
    "given": "届け出られた口座に振り込む",
    "public": "公金受取口座に振り込む",
    "unsaid": "まだ分からない",
}
"""What a payer can say about refunds, as the form says it."""


class DepartureForm(ConfirmedForm):
    """What a payer who leaves said: the account for refunds, and who acts for them here."""

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self.account_text = self.given.get("account_text", "").strip()
        self.agent = self.given.get("agent", "").strip()
        self.agent_address = self.given.get("agent_address", "").strip()

    @property
    def account(self) -> str:
        """One of :data:`kokuho.office.billing.departures.ACCOUNTS`."""
        return "" if self.choice == "unsaid" else self.choice

    @property
    def account_words(self) -> str:
        """The choice in words."""
        return ACCOUNTS.get(self.choice, "")

    def check(self) -> bool:
        """Whether something was said, and all of it."""
        self.day = self.decided_on()
        if self.choice not in ACCOUNTS:
            self.mistakes["choice"] = _("Choose where refunds go.")
        elif self.choice == "unsaid" and not self.agent:
            self.mistakes["choice"] = _("Write an account or an agent: nothing else is recorded.")
        if self.account_text and self.choice != "given":
            self.mistakes["account_text"] = _("Only an account that was given is written down.")
        if self.agent and not self.agent_address:
            self.mistakes["agent_address"] = _("An agent has a name and an address.")
        if self.agent_address and not self.agent:
            self.mistakes["agent"] = _("An agent has a name and an address.")
        return not self.mistakes


class CounterForm(ConfirmedForm):
    """A prepayment, or a part of it, that is paid at the counter (任意)."""

    def __init__(self, visit: Visit, demand: Demand | None) -> None:
        super().__init__(visit)
        whole = f"{demand.amount:,}" if demand else ""
        self.amount_text = self.given.get("amount", whole).strip()
        self.amount = 0
        self.reference = self.given.get("reference", "").strip()

    def check(self) -> bool:
        """Whether everything is there and can be read; what is owed is looked at after it."""
        self.day = self.decided_on()
        self.amount = yen_of(self.amount_text)
        if not self.amount:
            self.mistakes["amount"] = _("Write the amount in yen.")
        if not self.reference:
            self.mistakes["reference"] = _("Write the number of the receipt.")
        return not self.mistakes
