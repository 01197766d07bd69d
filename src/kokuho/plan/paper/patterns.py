"""Which proposals a paper shows: those that the scenario names, else the first variants."""

from __future__ import annotations

from collections.abc import Mapping

from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.plan.scenario import BASE, Pattern, Scenario
from kokuho.plan.scenario.paper import MOST_PATTERNS

_ = translator("paper")


def patterns(scenarios: Mapping[str, Scenario]) -> tuple[Pattern, ...]:
    """The patterns of the paper in their order, one to three.

    Without ``paper`` in the scenario: the scenario itself and its first two variants, by name.

    Raises:
        PlanError: a pattern names a variant that the scenario does not have, or one twice.
    """
    stated = scenarios[BASE].paper
    if stated is None:
        names = list(scenarios)[:MOST_PATTERNS]
        return tuple(
            Pattern(variant=name, title=_("the scenario itself") if name == BASE else name)
            for name in names
        )
    wanted = [entry.variant for entry in stated.patterns]
    for number, name in enumerate(wanted):
        if name not in scenarios:
            raise PlanError(
                _("paper.patterns.{number}: there is no variant {name}; there are: {known}").format(
                    number=number, name=name, known=", ".join(scenarios)
                )
            )
        if name in wanted[:number]:
            raise PlanError(
                _("paper.patterns.{number}: the variant {name} stands twice").format(
                    number=number, name=name
                )
            )
    return stated.patterns
