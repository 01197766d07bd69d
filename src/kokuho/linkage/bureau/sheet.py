"""The sheet to the regional immigration bureau, as data: a form of ours (参考様式).

It has what the circular's summary names and no more: above all nothing of what anybody owes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kokuho.base.calendar import era_date
from kokuho.base.errors import LinkageError
from kokuho.base.messages import japanese, translator
from kokuho.linkage.bureau.rules import Scheme
from kokuho.linkage.bureau.steps import HOW, Step, answers, lacking, standing

_ = translator("bureau")


@dataclass(frozen=True, slots=True)
class Person:
    """Who the sheet is about, as the register has them; texts as they are printed."""

    name: str
    kana: str
    latin: str
    common_name: str
    birth_date: str
    sex: str
    nationality: str
    protected: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """Why and when a case was opened."""

    number: int
    trigger: str
    event_day: date
    care_from: date | None
    acquired_on: date
    reason: str


def sheet(
    scheme: Scheme,
    opened: Opened,
    steps: Sequence[Step],
    person: Person,
    issuer: str,
    made_on: date,
) -> dict[str, Any]:
    """What the sheet shows, by key.

    Args:
        scheme: the circular as data.
        opened: why the case was opened.
        steps: what was recorded; a standing decision to notify is among them.
        person: who it is about.
        issuer: the insurer's name.
        made_on: the day of the paper.

    Raises:
        LinkageError: nobody has decided to notify, or an item was not checked.
    """
    rule = scheme.on(opened.event_day)
    stand = standing(steps)
    decided = [one for one in stand if one.kind == "decision"]
    if not decided or decided[-1].code != "notify":
        raise LinkageError(_("there is no sheet before somebody has decided to notify the bureau"))
    if missing := lacking(rule, steps):
        raise LinkageError(_("not checked yet: {items}").format(items=", ".join(missing)))
    found = answers(steps)
    sent = [one for one in stand if one.kind == "sending"]
    return {
        "number": str(opened.number),
        "made_on": era_date(made_on),
        "issuer": issuer,
        "to": sent[-1].to if sent else "",
        "papers": list(sent[-1].papers) if sent else [],
        "person": _person(person),
        "trigger": rule.trigger(opened.trigger).title,
        "event_day": era_date(opened.event_day),
        "care_from": era_date(opened.care_from) if opened.care_from else "",
        "within": _within(rule.months, opened),
        "reason_to_open": opened.reason,
        "items": [
            {
                "title": item.title,
                "value": _paper("not written: a protected person")
                if item.code == "address" and person.protected
                else found[item.code].value,
                "how": _paper(HOW[found[item.code].how]),
            }
            for item in rule.items
        ],
        "heard_on": [era_date(one.day) for one in stand if one.kind == "interview"],
        "decided_on": era_date(decided[-1].day),
        "decided_by": decided[-1].actor,
        "reason": decided[-1].text,
        "source": scheme.source.text,
        "slot": _paper(
            "the official contact sheet is not public; put it here, or fill it from this"
        ),
    }


def _paper(message: str) -> str:
    """A text of the paper, which is Japanese whatever the language of the interface is."""
    return japanese("bureau", message)


def _within(months: int, opened: Opened) -> str:
    text = _paper("acquired {acquired}; within {months} months")
    return text.format(acquired=era_date(opened.acquired_on), months=months)


def _person(person: Person) -> Mapping[str, str]:
    return {
        "name": person.name,
        "kana": person.kana,
        "latin": person.latin,
        "common_name": person.common_name,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "nationality": person.nationality,
    }
