"""Papers to payers, in Japanese and the reader's language, from one set of figures.

A paper is a frozen data class; :func:`paper_pdf` makes it a PDF. Composition knows no language,
showing knows no paper. See docs/papers.md.
"""

from kokuho.forms.papers.agreement import Agreement, Promise
from kokuho.forms.papers.arrears import Demand, Reminder
from kokuho.forms.papers.catalogue import language_of
from kokuho.forms.papers.certificates import Certificate, Statement, YearPaid
from kokuho.forms.papers.coverage import coverage
from kokuho.forms.papers.kinds import KINDS, Paper, compose, paper_pdf
from kokuho.forms.papers.languages import LANGUAGES, TRANSLATED
from kokuho.forms.papers.leaflets import EnrolmentLeaflet, ReturnHomeGuide
from kokuho.forms.papers.legal import LegalTexts
from kokuho.forms.papers.letter import (
    Addressee,
    Instalment,
    Letter,
    Overdue,
    Sender,
    Window,
)
from kokuho.forms.papers.levy import (
    Changed,
    ChangeNotice,
    Insured,
    LevyNotice,
    PartAmount,
)
from kokuho.forms.papers.prepayment import PrepaymentNotice
from kokuho.forms.papers.provisional import ProvisionalNotice
from kokuho.forms.papers.refund import (
    Appropriated,
    AppropriationNotice,
    Overpaid,
    RefundNotice,
)
from kokuho.forms.papers.relief import ReliefNotice
from kokuho.forms.papers.residence import Residence
from kokuho.forms.papers.samples import SAMPLES
from kokuho.forms.papers.slip import Slip
from kokuho.forms.papers.text import Month

__all__ = [
    "KINDS",
    "LANGUAGES",
    "SAMPLES",
    "TRANSLATED",
    "Addressee",
    "Agreement",
    "Appropriated",
    "AppropriationNotice",
    "Certificate",
    "ChangeNotice",
    "Changed",
    "Demand",
    "EnrolmentLeaflet",
    "Instalment",
    "Insured",
    "LegalTexts",
    "Letter",
    "LevyNotice",
    "Month",
    "Overdue",
    "Overpaid",
    "Paper",
    "PartAmount",
    "PrepaymentNotice",
    "Promise",
    "ProvisionalNotice",
    "RefundNotice",
    "ReliefNotice",
    "Reminder",
    "Residence",
    "ReturnHomeGuide",
    "Sender",
    "Slip",
    "Statement",
    "Window",
    "YearPaid",
    "compose",
    "coverage",
    "language_of",
    "paper_pdf",
]
