"""Insurers (保険者): the municipalities that one installation serves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.office.store.owned import Guarded
from kokuho.office.tenancy import seeing


class Insurer(Guarded):
    """A municipality that levies; each row of the register belongs to one.

    ``code`` is the insurer's own number as ordinances and files use it. Whether it levies a tax or
    a premium is its ordinance's to say, by fiscal year.
    """

    owner_field: ClassVar[str] = "code"
    owner_column: ClassVar[str] = "code"

    code = models.CharField(max_length=20, primary_key=True)
    name = models.TextField()
    prefecture = models.TextField(default="")
    municipality_code = models.CharField(max_length=6, default="")

    def __str__(self) -> str:
        return self.name


def only() -> str | None:
    """The code of the one insurer of an embedded database; none where it has several, or none.

    Whoever can open an SQLite file sees it whole. PostgreSQL shows no insurer to who names none,
    so there is none there either.
    """
    everything: models.QuerySet[Insurer] = models.QuerySet(Insurer)
    codes = list(everything.values_list("code", flat=True)[:2])
    return codes[0] if len(codes) == 1 else None


def add(code: str, name: str, prefecture: str, municipality_code: str) -> bool:
    """Add an insurer to the installation, or bring its names up to date; whether it is new."""
    values = {"name": name, "prefecture": prefecture, "municipality_code": municipality_code}
    with seeing([code], writing=True):
        _insurer, made = Insurer.objects.update_or_create(code=code, defaults=values)
    return bool(made)
