"""The rows of residents and households behind their numbers, and those that are not made yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from kokuho.office.register.models import Household, Resident
from kokuho.office.store.owned import Owned

_AT_ONCE = 500  # numbers in one query; SQLite takes so many parameters in any version
_NUMBER = {Resident: "address_number", Household: "household_number"}


@dataclass(frozen=True)
class Ids:
    """The rows of residents and households by their numbers, for one insurer."""

    residents: Mapping[str, int]
    households: Mapping[str, int]


@dataclass(frozen=True)
class Numbers:
    """The address and household numbers that a file names for one insurer, each once, in order."""

    residents: Sequence[str]
    households: Sequence[str]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> Self:
        """Those of some rows; a file need not have both."""
        found: dict[str, set[str]] = {"person_id": set(), "household_id": set()}
        for row in rows:
            for name, numbers in found.items():
                if row.get(name) is not None:
                    numbers.add(row[name])
        return cls(*(sorted(numbers) for numbers in found.values()))

    def known(self, insurer: str) -> Ids:
        """The ids; a number without a row has a stand-in (see :func:`real`)."""
        return Ids(
            *(
                dict(zip(numbers, range(-1, -1 - len(numbers), -1), strict=True))
                | ids_of(model, insurer, numbers)
                for model, numbers in ((Resident, self.residents), (Household, self.households))
            )
        )

    def made(self, insurer: str) -> tuple[Ids, dict[str, int]]:
        """The ids, with rows made for new numbers; and how many were made."""
        residents = ids_of(Resident, insurer, self.residents)
        households = ids_of(Household, insurer, self.households)
        counts = {
            "residents": _make(Resident, insurer, self.residents, residents),
            "households": _make(Household, insurer, self.households, households),
        }
        return Ids(residents, households), counts

    def real(self, model: type[Any], ids: Ids, value: int) -> int:
        """The id behind a stand-in: its number's place, counted from -1 downwards."""
        if value >= 0:
            return value
        if model is Resident:
            return ids.residents[self.residents[-1 - value]]
        return ids.households[self.households[-1 - value]]


def ids_of(model: type[Any], insurer: str, numbers: Sequence[str]) -> dict[str, int]:
    """The ids of those residents, or households, that are in the register."""
    name = _NUMBER[model]
    found: dict[str, int] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        rows = model.objects.filter(insurer_id=insurer, **{f"{name}__in": some})
        found.update(rows.values_list(name, "pk"))
    return found


def _make(model: type[Any], insurer: str, numbers: Sequence[str], ids: dict[str, int]) -> int:
    """Make the rows of new numbers, and add their ids."""
    new = [number for number in numbers if number not in ids]
    made: list[Owned] = [model(insurer_id=insurer, **{_NUMBER[model]: number}) for number in new]
    model.objects.bulk_create(made, batch_size=_AT_ONCE)
    ids.update(zip(new, (row.pk for row in made), strict=True))
    return len(new)
