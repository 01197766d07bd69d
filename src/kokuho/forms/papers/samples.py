"""Every paper with fictional data: for contact sheets, tests, and whoever translates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from kokuho.forms.papers.agreement import Agreement, Promise
from kokuho.forms.papers.arrears import Demand, Reminder
from kokuho.forms.papers.certificates import Certificate, Statement, YearPaid
from kokuho.forms.papers.kinds import Paper
from kokuho.forms.papers.leaflets import EnrolmentLeaflet, ReturnHomeGuide
from kokuho.forms.papers.legal import LegalTexts
from kokuho.forms.papers.letter import Addressee, Instalment, Kind, Letter, Overdue, Sender
from kokuho.forms.papers.levy import (
    Changed,
    ChangeNotice,
    Insured,
    LevyNotice,
    PartAmount,
)
from kokuho.forms.papers.prepayment import PrepaymentNotice
from kokuho.forms.papers.provisional import ProvisionalNotice
from kokuho.forms.papers.refund import Appropriated, AppropriationNotice, Overpaid, RefundNotice
from kokuho.forms.papers.relief import ReliefNotice
from kokuho.forms.papers.residence import Residence
from kokuho.forms.papers.slip import Slip
from kokuho.forms.papers.text import Month

SENDER = Sender(
    insurer="架空市",
    authority="架空市長",
    office="国保年金課 収納係",
    telephone="000-000-0000",
    hours="8:30-17:15",
    interpreters="English, 中文, Tiếng Việt",
)
PERSON = Addressee("架空 太郎", "999-0001", "架空県架空市見本町一丁目2番3号 見本荘101号室")
_LATE = (
    "(見本)納期限までに納付されないときの扱いについて、発行日の法令による文がここに入ります。",
)
_REDRESS = ("(見本)審査請求と取消しの訴えについて、発行日の法令による文がここに入ります。",)
_BASIS = ("(見本)根拠の法令と条例について、発行日の法令による文がここに入ります。",)
LEGAL = LegalTexts(_BASIS, _LATE, _REDRESS, 3)
_PARTS = (
    PartAmount("medical", 96_400, 88_000, 62_400, 28_000, 6_000),
    PartAmount("support", 31_200, 28_900, 20_200, 9_000, 2_000),
    PartAmount("care", 27_300, 27_300, 15_300, 12_000, 0),
    PartAmount("child", 3_900, None, 2_100, 1_800, 0),
)
_TOTAL, _BEFORE = 158_800, 144_200
_DUES = (
    date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), date(2026, 11, 2),
    date(2026, 11, 30), date(2026, 12, 25), date(2027, 2, 1), date(2027, 3, 1),
)  # fmt: skip
_INSTALMENTS = tuple(
    Instalment(number, due, 20_200 if number == 1 else 19_800)
    for number, due in enumerate(_DUES, 1)
)
_OVERDUE = (
    Overdue(2025, 8, date(2026, 3, 2), 17_900, 1_100, 100),
    Overdue(2026, 1, date(2026, 7, 31), 20_200, 0, 100),
    Overdue(2026, 2, date(2026, 8, 31), 19_800, 0, 100),
)
_OWED = sum(one.total for one in _OVERDUE)


def letter(kind: Kind = "premium", *, residence: bool = True) -> Letter:
    """A letter of the fictional city."""
    return Letter(
        SENDER,
        PERSON,
        "見本-2026-000123",
        date(2026, 11, 25),
        kind,
        Residence() if residence else None,
    )


def _levy(kind: Kind) -> LevyNotice:
    return LevyNotice(
        letter(kind), 2026, PERSON.name, "0001234567", _PARTS, _TOTAL, 2,
        (Insured("架空 太郎", Month(2026, 4), Month(2027, 3)),
         Insured("架空 グエン", Month(2026, 9), Month(2027, 3))),
        _INSTALMENTS, "slip", LEGAL,
    )  # fmt: skip


def _change(kind: Kind) -> ChangeNotice:
    later = tuple(
        Instalment(one.number, one.due, one.amount + 3_650, one.amount) for one in _INSTALMENTS[4:]
    )
    return ChangeNotice(
        letter(kind), 2026, PERSON.name, "0001234567", _PARTS, _BEFORE, _TOTAL, 2,
        (Changed("joined", "架空 グエン"), Changed("income")), later, 0, "direct_debit", LEGAL,
    )  # fmt: skip


def _prepayment(kind: Kind) -> PrepaymentNotice:
    return PrepaymentNotice(
        letter(kind), 2026, PERSON.name, "0001234567", Month(2026, 9), Month(2027, 3),
        _PARTS, _TOTAL, date(2026, 12, 25), "架空市国民健康保険条例(見本)", LEGAL,
    )  # fmt: skip


def _provisional(kind: Kind) -> ProvisionalNotice:
    pays = ((Month(2026, 4), date(2026, 5, 11)), (Month(2026, 6), date(2026, 7, 10)),
            (Month(2026, 8), date(2026, 9, 10)))  # fmt: skip
    return ProvisionalNotice(
        letter(kind), 2026, PERSON.name, "0001234567", 63_600,
        tuple(Instalment(number, due, 21_200, channel="pension", month=month)
              for number, (month, due) in enumerate(pays, 1)),
        LEGAL,
    )  # fmt: skip


def _slip(kind: Kind) -> Slip:
    return Slip(
        letter(kind), 2026, 5, PERSON.name, 19_800, date(2026, 11, 30), date(2027, 3, 31),
        ("架空銀行、見本信用金庫", "架空市役所 会計課"),
    )  # fmt: skip


def _reminder(kind: Kind) -> Reminder:
    return Reminder(
        letter(kind), PERSON.name, _OVERDUE, _OWED, date(2026, 12, 7), _BASIS, _REDRESS, 3
    )


def _demand(kind: Kind) -> Demand:
    return Demand(
        letter(kind), PERSON.name, _OVERDUE, _OWED, date(2026, 11, 25), date(2026, 12, 25),
        "12/15, 12/16 9:00-19:00",
    )  # fmt: skip


def _agreement(kind: Kind) -> Agreement:
    promises = tuple(
        Promise(due, amount)
        for due, amount in zip(
            (date(2026, 12, 25), date(2027, 1, 29), date(2027, 2, 26), date(2027, 3, 31)),
            (15_000, 15_000, 15_000, _OWED - 45_000),
            strict=True,
        )
    )
    return Agreement(letter(kind), PERSON.name, _OVERDUE, _OWED, promises, "失業のため(見本)")


_OVERPAID = (
    Overpaid(2026, 3, date(2026, 9, 28), 12_300),
    Overpaid(2026, 4, date(2026, 10, 30), 19_700),
)
_USED = (Appropriated(2025, 8, date(2026, 3, 2), 17_900),)


def _refund(kind: Kind) -> RefundNotice:
    return RefundNotice(letter(kind), PERSON.name, _OVERPAID, _USED, 0, 14_100, date(2028, 11, 27))


def _appropriation(kind: Kind) -> AppropriationNotice:
    return AppropriationNotice(letter(kind), PERSON.name, _OVERPAID, _USED, 400, 17_900, 14_500)


def _certificate(kind: Kind) -> Certificate:
    years = (
        YearPaid(2024, 148_300, 148_300, 0, 0),
        YearPaid(2025, 151_900, 134_000, 17_900, 0),
        YearPaid(2026, 158_800, 59_100, 0, 99_700),
    )
    return Certificate(letter(kind), PERSON.name, date(2026, 11, 25), years, ("overdue", "agreed"))


def _statement(kind: Kind) -> Statement:
    return Statement(letter(kind), PERSON.name, 2026, 59_100, 78_800, 0, 137_900)


def _relief(kind: Kind) -> ReliefNotice:
    later = tuple(
        Instalment(one.number, one.due, one.amount - 8_000, one.amount) for one in _INSTALMENTS[4:]
    )
    return ReliefNotice(
        letter(kind), 2026, PERSON.name, True, _TOTAL, 36_000, _TOTAL - 36_000,
        "失業により所得が減ったため(見本)", later, _BASIS, _REDRESS, 3, overpaid=4_000,
    )  # fmt: skip


def _return_home(kind: Kind) -> ReturnHomeGuide:
    return ReturnHomeGuide(letter(kind), 2, 58_500, 99_700)


def _enrolment(kind: Kind) -> EnrolmentLeaflet:
    return EnrolmentLeaflet(letter(kind), 7, 14, prepayment=True)


SAMPLES: Mapping[str, Callable[[Kind], Paper]] = {
    "levy": _levy,
    "change": _change,
    "prepayment": _prepayment,
    "provisional": _provisional,
    "slip": _slip,
    "reminder": _reminder,
    "demand": _demand,
    "agreement": _agreement,
    "refund": _refund,
    "appropriation": _appropriation,
    "certificate": _certificate,
    "statement": _statement,
    "relief": _relief,
    "return_home": _return_home,
    "enrolment": _enrolment,
}
"""By key of the paper; the argument says whether the levy is the tax or the premium."""
