"""Fields for what offices write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from kokuho.base.calendar import PartialDate, parse_date

if TYPE_CHECKING:
    _Text = models.CharField[Any, PartialDate]
    _LongText = models.TextField[str, str]
else:
    _Text = models.CharField
    _LongText = models.TextField


class PartialDateField(_Text):
    """A date of which day or month may be unknown (月日不詳), kept as ISO text with ``00``."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options["max_length"] = 10
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        """As a migration writes it."""
        name, path, args, options = super().deconstruct()
        del options["max_length"]
        return name, path, args, options

    def from_db_value(self, value: str | None, *_rest: Any) -> PartialDate | None:
        """Text of the database to a date."""
        return None if value is None else parse_date(value)

    def to_python(self, value: Any) -> PartialDate | None:
        """Any form that offices write, to a date."""
        if value is None or isinstance(value, PartialDate):
            return value
        try:
            return parse_date(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def get_prep_value(self, value: Any) -> str | None:
        """A date to text of the database."""
        date = self.to_python(value)
        return None if date is None else str(date)


class DerivedTextField(_LongText):
    """Text made from other fields of the row whenever it is saved, also in bulk.

    It says nothing of its own, so versions are not compared by it.
    """

    derived: ClassVar[bool] = True

    def __init__(
        self,
        *args: Any,
        names: Sequence[str] = (),
        make: Callable[[str], str] = str,
        **options: Any,
    ) -> None:
        self.names, self.make = tuple(names), make
        super().__init__(*args, **{"default": "", "editable": False, **options})

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """What is saved: a line for each of the fields that are not empty."""
        values = (getattr(model_instance, name) for name in self.names)
        made = "\n".join(dict.fromkeys(self.make(value) for value in values if value))
        setattr(model_instance, self.attname, made)
        return made
