"""What to ask before a household leaves the municipality: account and agent (出国・転出の前に)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kokuho.base.messages import translator
from kokuho.ordinance import OrdinanceYear

_ = translator("billing")


@dataclass(frozen=True)
class Task:
    """Something to be asked or done before somebody leaves the municipality.

    ``loss`` and ``bill`` are the office's, which alone sees what is recorded and billed.
    """

    code: Literal["loss", "recalculate", "bill", "account", "tax_agent", "agent", "agent_unstated"]
    text: str


def before_departure(
    year: OrdinanceYear, *, account_known: bool, agent_named: bool
) -> tuple[Task, ...]:
    """What to ask while a household that leaves Japan can still be asked.

    A refund needs an account; who owes a tax and has no address left names an agent (納税管理人,
    地方税法709条); for premiums the municipality's own rules decide whether there is such an agent.
    """
    tasks = [Task("recalculate", _("Make the levy again with the months until departure."))]
    if not account_known:
        text = _("Ask for an account for refunds, or whether the account for public money is used.")
        tasks.append(Task("account", text))
    if agent_named:
        return tuple(tasks)
    if year.insurer.kind == "tax":
        text = _(
            "Have a tax agent named (納税管理人), unless the mayor finds that collection is safe "
            "without one (地方税法709条)."
        )
        tasks.append(Task("tax_agent", text))
    elif year.billing.payment_agent == "allowed":
        tasks.append(Task("agent", _("Ask for an agent for payment, by the municipality's rules.")))
    elif year.billing.payment_agent is None:
        text = _(
            "Whether the municipality's rules know an agent for premiums is not stated "
            "(billing.payment_agent)."
        )
        tasks.append(Task("agent_unstated", text))
    return tuple(tasks)
