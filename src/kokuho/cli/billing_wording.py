"""Words of ``kokuho billing``: channels, and why a due date moved."""

from __future__ import annotations

from datetime import date, timedelta

from kokuho.base.messages import translator
from kokuho.law import holiday_name

_ = translator("billing")


def channel_name(channel: str) -> str:
    """A channel for people: ``普通徴収``."""
    names = {"ordinary": _("ordinary"), "pension": _("from a pension"), "prepaid": _("prepaid")}
    return names[channel]


def todo_name(todo: str) -> str:
    """What is to be done about a household of the work list."""
    names = {
        "look_into": _("look into"),
        "ask_declaration": _("ask for the declaration"),
        "notify": _("notify"),
    }
    return names[todo]


def status_name(status: str) -> str:
    """Whether a household is asked to prepay."""
    names = {
        "subject": _("subject"),
        "not_subject": _("not subject"),
        "undecided": _("undecided"),
    }
    return names[status]


def pension_status_name(status: str) -> str:
    """Whether a household pays from a pension."""
    names = {
        "pension": _("from a pension"),
        "ordinary": _("ordinary"),
        "undecided": _("undecided"),
    }
    return names[status]


def moved(day: date, due: date) -> list[str]:
    """The closed days between the ordinance's day and the due date: ``土曜日``, ``文化の日``."""
    days = [day + timedelta(days=n) for n in range((due - day).days)]
    return list(dict.fromkeys(map(_closed, days)))


def _closed(day: date) -> str:
    if (name := holiday_name(day)) is not None:
        return name
    weekend = {5: _("Saturday"), 6: _("Sunday")}
    return weekend.get(day.weekday()) or _("{month}/{day}, closed").format(
        month=day.month, day=day.day
    )
