"""What all kinds share: what was asked for, the papers that there are, the head of a letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from kokuho.forms.papers import LegalTexts, Letter, Paper
from kokuho.forms.papers.letter import Kind
from kokuho.law import legal_text
from kokuho.office.assessment.notices import names_of
from kokuho.office.collection import accounts
from kokuho.office.printing.recipients import Recipient, Recipients
from kokuho.office.printing.sender import Office
from kokuho.office.register.models import Resident
from kokuho.ordinance import Insurer

APPEAL_MONTHS = 3
"""As the texts of ``redress.*`` say it in words (行政不服審査法18条1項)."""


@dataclass(frozen=True)
class Asked:
    """Which papers of a kind were asked for; what a kind does not need is left alone.

    Attributes:
        fiscal_year: of levy, prepayment, whole-year slips; of a certificate, if of one year alone.
        run: the issue of slips, or the run of reminders or letters of demand.
        since: what was recorded or decided from this day on.
        year: the calendar year of a statement.
        household: one household's alone (世帯番号).
    """

    kind: str
    fiscal_year: int | None = None
    run: str | None = None
    since: date | None = None
    year: int | None = None
    household: str = ""


@dataclass(frozen=True)
class Item:
    """One paper that there is to print; ``state`` as in ``states.STATES``."""

    reference: str
    household: int
    payer: int
    amount: int
    state: str = "print"
    reason: str = ""


@dataclass
class Issue:
    """An issue of papers: whose, of which day, with whose slots; inside ``seeing``.

    ``sent_on`` is the day on which they are sent where that is another one (再発行).
    ``debited`` are the numbers of the households that pay by direct debit (口座振替).
    """

    insurer: Insurer
    issued_on: date
    office: Office
    sent_on: date | None = None
    recipients: Recipients = field(init=False)
    debited: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.recipients = Recipients(
            self.insurer.code, self.sent_on or self.issued_on, self.kind,
            self.office.said.languages_for_all,
        )  # fmt: skip
        self.debited = frozenset(accounts.on_day(self.insurer.code, self.issued_on))
        self._names = names_of(self.insurer, self.office.said.authority)

    @property
    def kind(self) -> Kind:
        """Tax or premium."""
        return self.insurer.kind

    def letter(self, payer: Resident, number: str) -> tuple[Letter, Recipient]:
        """The head of a letter to a payer, and whom it goes to.

        Raises:
            InputError: no address is known, or nobody represents the heirs.
        """
        recipient = self.recipients.of(payer)
        sender = self.office.sender(self.insurer.name, self._names["authority"])
        letter = Letter(
            sender, recipient.addressee, number, self.issued_on, self.kind, self.office.residence
        )
        return letter, recipient

    def text(self, name: str) -> tuple[str, ...]:
        """A text that the law asks for, as it holds on the day of issue.

        Raises:
            LawError: there is none for the day.
        """
        text = legal_text(f"{name}.{self.kind}", self.issued_on)
        return tuple(text.filled(self._names))

    def legal(self, recipient: Recipient) -> LegalTexts:
        """Basis, arrears and remedies; the heirs are told why it comes to them."""
        basis = self.text("basis")
        if recipient.of_heirs:
            basis += self.text("heirs")
        return LegalTexts(basis, self.text("late"), self.text("redress"), APPEAL_MONTHS)


class Composer(Protocol):
    """A kind of paper."""

    @property
    def key(self) -> str:
        """Its key."""

    def needs(self) -> tuple[str, ...]:
        """The fields of :class:`Asked` without which it cannot be asked for."""

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        """The papers that there are, those that cannot be printed included, inside ``seeing``."""

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        """What the items' amounts must add up to, from the books and not from the items."""

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        """The papers by reference, with whom each goes to; inside ``seeing``.

        Raises:
            KokuhoError: what the papers tell of does not agree with what it was made from.
        """
