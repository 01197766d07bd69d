"""Rows that belong to one insurer, and the query layer that shows each its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any, ClassVar, TypeVar

from django.db import models

from kokuho.office import tenancy

M = TypeVar("M", bound=models.Model)


class Kept(Enum):
    """What a table lets happen to a row that is there; the database itself refuses the rest."""

    CHANGEABLE = "changeable"
    """Rows may change: work in progress, nothing that anybody has to answer for."""

    FOR_GOOD = "for good"
    """Rows are inserted only; update, delete and truncate are refused."""

    VERSIONS = "versions"
    """As :attr:`FOR_GOOD`, but a version may be superseded, once (see ``Version``)."""


class OwnedQuerySet(models.QuerySet[M]):
    """Queries over the rows of the insurers that the transaction sees."""

    def bulk_create(self, objs: Iterable[M], *args: Any, **options: Any) -> list[M]:
        """Insert rows, all of insurers that the transaction sees."""
        rows = list(objs)
        check_visible(rows)
        return super().bulk_create(rows, *args, **options)


class OwnedManager(models.Manager.from_queryset(OwnedQuerySet)[M]):  # type: ignore[misc]
    """Shows the rows of the insurers that the transaction sees, and no others."""

    use_in_migrations = False

    def get_queryset(self) -> OwnedQuerySet[M]:
        """The rows of the insurers that are visible now."""
        model: Any = self.model
        rows: OwnedQuerySet[M] = super().get_queryset()
        return rows.filter(**{f"{model.owner_field}__in": tenancy.visible()})


class Guarded(models.Model):
    """A table that is guarded: by insurer, and by what may happen to its rows.

    ``owner_field`` is the field (also the column) with the code of the insurer.
    """

    owner_field: ClassVar[str] = "insurer_id"
    owner_column: ClassVar[str] = "insurer_code"
    kept: ClassVar[Kept] = Kept.CHANGEABLE

    objects = OwnedManager()

    class Meta:
        abstract = True
        # also what relations and saving go through
        base_manager_name = "objects"

    def save(self, *args: Any, **options: Any) -> None:
        """Save a row of an insurer that the transaction sees."""
        check_visible([self])
        super().save(*args, **options)


class Owned(Guarded):
    """A row that belongs to one insurer (保険者)."""

    insurer = models.ForeignKey(
        "register.Insurer", on_delete=models.PROTECT, db_column="insurer_code", related_name="+"
    )

    class Meta(Guarded.Meta):
        abstract = True


def check_visible(rows: Iterable[Any]) -> None:
    """Refuse rows of insurers that the transaction does not see.

    Raises:
        ForeignInsurerError: there is such a row.
    """
    codes = {getattr(row, row.owner_field) for row in rows}
    if foreign := sorted(map(str, codes - tenancy.visible())):
        raise tenancy.ForeignInsurerError(f"rows of insurers that are not seen: {foreign}")


def relations(model: type[Guarded]) -> Iterator[tuple[str, str]]:
    """The columns that point to rows of an insurer, and their tables."""
    for field in model._meta.concrete_fields:
        parent = field.related_model
        if isinstance(parent, type) and issubclass(parent, Owned):
            yield str(field.column), parent._meta.db_table
