"""Facts with two times: when they hold (valid), and when we knew them (recorded).

A fact about a subject holds from ``valid_from`` to before ``valid_to`` (``None``: without end).
What we know of it changes: the version that was known is superseded, never altered, and others are
inserted. So the register can be asked what it knew on any past day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from kokuho.base.calendar import first_day_of_year, last_day_of_year
from kokuho.office.store.owned import Kept, Owned, OwnedManager, OwnedQuerySet

V = TypeVar("V", bound="Version")


class VersionQuerySet(OwnedQuerySet[V]):
    """Queries over versions."""

    def known(self, known: date | datetime | None = None) -> Self:
        """The versions that were known at a moment, for all days on which they hold.

        Args:
            known: a moment; a day stands for its end; ``None`` for now.
        """
        if known is None:
            return self.filter(superseded_at__isnull=True)
        moment = known if isinstance(known, datetime) else end_of(known)
        return self.filter(recorded_at__lte=moment).filter(
            Q(superseded_at__isnull=True) | Q(superseded_at__gt=moment)
        )

    def as_of(self, valid: date, known: date | datetime | None = None) -> Self:
        """What holds on the day ``valid``, as it was known at ``known`` (see :meth:`known`)."""
        return self.known(known).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=valid), valid_from__lte=valid
        )

    def of_year(self, fiscal_year: int) -> Self:
        """The versions that begin to hold in a fiscal year, for facts that are of one year."""
        first, last = first_day_of_year(fiscal_year), last_day_of_year(fiscal_year)
        return self.filter(valid_from__range=(first, last))


class VersionManager(OwnedManager.from_queryset(VersionQuerySet)[V]):  # type: ignore[misc]
    """Versions of the insurers that the transaction sees."""

    use_in_migrations = False


class Version(Owned):
    """A version of a fact. Subclasses name their subject and add what is known of it.

    ``subject`` names the fields that say what the fact is about: at any moment, one version at
    most is known of a subject for any day. The database refuses a second one.
    """

    subject: ClassVar[tuple[str, ...]]
    kept: ClassVar[Kept] = Kept.VERSIONS

    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    objects = VersionManager()  # type: ignore[misc]

    class Meta(Owned.Meta):
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="%(class)s_holds_for_a_day",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gte=F("recorded_at")),
                name="%(class)s_superseded_later",
            ),
        ]

    @classmethod
    def subject_names(cls) -> list[str]:
        """The attributes that hold the subject (``resident_id`` for ``resident``)."""
        return [_field(cls, name).attname for name in cls.subject]

    @classmethod
    def subject_columns(cls) -> list[str]:
        """The columns that hold the subject."""
        return [str(_field(cls, name).column) for name in cls.subject]

    @classmethod
    def fact_names(cls) -> list[str]:
        """The attributes that are neither subject nor time: what the fact says."""
        others = {*_TIMES, *cls.subject_names()}
        fields = (f for f in cls._meta.concrete_fields if not getattr(f, "derived", False))
        return [field.attname for field in fields if field.attname not in others]

    def about(self) -> tuple[Any, ...]:
        """The subject, as a key."""
        return tuple(getattr(self, name) for name in self.subject_names())

    def says(self) -> tuple[Any, ...]:
        """What the fact says, to compare two versions; a text of a date is that date."""
        return tuple(
            _field(type(self), name).to_python(getattr(self, name)) for name in self.fact_names()
        )

    def holds_on(self, day: date) -> bool:
        """Whether the fact holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def again(self, valid_from: date, valid_to: date | None) -> Self:
        """The same fact for other days, as a new version that is not recorded yet."""
        names = [*self.subject_names(), *self.fact_names()]
        values = {name: getattr(self, name) for name in names}
        return type(self)(valid_from=valid_from, valid_to=valid_to, **values)


_TIMES = ("id", "insurer_id", "valid_from", "valid_to", "recorded_at", "superseded_at")


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def end_of(day: date) -> datetime:
    """The last moment of a day, where the office is."""
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time())
    return timezone.make_aware(midnight) - timedelta(microseconds=1)
