"""A statutory number with its days, article, source and certainty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kokuho.base.errors import LawError
from kokuho.base.messages import translator
from kokuho.law.values import Value

_ = translator("law")

CERTAINTIES: Mapping[str, str] = {
    "confirmed": "confirmed by published answers",
    "read": "read in the source",
    "unverified": "unverified",
}
"""How sure a value is, a closed list.

``confirmed``: read in a source, and worked examples that municipalities published agree with it.
``read``: stated in the source; no published example was computed with it.
``unverified``: no source of that year was read, or its reading is in doubt; the note says why.
"""


def certainty_label(code: str) -> str:
    """A certainty for people, in the language of the interface: ``出典で確認``."""
    return _(CERTAINTIES[code])


@dataclass(frozen=True)
class Article:
    """The article of law, for 保険料 and for 保険税 (the same text where one law serves both)."""

    premium: str
    tax: str

    def __str__(self) -> str:
        if self.premium == self.tax:
            return self.premium
        return f"{self.premium}(保険料)、{self.tax}(保険税)"


@dataclass(frozen=True)
class DatedValue:
    """A value and the days on which it is law, both included."""

    first: date
    last: date
    value: Value
    source: str
    certainty: str
    note: str
    article_premium: str
    article_tax: str

    @property
    def article(self) -> str:
        """Both articles in one line."""
        return str(Article(self.article_premium, self.article_tax))


@dataclass(frozen=True)
class Parameter:
    """One statutory number through time.

    ``values`` lie one after the other without a gap, oldest first. ``begins`` is the first day when
    the law brought the number in later than the first year that we know, else ``None``.
    """

    name: str
    title: str
    unit: str
    article_premium: str
    article_tax: str
    begins: date | None
    values: tuple[DatedValue, ...]

    @property
    def article(self) -> str:
        """Both articles in one line."""
        return str(Article(self.article_premium, self.article_tax))

    def find(self, day: date) -> DatedValue | None:
        """The value that is law on a day, or ``None``."""
        for dated in self.values:
            if dated.first <= day <= dated.last:
                return dated
        return None

    def on(self, day: date) -> DatedValue:
        """The value that is law on a day.

        Raises:
            LawError: no value is known for that day; another day's value is never used.
        """
        if found := self.find(day):
            return found
        raise LawError(
            _(
                "{name} has no value on {day}: values are known from {first} to {last}, "
                "and the value of another day is not used"
            ).format(name=self.name, day=day, first=self.values[0].first, last=self.values[-1].last)
        )


@dataclass(frozen=True)
class Rule:
    """What an explanation prints beside a number: where it is written, and how sure we are."""

    article: str
    article_premium: str
    article_tax: str
    source: str
    certainty: str
    note: str
