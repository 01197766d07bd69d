"""The papers that there are: for each its data class and how it is composed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from kokuho.base.errors import FormError
from kokuho.base.messages import translator
from kokuho.forms.papers.agreement import Agreement, agreement
from kokuho.forms.papers.arrears import Demand, Reminder, demand, reminder
from kokuho.forms.papers.catalogue import language_of
from kokuho.forms.papers.certificates import Certificate, Statement, certificate, statement
from kokuho.forms.papers.frame import page
from kokuho.forms.papers.leaflets import (
    EnrolmentLeaflet,
    ReturnHomeGuide,
    enrolment_leaflet,
    return_home_guide,
)
from kokuho.forms.papers.letter import Sheet
from kokuho.forms.papers.levy import ChangeNotice, LevyNotice, change_notice, levy_notice
from kokuho.forms.papers.prepayment import PrepaymentNotice, prepayment_notice
from kokuho.forms.papers.provisional import ProvisionalNotice, provisional_notice
from kokuho.forms.papers.refund import (
    AppropriationNotice,
    RefundNotice,
    appropriation_notice,
    refund_notice,
)
from kokuho.forms.papers.relief import ReliefNotice, relief_notice
from kokuho.forms.papers.slip import Slip, slip
from kokuho.forms.render import render_pdf
from kokuho.forms.typefaces import require_scripts

_ = translator("forms")

Paper: TypeAlias = (
    LevyNotice
    | ChangeNotice
    | PrepaymentNotice
    | ProvisionalNotice
    | Slip
    | Reminder
    | Demand
    | Agreement
    | RefundNotice
    | AppropriationNotice
    | Certificate
    | Statement
    | ReliefNotice
    | ReturnHomeGuide
    | EnrolmentLeaflet
)


@dataclass(frozen=True)
class Kind:
    """A kind of paper: its key in commands and file names, its name, data class, composition."""

    key: str
    name: str
    data: type[Any]
    compose: Callable[[Any], Sheet]


_ALL = (
    Kind("levy", "納税通知書・納入通知書", LevyNotice, levy_notice),
    Kind("change", "更正通知書・変更決定通知書", ChangeNotice, change_notice),
    Kind("prepayment", "前納通知書", PrepaymentNotice, prepayment_notice),
    Kind("provisional", "特別徴収(仮徴収)通知書", ProvisionalNotice, provisional_notice),
    Kind("slip", "納付書", Slip, slip),
    Kind("reminder", "督促状", Reminder, reminder),
    Kind("demand", "催告書", Demand, demand),
    Kind("agreement", "分納誓約書", Agreement, agreement),
    Kind("refund", "過誤納還付通知書", RefundNotice, refund_notice),
    Kind("appropriation", "過誤納充当通知書", AppropriationNotice, appropriation_notice),
    Kind("certificate", "納付証明書", Certificate, certificate),
    Kind("statement", "納付済額のお知らせ", Statement, statement),
    Kind("relief", "減免決定通知書", ReliefNotice, relief_notice),
    Kind("return_home", "出国・帰国の前に", ReturnHomeGuide, return_home_guide),
    Kind("enrolment", "加入のしおり", EnrolmentLeaflet, enrolment_leaflet),
)

KINDS: Mapping[str, Kind] = {kind.key: kind for kind in _ALL}
"""All kinds of papers by key."""

_BY_DATA: Mapping[type[Any], Kind] = {kind.data: kind for kind in _ALL}


def compose(paper: Paper) -> Sheet:
    """The paper, free of language.

    Raises:
        FormError: a notice of a decision says nothing of remedies (教示).
    """
    redress = getattr(getattr(paper, "legal", paper), "redress", None)
    if redress is not None and not (redress and all(text.strip() for text in redress)):
        raise FormError(
            _("The notice cannot be printed: it does not say where to turn against it (教示).")
        )
    return _BY_DATA[type(paper)].compose(paper)


def paper_pdf(paper: Paper, languages: Sequence[str] = ()) -> bytes:
    """A paper as PDF: the Japanese side, and behind it a side for each language asked for.

    Args:
        paper: the data of the paper; the same figures stand on every side.
        languages: codes of :data:`kokuho.forms.papers.LANGUAGES`, as the reader prefers; Japanese
            is always there and need not be named. Nobody's nationality is asked for.

    Raises:
        FormError: an unknown language, a catalogue that lacks a message, a character that the
            typefaces do not have, no instruction on remedies where the law asks for it.
    """
    require_scripts()
    sheet = compose(paper)
    codes = ["ja", *(code for code in dict.fromkeys(languages) if code != "ja")]
    sides = [page(sheet, language_of(code)) for code in codes]
    return render_pdf("papers", {"sides": sides}, made_on=paper.letter.issued_on)
