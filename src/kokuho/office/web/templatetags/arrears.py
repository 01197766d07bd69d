"""What the pages of arrears ask for: kinds, codes, states and groups in words."""

from __future__ import annotations

from django import template

from kokuho.arrears import (
    Act,
    code_title,
    group_title,
    kind_title,
    reason_title,
    state_title,
)

register = template.Library()


@register.filter
def act_title(act: Act) -> str:
    """``差押え(預貯金)``."""
    code = code_title(act.kind, act.code)
    return f"{kind_title(act.kind)}({code})" if code else kind_title(act.kind)


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
