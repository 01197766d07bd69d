"""Words and numbers of the pages, in Japanese or English whatever the interface speaks (表記)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kokuho.base.calendar import era_date
from kokuho.base.messages import said
from kokuho.statistics import Definition, Figure, Language, Text, dimensions, label

LANGUAGES: tuple[Language, ...] = ("ja", "en")

TOTAL = ""
"""The code of a margin: a dimension that is summed over."""


@dataclass(frozen=True)
class Words:
    """What a page says, in its language."""

    language: Language

    def __call__(self, message: str) -> str:
        """A message (English id) in the language."""
        return said("publish", message, self.language)

    def code(self, dimension: str, code: str) -> str:
        """A code of a dimension for people; a margin is the total."""
        return self("total") if code == TOTAL else label(dimension, code, self.language)

    def title(self, text: Text) -> str:
        """A title at the head of something: English ones begin with a capital letter."""
        said = text[self.language]
        return said[:1].upper() + said[1:]

    def dimension(self, name: str) -> str:
        """The name of a dimension."""
        return dimensions()[name].title[self.language]

    def day(self, day: date) -> str:
        """A day: in the Japanese calendar, or as ISO writes it."""
        return era_date(day) if self.language == "ja" else day.isoformat()

    def unit(self, definition: Definition) -> str:
        """The unit of a measure, as it stands over a table."""
        return self({"percent": "percent", "yen": "yen", "count": "number"}[definition.unit])

    def number(self, value: Decimal, places: int) -> str:
        """A number with its decimals and separators; below zero with the minus sign of print."""
        return f"{value:,.{places}f}".replace("-", "−")

    def value(self, value: Decimal, definition: Definition) -> str:
        """A value with its unit, as it stands in a sentence."""
        number = self.number(value, definition.places)
        if definition.unit == "percent":
            return f"{number}%"
        return self("{number} yen").format(number=number) if definition.unit == "yen" else number

    def cell(self, figure: Figure | None, places: int) -> str:
        """A figure as a table shows it: suppressed is never 0, and nothing is never 0."""
        if figure is not None and figure.suppressed:
            return self("suppressed")
        if figure is None or figure.value is None:
            return "―" if self.language == "ja" else "–"
        return self.number(figure.value, places)

    def listed(self, items: list[str]) -> str:
        """Some words one after the other."""
        return ("、" if self.language == "ja" else ", ").join(items)

    def sentences(self, items: list[str]) -> str:
        """Some sentences one after the other."""
        return ("" if self.language == "ja" else " ").join(item for item in items if item)
