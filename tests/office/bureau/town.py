"""A fictional town: insured people of several nationalities who applied for benefits."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from kokuho.linkage.bureau import Answer, Step, scheme
from kokuho.office.accounts import rights, users
from kokuho.office.accounts.users import User
from kokuho.office.bureau.candidates import Candidate, candidates
from kokuho.office.bureau.recording import open_case, take
from kokuho.office.register.models import (
    BenefitEvent,
    Handling,
    Residence,
    Resident,
    Stay,
)
from kokuho.office.store.recording import record
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER
from tests.office.people import add_household, add_insurer, add_resident, enrol, moment

PASSWORD = "だれも使わない見本の合言葉"
LONG_AGO = timezone.make_aware(datetime(2026, 11, 1, 9))
ACQUIRED = date(2026, 5, 1)
APPLIED = date(2026, 8, 20)
TODAY = date(2026, 11, 25)


def officer(name: str, *held: str, insurer: str = INSURER) -> User:
    """A user with rights; both of the bureau's if none is named."""
    users.add(name, PASSWORD, [insurer], name)
    for right in held or (rights.BUREAU_NOTICE, rights.BUREAU_DECIDE):
        rights.allow(name, right, insurer, actor="係長")
    return User.objects.get(username=name)


def open_city() -> None:
    add_insurer()
    with seeing([INSURER], writing=True):
        when = moment(INSURER, LONG_AGO)
        newcomer("2001", when)
        newcomer("2002", when, nationality="VNM", status="留学")
        newcomer("2003", when, nationality="JPN", status="")
        newcomer("2004", when, nationality="", status="")
        newcomer("2005", when, acquired=date(2024, 4, 1))


def newcomer(
    number: str, when: Any, *, nationality: str = "NPL", status: str = "経営・管理",
    acquired: date = ACQUIRED, benefit: str = "high_cost", care_from: date | None = None,
    protected: bool = False,
) -> Resident:  # fmt: skip
    """An insured head of a household who applied for a benefit."""
    resident = add_resident(
        number, when, since=acquired, kanji=f"架空　{number}", kana="カクウ",
        nationality=nationality, latin=f"KAKUU {number}", birth_date="1990-02-03", sex="F",
    )  # fmt: skip
    add_household(f"h{number}", when, resident, since=acquired)
    enrol(when, resident, acquired, acquisition_reason="from_abroad")
    record(when, [Residence(resident=resident, valid_from=acquired, address=f"架空市{number}番地")])
    if status:
        record(when, [Stay(resident=resident, valid_from=acquired, status=status,
                           kind="mid_to_long_term", period_from=acquired,
                           period_to=date(2027, 4, 30))])  # fmt: skip
    if protected:
        record(when, [Handling(resident=resident, valid_from=acquired, protected=True)])
    apply(resident, when, benefit, care_from=care_from)
    return resident


def apply(
    resident: Resident, when: Any, kind: str = "high_cost", day: date = APPLIED, **more: Any
) -> None:
    end = date.fromordinal(day.toordinal() + 1)
    facts = {name: value for name, value in more.items() if value is not None}
    record(
        when, [BenefitEvent(resident=resident, valid_from=day, valid_to=end, kind=kind, **facts)]
    )


def waiting(on: date = TODAY) -> list[Candidate]:
    with seeing([INSURER]):
        return candidates(INSURER, on)


def people(on: date = TODAY) -> list[str]:
    """Who is listed, by address number."""
    listed = waiting(on)
    with seeing([INSURER]):
        known = dict(Resident.objects.values_list("pk", "address_number"))
    return [known[one.resident] for one in listed]


def opened(user: User, number: str = "2001") -> int:
    """A case for the application of a person."""
    listed = waiting()
    with seeing([INSURER]):
        resident = Resident.objects.get(address_number=number)
    event = next(one.event for one in listed if one.resident == resident.pk)
    return open_case(INSURER, event, user)


def step(kind: str, code: str = "", day: date = date(2026, 11, 10), **more: Any) -> Step:
    return Step(0, kind, day, "", code, **more)


ALL = tuple(Answer(item.code, f"架空の{item.title}", "heard") for item in scheme().on(TODAY).items)


def decided(user: User, number: str = "2001", code: str = "notify") -> int:
    """A case with an interview and a decision."""
    case = opened(user, number)
    take(INSURER, case, step("interview", answers=ALL), user)
    take(INSURER, case, step("decision", code, text="事業の実体が確認できない"), user)
    return case


def benefits_file(folder: Path, *rows: str) -> Path:
    path = folder / "benefits.csv"
    head = "保険者コード,宛名番号,給付の種類,申請日,診療開始日,整理番号"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path
