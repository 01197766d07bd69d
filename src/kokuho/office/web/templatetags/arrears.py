"""What the pages of arrears ask for: kinds, codes, states and groups in words."""

from __future__ import annotations

from datetime import date

from django import template

from kokuho.arrears import (
    Act,
    code_title,
    group_title,
    group_words,
    kind_title,
    reason_title,
    served_on,
    state_title,
)
from kokuho.base.countries import country_name

register = template.Library()


@register.filter
def act_title(act: Act) -> str:
    """``差押え(預貯金)``."""
    code = code_title(act.kind, act.code)
    return f"{kind_title(act.kind)}({code})" if code else kind_title(act.kind)


@register.filter
def served(act: Act) -> date | None:
    """The day on which a paper counts as served by public notice; none for other acts."""
    return served_on(act.day) if act.kind == "public_notice" else None


@register.filter
def arrears_state(state: str) -> str:
    """``分納履行中``."""
    return state_title(state)


@register.filter
def arrears_group(group: str) -> str:
    """``失われる前に``."""
    return group_title(group)


@register.filter
def arrears_reason(reason: str) -> str:
    """``時効が近い``."""
    return reason_title(reason)


@register.filter
def percent(permyriad: int | None) -> str:
    """Hundredths of a percent: ``63.25%``; a dash where there is no rate."""
    return "—" if permyriad is None else f"{permyriad // 100}.{permyriad % 100:02}%"


@register.filter
def foreign_group(group: str, grouping: str) -> str:
    """A group of the counts in words: ``ベトナム``, ``留学``, ``3〜4年``, ``20〜29歳``."""
    if grouping == "nationality":
        return country_name(group) or group_words(grouping, group)
    return group_words(grouping, group)


@register.filter
def country_words(nationality: str) -> str:
    """A nationality in Japanese; an office's own code is shown as it is."""
    return country_name(nationality) or nationality
