"""To whom a paper goes, where, and in which languages (宛名、送付先、言語).

The payer, at the sending address (送付先) where one is recorded; of one who died, who represents
the heirs; of one who left Japan and named an agent (納税管理人), the agent. The languages are those
that the reader asked for, and those that the insurer prints for everybody; nobody's nationality is
read here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kokuho.forms.papers import LANGUAGES
from kokuho.forms.papers.letter import Addressee, Kind
from kokuho.office.assessment import addressees
from kokuho.office.assessment.causes import death_of
from kokuho.office.assessment.succession import Succession
from kokuho.office.billing.departures import Departure
from kokuho.office.household.protection import protected
from kokuho.office.printing.mail import mail_on
from kokuho.office.register.models import Enrolment, Handling, Identity, Residence, Resident
from kokuho.office.store.slices import slices

_PAYERS = {"tax": ("納税義務者", "納税管理人"), "premium": ("納付義務者", "納付の代理人")}


@dataclass(frozen=True)
class Recipient:
    """Name and address in the window, the reader's languages, and whether 支援措置 holds.

    ``of_heirs``: it goes to the heirs of the payer.
    """

    addressee: Addressee
    languages: tuple[str, ...]
    protected: bool
    of_heirs: bool


class Recipients:
    """Whom the papers of one day go to, inside ``seeing``."""

    def __init__(self, insurer: str, day: date, kind: Kind, for_all: tuple[str, ...] = ()) -> None:
        self.day, self.kind, self.for_all = day, kind, for_all
        self._protected = protected(day)
        self._mail = mail_on(insurer, day)
        self._plain: dict[int, Recipient] = {}

    def read(self, payers: Iterable[Resident]) -> None:
        """Read in bulk the payers that nothing is special about, whom :meth:`of` answers then.

        They live here, nobody says that they died, and no sending address is known: all but a few.
        """
        for some in slices({payer.pk for payer in payers} - set(self._plain)):
            self._plain |= self._at_home(some)

    def _at_home(self, payers: Sequence[int]) -> dict[int, Recipient]:
        homes = {row.resident_id: row for row in _of(Residence.objects.as_of(self.day), payers)}
        dead = {row.resident_id for row in _of(Residence.objects.known(), payers).filter(
            ended_by="death")}  # fmt: skip
        dead |= {row.resident_id for row in _of(Enrolment.objects.known(), payers).filter(
            loss_reason="death")}  # fmt: skip
        names: dict[int, Identity] = {}
        for row in _of(Identity.objects.known(), payers).order_by("valid_from", "pk"):
            if row.valid_from <= self.day:
                names[row.resident_id] = row
        asked = dict(
            _of(Handling.objects.as_of(self.day), payers).values_list(
                "resident_id", "preferred_language"
            )
        )
        numbers = dict(Resident.objects.filter(pk__in=payers).values_list("pk", "address_number"))
        found = {}
        for pk, home in homes.items():
            said = names.get(pk)
            if pk in dead or pk in self._mail.sending or not home.address or said is None:
                continue
            name = said.common_name or said.kanji or said.latin or numbers[pk]
            found[pk] = Recipient(
                Addressee(name, home.postal_code, home.address),
                self._codes(asked.get(pk) or ""),
                pk in self._protected,
                of_heirs=False,
            )
        return found

    def of(self, payer: Resident) -> Recipient:
        """Whom a payer's paper goes to.

        Raises:
            InputError: no address is known, or nobody represents the heirs.
        """
        if payer.pk in self._plain:
            return self._plain[payer.pk]
        found = self._agent(payer)
        reader = payer
        if found is None:
            found = self._sending(payer)
        if found is None:
            told = addressees.of_payer(payer, self.day)
            found = Addressee(told.name, told.postal_code, told.address, told.before)
            if told.of_heirs:
                reader = self._representative(payer)
        concerned = {payer.pk, reader.pk}
        return Recipient(
            addressee=found,
            languages=self._languages(reader),
            protected=bool(concerned & self._protected),
            of_heirs=reader.pk != payer.pk or death_of(payer.address_number) is not None,
        )

    def is_protected(self, payer: Resident) -> bool:
        """Whether 支援措置 holds for a payer, whose address may be unknown."""
        return payer.pk in self._protected

    def returned(self, payer: Resident) -> str:
        """Why nothing is to be sent to a payer: mail came back (返戻); empty where it is."""
        return self._mail.returned.get(payer.pk, "")

    def _sending(self, payer: Resident) -> Addressee | None:
        """A living payer at the sending address."""
        where = self._mail.sending.get(payer.pk)
        if where is None or death_of(payer.address_number) is not None:
            return None
        return Addressee(addressees.name_of(payer, self.day), where.postal_code, where.address)

    def _agent(self, payer: Resident) -> Addressee | None:
        """The agent of a payer who is no resident any more."""
        if Residence.objects.as_of(self.day).filter(resident=payer).exists():
            return None
        said = Departure.objects.known().filter(resident=payer).exclude(agent="")
        last = said.order_by("fiscal_year").last()
        if last is None or death_of(payer.address_number) is not None:
            return None
        payer_is, agent_is = _PAYERS[self.kind]
        name = addressees.name_of(payer, self.day)
        return Addressee(last.agent, "", last.agent_address, (f"{payer_is} {name}", agent_is))

    def _representative(self, payer: Resident) -> Resident:
        said = Succession.objects.as_of(self.day).filter(resident=payer).first()
        return said.representative if said and said.representative else payer

    def _languages(self, reader: Resident) -> tuple[str, ...]:
        """Codes, the preferred one first; one that has no papers is left out."""
        rows = Handling.objects.as_of(self.day).filter(resident=reader)
        return self._codes(rows.values_list("preferred_language", flat=True).first() or "")

    def _codes(self, asked: str) -> tuple[str, ...]:
        wanted = (asked.replace("_", "-") if asked != "easy_ja" else asked, *self.for_all)
        return tuple(dict.fromkeys(code for code in wanted if code in LANGUAGES and code != "ja"))


def _of(rows: Any, payers: Sequence[int]) -> Any:
    return rows.filter(resident__in=payers)
