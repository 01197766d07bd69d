"""The notice to the regional immigration bureau (地方出入国在留管理局への通知): rules, no storage.

It is about the purpose of a stay and nothing else: this package knows no arrears, and a contract of
the import linter keeps it so. See ``docs/bureau.md``.
"""

from kokuho.linkage.bureau.rules import Form, Item, Rule, Scheme, Trigger, scheme
from kokuho.linkage.bureau.sheet import Opened, Person, sheet
from kokuho.linkage.bureau.steps import (
    HOW,
    KINDS,
    PURPOSES,
    STATES,
    Answer,
    Kind,
    Step,
    answers,
    check,
    kind_title,
    lacking,
    open_kinds,
    standing,
    state_of,
    title,
    unpaid,
)

__all__ = [
    "HOW",
    "KINDS",
    "PURPOSES",
    "STATES",
    "Answer",
    "Form",
    "Item",
    "Kind",
    "Opened",
    "Person",
    "Rule",
    "Scheme",
    "Step",
    "Trigger",
    "answers",
    "check",
    "kind_title",
    "lacking",
    "open_kinds",
    "scheme",
    "sheet",
    "standing",
    "state_of",
    "title",
    "unpaid",
]
