"""The town of the arrears tests, with a fictional setting and people of each right."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from kokuho.office.accounts import rights, users
from kokuho.office.accounts.users import User
from kokuho.office.sharing import making
from tests.linkage.sharing.test_settings import text
from tests.office.arrears.town import INSURER, open_town

PASSWORD = "だれも使わない見本の合言葉"
COLUMNS = ["household", "name", "overdue", "oldest_due", "months_overdue", "state"]
TO = "架空市 納税課"


def stated(**changes: Any) -> str:
    """A fictional setting that names the foreign heads of the town."""
    criteria = {"heads": "foreign", "least_overdue": 1, "excluded_statuses": ["永住者"]}
    return text(**{"criteria": criteria, "columns": COLUMNS, **changes})


def user(name: str, *held: str, insurer: str = INSURER) -> User:
    users.add(name, PASSWORD, [insurer], name)
    for right in held:
        rights.allow(name, right, insurer, actor="係長")
    return User.objects.get(username=name)


class Hands:
    """Who makes and who approves."""

    def __init__(self) -> None:
        self.maker = user("kakari", rights.SHARING_MAKE, rights.SHARING_APPROVE)
        self.first = user("kacho", rights.SHARING_APPROVE)
        self.second = user("bucho", rights.SHARING_APPROVE)

    def set_up(self, **changes: Any) -> int:
        number = making.propose(INSURER, stated(**changes), self.maker)
        for who in (self.first, self.second):
            making.approve_settings(INSURER, number, who)
        return number

    def made(self) -> int:
        return making.make(INSURER, self.maker)

    def approved(self) -> int:
        number = self.made()
        for who in (self.first, self.second):
            making.approve(INSURER, number, who)
        return number


def open_city() -> Hands:
    open_town()
    return Hands()


def folder(tmp_path: Path, name: str = "receipts") -> Path:
    made = tmp_path / name
    made.mkdir()
    return made


DAY = date(2026, 11, 25)
