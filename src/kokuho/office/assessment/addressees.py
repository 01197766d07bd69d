"""To whom a paper goes, and the names that stand on it (宛名)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.assessment.causes import death_of
from kokuho.office.assessment.succession import Succession
from kokuho.office.register.models import Identity, Residence, Resident

_ = translator("assessment")


@dataclass(frozen=True)
class Addressee:
    """Name and address as they stand in the window; ``before`` are lines above the name."""

    name: str
    postal_code: str
    address: str
    before: tuple[str, ...] = ()

    @property
    def of_heirs(self) -> bool:
        """Whether the paper goes to the heirs of the payer."""
        return bool(self.before)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for the printed page."""
        return asdict(self)


def of_payer(payer: Resident, day: date) -> Addressee:
    """Where a payer's paper goes on a day; of one who died, to who represents the heirs.

    Raises:
        InputError: no address is known, or nobody represents the heirs.
    """
    if death_of(payer.address_number) is None:
        return _at_home(payer, day)
    succession = Succession.objects.as_of(day).filter(resident=payer).first()
    if succession is None:
        raise InputError(
            _(
                "Resident {number} died, and nobody is known to represent the heirs; "
                "`kokuho assess succession` records who does."
            ).format(number=payer.address_number)
        )
    lines = (f"被相続人 {name_of(payer, day)}", "相続人代表者")
    if succession.representative is None:
        return Addressee(succession.name, succession.postal_code, succession.address, lines)
    at_home = _at_home(succession.representative, day)
    return Addressee(at_home.name, at_home.postal_code, at_home.address, lines)


def _at_home(resident: Resident, day: date) -> Addressee:
    """Where a resident lives, or went to."""
    homes = Residence.objects.known().filter(resident=resident, valid_from__lte=day)
    home = homes.order_by("valid_from").last()
    gone = home is not None and home.valid_to is not None and home.valid_to <= day
    address = home and (home.later_address if gone else home.address)
    if not home or not address:
        raise InputError(
            _("Resident {number} has no known address; a notice has to be sent to one.").format(
                number=resident.address_number
            )
        )
    return Addressee(name_of(resident, day), "" if gone else home.postal_code, address)


def name_of(resident: Resident, day: date) -> str:
    """The name that a paper bears: the registered name in use (通称) where there is one, else that
    in kanji, else that in Latin letters; as of a day, or the last one before it.
    """
    names = Identity.objects.known().filter(resident=resident)
    known = names.filter(valid_from__lte=day).order_by("valid_from").last() or names.first()
    if known is None:
        return resident.address_number
    return known.common_name or known.kanji or known.latin or resident.address_number


def names(insurer: str, numbers: Iterable[str], day: date) -> dict[str, str]:
    """The names of residents by address number, each name once.

    Two persons of one name are told apart by their numbers.
    """
    residents = Resident.objects.filter(insurer_id=insurer, address_number__in=set(numbers))
    found = {resident.address_number: name_of(resident, day) for resident in residents}
    times = Counter(found.values())
    return {
        number: name if times[name] == 1 else f"{name}({number})" for number, name in found.items()
    }
