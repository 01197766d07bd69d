"""Whether a member may be insured: the decision table, asked with what the register says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kokuho.base.calendar import PartialDate
from kokuho.office.household.eligible import Hint, Known, hint
from kokuho.office.register.models import Enrolment, Identity, OtherCover, Residence, Stay
from tests.office.web.conftest import Office
from tests.office.web.test_household import page

DAY = date(2026, 6, 1)
AT_75 = Identity(birth_date=PartialDate(1951, 6, 1), nationality="JPN")
JAPANESE = Identity(birth_date=PartialDate(1986, 4, 2), nationality="JPN")
FOREIGN = Identity(birth_date=PartialDate(1986, 4, 2), nationality="VNM")
WORKS = {"kind": "mid_to_long_term", "status": "技能実習"}


def asked(who: Identity, *, insured: bool = True, day: date = DAY, **facts: Any) -> Hint | None:
    known = {"residence": Residence(), "stay": None, "before": None, "cover": None, **facts}
    return hint(Known(identity=who, enrolment=Enrolment() if insured else None, **known), day)


def stay(**facts: Any) -> Stay:
    return Stay(
        **{**WORKS, "period_from": date(2025, 7, 1), "period_to": date(2027, 7, 1), **facts}
    )


@pytest.mark.parametrize(
    ("found", "answer", "odd"),
    [
        (asked(JAPANESE), "insured", False),
        (asked(JAPANESE, insured=False), "look", False),
        (asked(JAPANESE, residence=None), "not_insured", True),
        (asked(JAPANESE, cover=OtherCover(kind="employees")), "not_insured", True),
        (asked(JAPANESE, cover=OtherCover(kind="something")), "look", False),
        (asked(JAPANESE, insured=False, before=Enrolment(loss_reason="joined_employees")),
         "not_insured", False),
        (asked(AT_75), "not_insured", True),
        (asked(FOREIGN, stay=stay()), "insured", False),
        (asked(FOREIGN), "look", False),
        (asked(FOREIGN, stay=stay(period_to=date(2026, 5, 1))), "look", False),
        (asked(FOREIGN, stay=stay(period_to=date(2026, 5, 1),
                                  extension_applied_on=date(2026, 4, 20))), "insured", False),
        (asked(FOREIGN, stay=stay(period_to=date(2026, 5, 1),
                                  extension_applied_on=date(2026, 5, 20))), "look", False),
        (asked(FOREIGN, stay=stay(status="特定活動", designation="long_tourism")),
         "not_insured", True),
    ],
)  # fmt: skip
def test_the_answer_follows_from_the_register(found: Hint | None, answer: str, odd: bool) -> None:
    assert found is not None
    assert (found.answer, found.odd) == (answer, odd), found.reason


def test_of_a_day_without_law_nothing_is_said() -> None:
    assert asked(JAPANESE, day=date(1999, 1, 1)) is None


def test_the_page_says_it_with_the_reason(office: Office) -> None:
    # the nationality of the household is not recorded
    assert "判定: 確認が必要 国籍を確かめる (国民健康保険法施行規則1条)" in page(office)
