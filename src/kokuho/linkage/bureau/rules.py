"""What the circular asks for, as dated data: triggers, the seven items, forms that are slots."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from kokuho.base.calendar import months_after
from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.base.strict_yaml import values_of
from kokuho.linkage.messages.layout import Source, Standing

_ = translator("bureau")
_CONFIG = ConfigDict(frozen=True, extra="forbid", strict=True)


class Trigger(BaseModel):
    """What opens an interview: an application for a benefit, or what a person suspects."""

    model_config = _CONFIG

    code: str
    title: str
    by: Literal["benefit", "person"]


class Item(BaseModel):
    """One of the items that are asked for or checked (聴き取り事項)."""

    model_config = _CONFIG

    code: str
    title: str


class Form(BaseModel):
    """A form of the scheme; one that is not public is a slot for the office to fill."""

    model_config = _CONFIG

    code: str
    title: str
    standing: Standing


class Rule(BaseModel):
    """The scheme from ``valid_from`` on; ``months`` after acquisition an application counts."""

    model_config = _CONFIG

    valid_from: date
    months: int = Field(gt=0)
    triggers: tuple[Trigger, ...] = Field(min_length=1)
    items: tuple[Item, ...] = Field(min_length=1)
    forms: tuple[Form, ...]

    def trigger(self, code: str) -> Trigger:
        """A trigger by its code.

        Raises:
            LinkageError: the circular has none of that code.
        """
        for one in self.triggers:
            if one.code == code:
                return one
        raise LinkageError(
            _("{code} opens no interview; what does: {codes}").format(
                code=code, codes=", ".join(one.code for one in self.triggers)
            )
        )

    @property
    def benefits(self) -> tuple[str, ...]:
        """The kinds of benefits whose application opens an interview."""
        return tuple(one.code for one in self.triggers if one.by == "benefit")

    def within(self, acquired_on: date, day: date) -> bool:
        """Whether a day is within the year after acquisition (資格取得から1年以内).

        The day of acquisition itself is not counted (民法140条), so that the year ends with the
        same day of the next one (143条).
        """
        return acquired_on <= day <= months_after(acquired_on, self.months)


class Scheme(BaseModel):
    """The table with where it comes from."""

    model_config = _CONFIG

    id: str
    standing: Standing
    source: Source
    versions: tuple[Rule, ...] = Field(min_length=1)

    def on(self, day: date) -> Rule:
        """The rule of a day.

        Raises:
            LinkageError: none holds yet: what the trial of 2018 asked for is not public.
        """
        held = [one for one in self.versions if one.valid_from <= day]
        if not held:
            raise LinkageError(
                _("what the scheme asked for on {day} is not public").format(day=day)
            )
        return max(held, key=lambda one: one.valid_from)


@cache
def scheme() -> Scheme:
    """The table ``rules.yaml``."""
    text = resources.files("kokuho.linkage.bureau").joinpath("rules.yaml")
    stated = values_of(text.read_text(encoding="utf-8"), "rules.yaml", LinkageError)
    return Scheme.model_validate(_tuples(stated))


def _tuples(value: Any) -> Any:
    """YAML's lists as the tuples of a strict model."""
    if isinstance(value, dict):
        return {name: _tuples(one) for name, one in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
