"""``yen``: an amount with its separators."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def yen(amount: int | None) -> str:
    """An amount; a dash where none was answered."""
    return "―" if amount is None else f"{amount:,}"
