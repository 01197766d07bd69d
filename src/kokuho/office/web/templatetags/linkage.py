"""What the pages of the linkage ask for: words of its codes, moments as the office has them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils.timezone import localtime

from kokuho.base.messages import translator
from kokuho.linkage.approval import reason_title
from kokuho.linkage.messages.refusals import words_of
from kokuho.office.household import dates

register = template.Library()
_ = translator("linkage")


@register.filter
def linkage_word(code: str) -> str:
    """A state, an occasion or a kind of event in words."""
    return _(code)


@register.filter
def reason(code: str) -> str:
    """Why a batch waits for two persons."""
    return reason_title(code)


@register.filter
def refusal(code: str) -> str:
    """Why something was refused, in words."""
    return words_of(code)


@register.filter
def moment(at: datetime | None) -> str:
    """A day and a time; a dash where there is none."""
    if at is None:
        return "―"
    here = localtime(at)
    return f"{dates.wareki(here.date())} {here:%H:%M}"


@register.filter
def item(fields: dict[str, Any], name: str) -> Any:
    """A field of a record."""
    return fields.get(name)
