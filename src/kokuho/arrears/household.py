"""How a household with arrears stands: one state, in which it shows that somebody is in touch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from kokuho.arrears.acts import Act, in_force, standing
from kokuho.arrears.agreements import Followup, follow_up
from kokuho.arrears.payments import paid_for
from kokuho.base.messages import translator

_ = translator("arrears")

STATES: Mapping[str, str] = {
    "suspended": "execution suspended",
    "deferred": "deferred",
    "agreed_kept": "agreed and kept",
    "agreed_missed": "agreed, a payment missed",
    "consulting": "consulting",
    "seized": "seized",
    "reminded": "reminded",
    "unpaid": "unpaid",
    "not_due": "not due yet",
}
"""The states, first match first. Being deferred, agreed or in consultation comes before how far
collection has gone, so that it is never hidden behind 未納."""

IN_TOUCH = ("deferred", "agreed_kept", "consulting")
"""States of those who pay as was settled, or talk with the office (相談中・猶予中・分納履行中)."""


def state_title(state: str) -> str:
    """A state for people: ``分納履行中``."""
    return _(STATES[state])


@dataclass(frozen=True)
class Windows:
    """How far ahead lists look, and how long a consultation counts: the office's own choice."""

    prescription_days: int = 183
    card_days: int = 92
    departure_days: int = 92
    ending_days: int = 31
    silence_days: int = 183
    consulting_days: int = 92


@dataclass(frozen=True)
class Household:
    """A household with arrears on a day.

    Attributes:
        number: its number.
        owed: its rows of :data:`kokuho.arrears.owed.OWED`.
        acts: its standing acts up to the day.
        agreements: those in force, with their follow-up.
        state: one of :data:`STATES`.
    """

    number: str
    owed: pl.DataFrame
    acts: tuple[Act, ...]
    agreements: tuple[Followup, ...]
    state: str

    @property
    def due(self) -> pl.DataFrame:
        """The rows whose due date has passed."""
        return self.owed.filter(pl.col("days") > 0)

    @property
    def contacts(self) -> tuple[Act, ...]:
        """When and how the household was reached or spoke with the office."""
        kinds = ("contact", "consultation", "agreement", "deferral_asked")
        return tuple(act for act in self.acts if act.kind in kinds)


def households(
    owed: pl.DataFrame,
    acts: Mapping[str, Sequence[Act]],
    money: pl.DataFrame,
    on: date,
    windows: Windows | None = None,
) -> tuple[Household, ...]:
    """The households of which something is owed, each with its state on a day.

    Args:
        owed: of :func:`kokuho.arrears.owed.owed`, of one insurer.
        acts: the acts of each household.
        money: of :func:`kokuho.arrears.payments.money_for`.
        on: the day; acts of a later day are left out.
        windows: how long a consultation counts.
    """
    windows = windows or Windows()
    paid = {name: rows for (name,), rows in money.partition_by("demand_id", as_dict=True).items()}
    made = []
    for (number,), rows in owed.partition_by(
        "household_id", as_dict=True, maintain_order=True
    ).items():
        own = tuple(act for act in standing(acts.get(number, ())) if act.day <= on)
        followed = tuple(
            follow_up(act, own, _paid(paid, act, money), on)
            for act in in_force("agreement", own, on)
        )
        state = _state(rows, own, followed, on, windows)
        made.append(Household(number, rows, own, followed, state))
    return tuple(made)


def _paid(
    paid: Mapping[str, pl.DataFrame], act: Act, money: pl.DataFrame
) -> tuple[tuple[date, int], ...]:
    frames = [paid[name] for name in act.demands if name in paid]
    return paid_for(pl.concat(frames) if frames else money.clear(), act.demands, act.day)


def _state(
    rows: pl.DataFrame,
    acts: Sequence[Act],
    agreements: Sequence[Followup],
    on: date,
    windows: Windows,
) -> str:
    late = rows.filter(pl.col("days") > 0)
    if not late.height:
        return "not_due"
    demands = set(late["demand_id"])

    def covers(kind: str) -> bool:
        """Whether acts of a kind in force cover everything that is overdue."""
        held = in_force(kind, acts, on)
        return bool(held) and demands <= {one for act in held for one in act.demands}

    def touches(kind: str) -> bool:
        return any(demands & set(act.demands) for act in in_force(kind, acts, on))

    if covers("suspension"):
        return "suspended"
    if covers("deferral"):
        return "deferred"
    mine = [one for one in agreements if demands & set(one.agreement.demands)]
    if mine:
        kept = all(one.state in ("kept", "completed") for one in mine)
        return "agreed_kept" if kept else "agreed_missed"
    since = on - timedelta(days=windows.consulting_days)
    if any(act.kind in ("consultation", "deferral_asked") and act.day >= since for act in acts):
        return "consulting"
    if touches("seizure"):
        return "seized"
    reminded = {one for act in acts if act.kind == "reminder" for one in act.demands}
    return "reminded" if demands & reminded else "unpaid"
