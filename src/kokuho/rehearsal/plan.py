"""The plan of a rehearsal: rounds, kills and faults. The same seed gives the same plan.

What is planned is which message of which client meets which fault, in which step of which round a
process is killed, and whom each round's events concern. How long things take is not: a kill that
came too late for its step falls on the next step of that kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from kokuho.law.workdays import open_day
from kokuho.mesh.proxy import FAULTS, PASS

T = TypeVar("T")

FIRST_DAY = date(2026, 11, 4)
"""The first day of every rehearsal: the fictional city's fiscal year 2026 is under way."""
BLOCK = 30
"""Messages among which each fault happens once."""
EACH = 12
"""Kills in one round, about."""

STEPS = (
    "import", "receipts", "register", "send", "take", "post", "assess", "reconcile", "examine",
)  # fmt: skip
"""Kinds of steps in which something is killed; every round has them all."""


@dataclass(frozen=True)
class Kill:
    """A process that is killed.

    Attributes:
        number: from 1.
        round: from which round on; 0 is the first load.
        step: in which kind of step.
        target: ``city``, ``mesh`` or ``both``.
        moment: ``during`` (a share of the time that the step took last), or where a message is:
            ``question`` (not forwarded yet), ``forwarded`` (not answered yet), ``answer``
            (answered, and not delivered).
        share: of that time, in permille.
    """

    number: int
    round: int
    step: str
    target: str
    moment: str
    share: int


_KINDS = (
    ("send", "city", "forwarded"), ("send", "mesh", "forwarded"), ("register", "city", "during"),
    ("send", "city", "answer"), ("send", "mesh", "question"), ("receipts", "city", "during"),
    ("send", "both", "forwarded"), ("send", "mesh", "answer"), ("reconcile", "mesh", "forwarded"),
    ("examine", "mesh", "forwarded"), ("import", "city", "during"), ("send", "mesh", "during"),
    ("assess", "city", "during"), ("reconcile", "city", "answer"), ("post", "city", "during"),
    ("send", "city", "question"), ("examine", "mesh", "answer"), ("register", "both", "during"),
    ("take", "city", "during"),
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """The plan; see the module.

    Attributes:
        seed: of everything.
        rounds: at least so many; more follow while a planned kill has not happened.
        kills: all of them.
    """

    seed: int
    rounds: int
    kills: tuple[Kill, ...]

    @classmethod
    def of(cls, kills: int, seed: int) -> Plan:
        """The plan of a seed."""
        dice = Random(f"{seed}/kills")
        rounds = max(3, kills // EACH + 2)
        deck: list[tuple[str, str, str]] = []
        found = []
        for number in range(1, kills + 1):
            if not deck:
                deck = list(_KINDS)
                dice.shuffle(deck)
            step, target, moment = deck.pop()
            at = (number - 1) * rounds // kills
            found.append(Kill(number, at, step, target, moment, dice.randrange(100, 900)))
        return cls(seed, rounds, tuple(found))

    def fault(self, client: str, number: int) -> str:
        """What happens to a client's message of that number."""
        block, place = divmod(number - 1, BLOCK)
        dealt: list[str] = [*FAULTS, *[PASS] * (BLOCK - len(FAULTS))]
        Random(f"{self.seed}/faults/{client}/{block}").shuffle(dealt)
        return dealt[place]

    def day(self, number: int) -> date:
        """The business day of a round; round 0 is that of the first load."""
        found = open_day(FIRST_DAY, ())
        for _each in range(number):
            found = open_day(found + timedelta(days=1), ())
        return found

    def pick(self, what: str, number: int, of: Sequence[T], count: int) -> list[T]:
        """Some of a list, for a round."""
        return Random(f"{self.seed}/{what}/{number}").sample(of, min(count, len(of)))

    def shuffled(self, what: str, of: Sequence[T]) -> list[T]:
        """A list in the order of the seed."""
        return Random(f"{self.seed}/{what}").sample(of, len(of))

    def number(self, what: str, below: int) -> int:
        """A number of the seed, from 0."""
        return Random(f"{self.seed}/{what}").randrange(below)
