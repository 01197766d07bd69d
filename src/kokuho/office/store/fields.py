"""Fields for what offices write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

from kokuho.base.calendar import PartialDate, parse_date

if TYPE_CHECKING:
    _Text = models.CharField[Any, PartialDate]
else:
    _Text = models.CharField


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
