"""Eight model households (モデル世帯), levied with every rate of a path."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources

import polars as pl
import yaml
from pydantic import TypeAdapter

from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.law import LawYear
from kokuho.levy.frames import household_frame, person_frame
from kokuho.levy.kernel import Judged, judge
from kokuho.levy.method import Method
from kokuho.plan.model import Part

_ = translator("forecast")


class Member(Part):
    """A member: age on 1 April, incomes in yen of the calendar year before."""

    age: int
    salary_revenue: int | None = None
    pension_revenue: int | None = None
    business: int = 0


class ModelHousehold(Part):
    """A household by its members, the head first."""

    title: str
    members: tuple[Member, ...]


@cache
def model_households() -> dict[str, ModelHousehold]:
    """The eight households by id, in their order."""
    file = resources.files("kokuho.plan") / "data" / "model_households.yaml"
    data = yaml.safe_load(file.read_text("utf-8"))["households"]
    return TypeAdapter(dict[str, ModelHousehold]).validate_python(data)


def known(ids: tuple[str, ...]) -> None:
    """Refuse an id that is none of a model household.

    Raises:
        PlanError: the id is named with those that are there.
    """
    for wanted in ids:
        if wanted not in model_households():
            raise PlanError(
                _("there is no model household {id}; there are: {ids}").format(
                    id=wanted, ids=", ".join(model_households())
                )
            )


def judged_models(law: LawYear, method: Method) -> Judged:
    """The model households of one year, ready to be levied; ``hh`` is their place in the list."""
    persons, households = [], []
    for number, household in enumerate(model_households().values()):
        keys = {"insurer_code": "model", "household_id": f"{number:02d}"}
        households.append(keys)
        persons += [
            {
                **keys,
                "person_id": f"{place:02d}",
                "head": place == 0,
                # reached in the July before, so that nobody changes class within the year
                "birth_date": date(law.fiscal_year - member.age - 1, 7, 1),
                **member.model_dump(exclude={"age"}),
            }
            for place, member in enumerate(household.members)
        ]
    people = person_frame(persons).with_columns(pl.col("joined_on").cast(pl.Date))
    return judge(people, household_frame(households), law, method, steps=False)
