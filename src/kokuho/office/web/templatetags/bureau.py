"""What the pages of the bureau's cases and of shared arrears ask for, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from kokuho.base.messages import japanese
from kokuho.linkage.bureau import PURPOSES, STATES, Step, kind_title, title

register = template.Library()


@register.filter
def bureau_state(state: str) -> str:
    """``聴き取り待ち``."""
    return title(STATES, state)


@register.filter
def bureau_purpose(purpose: str) -> str:
    """For what a case is looked at."""
    return title(PURPOSES, purpose)


@register.filter
def bureau_step(step: Step) -> str:
    """``通知の判断(通知しない)``."""
    return kind_title(step.kind, step.code)


@register.filter
def bureau_given(given: Mapping[str, str], item: str) -> str:
    """What was typed for an item."""
    return given.get(f"value-{item}", "")


@register.filter
def bureau_how(given: Mapping[str, str], item: str) -> str:
    """How an item was said to be checked."""
    return given.get(f"how-{item}", "")


@register.filter
def sharing_state(state: str) -> str:
    """Where a list of arrears stands: ``承認待ち``."""
    return japanese("sharing", state)


@register.filter
def sharing_reason(reason: str) -> str:
    """Why a household is not named on a list."""
    return japanese("sharing", reason)
