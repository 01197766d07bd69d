"""The assumptions behind a fictional city, as data: households, origins, incomes, their sources.

``data/structure.yaml``, ``data/origins.yaml``, ``data/incomes.yaml`` and ``data/sources.yaml`` are
read into the models below, which refuse unknown keys, shares that do not sum to 10,000 and windows
of age that could be empty. A mistake there is a programming mistake, so it raises ``ValueError``.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from kokuho.sample.chance import SHARES

Share = Annotated[int, Field(strict=True, ge=0, le=SHARES)]
Age = Annotated[int, Field(strict=True, ge=0, le=110)]


def _whole(shares: dict[str, int]) -> dict[str, int]:
    if sum(shares.values()) != SHARES:
        raise ValueError(f"shares sum to {sum(shares.values())}, not {SHARES}: {shares}")
    return shares


Shares = Annotated[dict[str, Share], AfterValidator(_whole)]


class Model(BaseModel):
    """Base of the data models: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Ages(Model):
    """Ages on 1 April: bands ``[from, to, share]``; within a band every year is as likely."""

    source: str
    bands: tuple[tuple[Age, Age, Share], ...]

    def years(self) -> list[int]:
        """10,000 ages in the right proportions, ascending."""
        slots = [
            first + place * (last - first + 1) // share
            for first, last, share in self.bands
            for place in range(share)
        ]
        if len(slots) != SHARES:
            raise ValueError(f"ages sum to {len(slots)}, not {SHARES}: {self.bands}")
        return slots


class Window(Model):
    """An age beside the anchor's: ``from`` to ``to`` years more, kept within least and most."""

    first: int = Field(alias="from")
    last: int = Field(alias="to")
    least: Age
    most: Age
    head: bool = False

    def at(self, anchor: int) -> tuple[int, int]:
        """The youngest and the oldest age beside an anchor of that age."""
        return max(self.least, anchor + self.first), min(self.most, anchor + self.last)


class Foreign(Model):
    """How often a member of a Japanese household is foreign."""

    share: Share
    profile: str
    status: str


class Role(Model):
    """A member of a household of some kind."""

    head: bool = False
    insured: bool = True
    age: Window = Window.model_validate({"from": 0, "to": 0, "least": 0, "most": 110})
    elder: bool = False
    newborn: bool = False
    sex: Literal["head", "opposite", "any", "M", "F"] = "head"
    career: str
    status: str | None = None
    foreign: Foreign | None = None


class Kind(Model):
    """A kind of household: its members, head first, and what may befall it."""

    kind: str
    share: Share
    anchor: str
    members: tuple[str, ...] = Field(min_length=1)
    male: Share
    moves: str
    family_business: Share = 0
    profile: str | None = None
    arrivals: Share = 0
    elder: Window | None = None
    former_dependant: bool = False


class Kinds(Model):
    """All kinds of household."""

    source: str
    list: tuple[Kind, ...]


class Moves(Model):
    """Shares of the insured who join and who leave within the year."""

    source: str
    join: Share
    leave: Share


class Months(Model):
    """Shares of the twelve months of the fiscal year, April first."""

    source: str
    shares: tuple[Share, ...] = Field(min_length=12, max_length=12)


class Event(Model):
    """The share of those concerned to whom something happens."""

    source: str
    share: Share


class EldersIncome(Model):
    """The judged income of members of 75 or older who are not in the persons file."""

    source: str
    amounts: str


class Events(Model):
    """What happens to people beside joining and leaving."""

    together: Event
    arrivals_before_april: Event
    registration_unknown: Event
    involuntary: Event
    maternity: Event
    multiple_birth: Event
    elders_income: EldersIncome


class Households(Model):
    """``data/structure.yaml``."""

    ages: dict[str, Ages]
    roles: dict[str, Role]
    kinds: Kinds
    moves: dict[str, Moves]
    months: dict[str, Months]
    events: Events

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        _whole({kind.kind: kind.share for kind in self.kinds.list})
        for months in self.months.values():
            _whole({str(month): share for month, share in enumerate(months.shares)})
        for kind in self.kinds.list:
            self._kind_holds_together(kind)
        return self

    def _kind_holds_together(self, kind: Kind) -> None:
        roles = [self.roles[name] for name in kind.members]
        if [role.head for role in roles] != [True] + [False] * (len(roles) - 1):
            raise ValueError(f"{kind.kind}: one head, and the head first")
        if not all(role.insured for role in roles[1:]):
            raise ValueError(f"{kind.kind}: only the head can be uninsured")
        windows = [role.age for role in roles if not (role.elder or role.newborn)]
        windows += [kind.elder] if kind.elder else []
        for anchor in set(self.ages[kind.anchor].years()):
            for window in windows:
                first, last = window.at(anchor)
                if first > last:
                    raise ValueError(f"{kind.kind}: no age beside an anchor of {anchor}")


class ByNationality(Model):
    """Rows of shares by nationality; a nationality without its own row takes ``other``."""

    source: str
    rows: dict[str, Shares]


class Nationalities(Model):
    """Shares of nationalities (ISO 3166-1 alpha-3)."""

    source: str
    shares: Shares


class Origins(Model):
    """``data/origins.yaml``."""

    nationalities: dict[str, Nationalities]
    statuses: dict[str, ByNationality]
    languages: ByNationality


class Amounts(Model):
    """A distribution of yen: points ``[share of people below, yen]``, straight between them."""

    points: tuple[tuple[Share, int], ...]
    unit: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _ascends(self) -> Self:
        places = [place for place, _yen in self.points]
        yen = [amount for _place, amount in self.points]
        if places[0] != 0 or places[-1] != SHARES or places != sorted(set(places)):
            raise ValueError(f"points go from 0 to {SHARES}: {places}")
        if yen != sorted(yen):
            raise ValueError(f"amounts ascend: {yen}")
        return self

    def at(self, place: int, of: int) -> int:
        """The amount at ``place`` of ``of`` on the way from the poorest to the richest."""
        for (low, from_yen), (high, to_yen) in zip(self.points, self.points[1:], strict=False):
            if place * SHARES <= high * of:
                return from_yen + (to_yen - from_yen) * (place * SHARES - low * of) // (
                    (high - low) * of
                )
        return self.points[-1][1]


class Income(Model):
    """How often a column is filled, and from which distribution (for all, or by sex)."""

    chance: Share
    amounts: str | dict[str, str]

    def for_sex(self, sex: str) -> str:
        """The name of the distribution for a sex (``M``, ``F``)."""
        return self.amounts if isinstance(self.amounts, str) else self.amounts[sex]


class Occupation(Model):
    """What people of an occupation earn and what the office knows of them."""

    incomes: dict[str, Income] = {}
    declared: Shares
    pension: bool = True


class AtAges(Income):
    """An income of people of some ages, beside their occupation."""

    ages: tuple[Age, Age]


class Extra(AtAges):
    """A rarer income, of people with means."""

    column: str


class Means(Model):
    """The share of people with means, and what these have."""

    share: Share
    extras: tuple[Extra, ...]


class Reporting(Model):
    """How the tax data report salary and pension; the rest has revenue alone."""

    salary_both: Share
    salary_income_only: Share
    pension_both: Share
    pension_income_only: Share


class TransferDeduction(Model):
    """The share of separate transfers with a special deduction (特別控除), and its limit in yen."""

    share: Share
    limit: int


class FamilyBusiness(Model):
    """Family businesses: the share of farms among them, and what they pay the worker."""

    farmer: Share
    amounts: str


class Incomes(Model):
    """``data/incomes.yaml``."""

    source: str
    careers: dict[str, dict[Age, Shares]]
    occupations: dict[str, Occupation]
    pensions: tuple[AtAges, ...]
    means: Means
    asset_tax: tuple[AtAges, ...]
    reporting: Reporting
    transfer_deduction: TransferDeduction
    family_business: FamilyBusiness
    amounts: dict[str, Amounts]


class Source(Model):
    """Where a number was read."""

    title: str
    url: str
    retrieved: date


class Target(Model):
    """A measure of a generated city and the bounds that it must keep."""

    measure: str
    low: int
    high: int
    published: str
    source: str


class Sources(Model):
    """``data/sources.yaml``."""

    sources: dict[str, Source]
    targets: tuple[Target, ...]


def read(name: str) -> Any:
    """A data file of the room."""
    text = (resources.files("kokuho.sample") / "data" / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def households() -> Households:
    """The kinds of household and their members."""
    return Households.model_validate(read("structure.yaml"))


@cache
def origins() -> Origins:
    """Nationalities, residence statuses and languages."""
    return Origins.model_validate(read("origins.yaml"))


@cache
def incomes() -> Incomes:
    """Careers, occupations and amounts."""
    return Incomes.model_validate(read("incomes.yaml"))


@cache
def sources() -> Sources:
    """Sources of the shares, and the targets of a generated city."""
    return Sources.model_validate(read("sources.yaml"))
