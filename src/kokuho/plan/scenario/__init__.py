"""Scenarios: the assumptions of a forecast and the limits of a search for rates."""

from kokuho.plan.scenario.assumptions import Assumptions
from kokuho.plan.scenario.files import (
    BASE,
    load_scenario,
    load_scenarios,
    stated_places,
)
from kokuho.plan.scenario.inputs import Inputs, MakeCity, read_inputs
from kokuho.plan.scenario.limits import Limits, RateSet, Standard, Steps
from kokuho.plan.scenario.model import City, Scenario
from kokuho.plan.scenario.paper import Paper, Pattern
from kokuho.plan.scenario.rates import RatePath, load_rates
from kokuho.plan.scenario.values import Stated

__all__ = [
    "BASE",
    "Assumptions",
    "City",
    "Inputs",
    "Limits",
    "MakeCity",
    "Paper",
    "Pattern",
    "RatePath",
    "RateSet",
    "Scenario",
    "Standard",
    "Stated",
    "Steps",
    "load_rates",
    "load_scenario",
    "load_scenarios",
    "read_inputs",
    "stated_places",
]
