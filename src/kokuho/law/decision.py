"""Decision tables (判定表): rows of dated law of which the first that fits decides.

A table closes the values of its facts and of its answers, so that a row with a misspelled value is
refused when the table is read, and a question that no row answers cannot come up unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from kokuho.base.errors import LawError
from kokuho.base.messages import translator
from kokuho.law.places import Place, load_yaml
from kokuho.law.registry import DATA, sources

_ = translator("law")

_FILE_KEYS = {"covers", "answers", "facts", "statuses", "rows"}
_ROW_KEYS = {"id", "first", "last", "when", "answer", "reason", "article", "source", "certainty"}


@dataclass(frozen=True)
class Row:
    """One row: on its days, and where each fact of ``when`` has one of the values, the answer."""

    id: str
    first: date
    last: date
    when: Mapping[str, frozenset[str]]
    answer: str
    reason: str
    article: str
    source: str
    certainty: str
    note: str

    def fits(self, facts: Mapping[str, str], day: date) -> bool:
        """Whether the row speaks of these facts on this day."""
        return self.first <= day <= self.last and all(
            facts[name] in values for name, values in self.when.items()
        )


@dataclass(frozen=True)
class Table:
    """A decision table."""

    name: str
    answers: frozenset[str]
    facts: Mapping[str, tuple[str, ...]]
    statuses: Mapping[str, str]
    rows: tuple[Row, ...]

    def on(self, day: date) -> list[Row]:
        """The rows of a day, in the order in which they are tried."""
        return [row for row in self.rows if row.first <= day <= row.last]

    def decide(self, facts: Mapping[str, str], day: date) -> Row:
        """The row that decides.

        Raises:
            LawError: no row fits: the day lies outside of the table.
            ValueError: a fact is missing or has a value that the table does not know: our mistake.
        """
        wrong = {name for name, known in self.facts.items() if facts.get(name) not in known}
        if wrong or set(facts) != set(self.facts):
            raise ValueError(f"facts that {self.name} does not know: {sorted(wrong)}")
        for row in self.rows:
            if row.fits(facts, day):
                return row
        raise LawError(_("{name}: no row decides on {day}").format(name=self.name, day=day))


@cache
def table(name: str) -> Table:
    """A table of the package, from ``data/decisions``.

    Raises:
        LawError: its file does not hold together.
    """
    return read_table(DATA / "decisions" / f"{name}.yaml", sources())


def read_table(path: Path, known_sources: Mapping[str, str]) -> Table:
    """Read one decision table.

    Raises:
        LawError: an unknown key, fact, value, answer or source; a row twice; a row of no day.
    """
    raw, place = load_yaml(path)
    data = place.mapping(raw, _FILE_KEYS, _FILE_KEYS - {"statuses"})
    covers = place.mapping(data["covers"], {"first", "last"}, {"first", "last"})
    first, last = place.date(covers["first"], "first"), place.date(covers["last"], "last")
    facts = {name: _names(values, place.at(name)) for name, values in _dict(data["facts"], place)}
    answers = frozenset(_names(data["answers"], place.at("answers")))
    statuses = {
        name: kind
        for kind, names in _dict(data.get("statuses") or {}, place)
        for name in _names(names, place.at(kind))
    }
    if not isinstance(data["rows"], list):
        place.fail(_("rows must be a list"))
    rows = tuple(
        _row(entry, place, facts, answers, known_sources, (first, last)) for entry in data["rows"]
    )
    ids = [row.id for row in rows]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        place.fail(_("two rows have the same id: {names}").format(names=", ".join(twice)))
    return Table(path.stem, answers, facts, statuses, rows)


def _row(
    raw: object,
    place: Place,
    facts: Mapping[str, tuple[str, ...]],
    answers: frozenset[str],
    known_sources: Mapping[str, str],
    covers: tuple[date, date],
) -> Row:
    data = place.mapping(raw, _ROW_KEYS | {"note"}, _ROW_KEYS - {"first", "last"})
    here = place.at(place.text(data["id"], "id"))
    when = {}
    for name, values in _dict(data["when"], here):
        when[name] = frozenset(_names(values, here.at(f"{here.name}.{name}")))
        if unknown := sorted(when[name] - set(facts.get(name, ()))):
            here.fail(
                _("{name} has no value {values}").format(name=name, values=", ".join(unknown))
            )
    if data["answer"] not in answers:
        here.fail(_("answer {answer} is not one of the answers").format(answer=data["answer"]))
    first = here.date(data.get("first", covers[0]), "first")
    last = here.date(data.get("last", covers[1]), "last")
    if last < first:
        here.fail(_("ends before it begins: {days}").format(days=f"{first}..{last}"))
    return Row(
        id=here.name,
        first=first,
        last=last,
        when=when,
        answer=str(data["answer"]),
        reason=here.text(data["reason"], "reason"),
        article=here.text(data["article"], "article"),
        source=here.source(data["source"], known_sources),
        certainty=here.certainty(data["certainty"]),
        note=here.text(data["note"], "note") if "note" in data else "",
    )


def _dict(raw: object, place: Place) -> list[tuple[str, object]]:
    if not isinstance(raw, dict):
        place.fail(_("a table of keys and values is expected"))
    return [(str(name), value) for name, value in raw.items()]


def _names(raw: object, place: Place) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(name, str) for name in raw):
        place.fail(_("a list of names is expected"))
    return tuple(raw)
