"""Reading and checking one file of statutory values.

Every error names the file, the parameter and the days: a clerk who adds a year must see at once
which line is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn, cast

import yaml

from kokuho.base.errors import LawError
from kokuho.base.messages import translator
from kokuho.law.model import CERTAINTIES, Article, DatedValue, Parameter
from kokuho.law.values import UNITS, BadValueError, read_value

_ = translator("law")

_FILE_KEYS = {"covers", "articles", "parameters"}
_EXTRA_KEYS = {"law", "sources", "articles", "parameters", "continues"}
_PARAMETER_KEYS = {"title", "unit", "article", "begins", "values"}
_VALUE_KEYS = {"first", "last", "value", "source", "certainty", "note", "article"}
_CONTINUES_KEYS = {"last", "source", "certainty", "note", "parameters"}
_DAY = timedelta(days=1)


class _Loader(yaml.CSafeLoader):
    """The C loader (about ten times as fast: a household at the counter waits for it).

    YAML would let a second entry of one name hide the first; here it is an error.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _value in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key.value}: twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


@dataclass(frozen=True)
class _Place:
    """Where we are reading, for the messages."""

    file: str
    name: str = ""

    def fail(self, message: str) -> NoReturn:
        where = f"{self.file}: {self.name}" if self.name else self.file
        raise LawError(f"{where}: {message}")

    def at(self, name: str) -> _Place:
        return replace(self, name=name)


def _mapping(
    raw: object, place: _Place, allowed: set[str], required: set[str]
) -> dict[str, object]:
    if not isinstance(raw, dict):
        place.fail(_("a table of keys and values is expected"))
    table = cast("dict[object, object]", raw)
    if unknown := [str(key) for key in table if key not in allowed]:
        place.fail(_("unknown key: {keys}").format(keys=", ".join(sorted(unknown))))
    if missing := [key for key in sorted(required) if table.get(key) is None]:
        place.fail(_("missing: {keys}").format(keys=", ".join(missing)))
    return cast("dict[str, object]", table)


def _text(raw: object, place: _Place, key: str) -> str:
    if not isinstance(raw, str) or not raw.strip():
        place.fail(_("{key} must be text").format(key=key))
    return raw


def _date(raw: object, place: _Place, key: str) -> date:
    if type(raw) is not date:
        place.fail(_("{key} must be a date such as 2026-04-01").format(key=key))
    return raw


def _article(raw: object, place: _Place) -> Article:
    if isinstance(raw, str):
        return Article(_text(raw, place, "article"), raw)
    table = _mapping(raw, place, {"premium", "tax"}, {"premium", "tax"})
    return Article(_text(table["premium"], place, "article"), _text(table["tax"], place, "article"))


def _source(raw: object, place: _Place, sources: Mapping[str, str]) -> str:
    texts = []
    for key in raw if isinstance(raw, list) and raw else [raw]:
        if not isinstance(key, str) or key not in sources:
            place.fail(_("source {key} is not in the list of sources").format(key=key))
        texts.append(sources[key])
    return " / ".join(texts)


def _certainty(raw: object, place: _Place) -> str:
    if not isinstance(raw, str) or raw not in CERTAINTIES:
        place.fail(
            _("certainty {code} is not one of: {codes}").format(
                code=raw, codes=", ".join(CERTAINTIES)
            )
        )
    return raw


def _days(first: date, last: date) -> str:
    return f"{first}..{last}"


def _dated_value(
    raw: object, place: _Place, unit: str, article: Article, sources: Mapping[str, str]
) -> DatedValue:
    if isinstance(raw, dict) and type(raw.get("first")) is date:
        place = place.at(_("{name} from {first}").format(name=place.name, first=raw["first"]))
    table = _mapping(raw, place, _VALUE_KEYS, {"first", "last", "value", "source", "certainty"})
    first, last = _date(table["first"], place, "first"), _date(table["last"], place, "last")
    if last < first:
        place.fail(_("ends before it begins: {days}").format(days=_days(first, last)))
    try:
        value = read_value(table["value"], unit)
    except BadValueError as error:
        place.fail(
            _("value {value} is not of unit {unit}: {expected} is expected").format(
                value=table["value"], unit=unit, expected=error
            )
        )
    own = _article(table["article"], place) if "article" in table else article
    return DatedValue(
        first=first,
        last=last,
        value=value,
        source=_source(table["source"], place, sources),
        certainty=_certainty(table["certainty"], place),
        note=_text(table["note"], place, "note") if "note" in table else "",
        article_premium=own.premium,
        article_tax=own.tax,
    )


def _values(
    raw: object, place: _Place, unit: str, article: Article, sources: Mapping[str, str]
) -> tuple[DatedValue, ...]:
    if not isinstance(raw, list) or not raw:
        place.fail(_("values must be a list with at least one value"))
    return tuple(_dated_value(item, place, unit, article, sources) for item in raw)


def _in_row(values: tuple[DatedValue, ...], place: _Place) -> None:
    """Each value begins on the day after the one before it."""
    for before, after in pairwise(values):
        if after.first <= before.last:
            place.fail(
                _("{a} and {b} overlap").format(
                    a=_days(before.first, before.last), b=_days(after.first, after.last)
                )
            )
        if after.first > before.last + _DAY:
            place.fail(
                _("gap: no value for {days}").format(
                    days=_days(before.last + _DAY, after.first - _DAY)
                )
            )


def _load(path: Path) -> tuple[object, _Place]:
    place = _Place(path.name)
    try:
        return yaml.load(path.read_bytes(), _Loader), place
    except OSError as error:
        place.fail(_("cannot be read: {reason}").format(reason=error.strerror))
    except (yaml.YAMLError, ValueError) as error:
        place.fail(_("is not YAML: {reason}").format(reason=str(error).replace("\n", " ")))


def _named_sources(raw: object, place: _Place) -> dict[str, str]:
    if not isinstance(raw, dict) or not raw:
        place.fail(_("a list of sources is expected"))
    named = {}
    for key, entry in raw.items():
        here = place.at(str(key))
        table = _mapping(entry, here, {"title", "url"}, {"title", "url"})
        named[str(key)] = (
            f"{_text(table['title'], here, 'title')} {_text(table['url'], here, 'url')}"
        )
    return named


def read_sources(path: Path) -> dict[str, str]:
    """The list of sources: key to ``title url``.

    Raises:
        LawError: not such a list.
    """
    raw, place = _load(path)
    return _named_sources(raw, place)


def read_parameters(path: Path, sources: Mapping[str, str]) -> dict[str, Parameter]:
    """The parameters of one file; the first word of each name is the file's name.

    Raises:
        LawError: a gap, an overlap, a missing article, source or certainty, an unknown key, a value
            that is not of its unit; the message names file, parameter and days.
    """
    raw, place = _load(path)
    table = _mapping(raw, place, _FILE_KEYS, {"covers", "parameters"})
    covers = _mapping(table["covers"], place, {"first", "last"}, {"first", "last"})
    first, last = _date(covers["first"], place, "first"), _date(covers["last"], place, "last")
    if not isinstance(table["parameters"], dict):
        place.fail(_("a table of keys and values is expected"))
    parameters = {}
    for name, entry in table["parameters"].items():
        here = place.at(str(name))
        if str(name).partition(".")[0] != path.stem:
            here.fail(_("the first word of a name must be the name of its file"))
        parameters[str(name)] = _parameter(entry, here, sources, first, last)
    return parameters


def _parameter(
    raw: object, place: _Place, sources: Mapping[str, str], first: date, last: date
) -> Parameter:
    table = _mapping(raw, place, _PARAMETER_KEYS, _PARAMETER_KEYS - {"begins"})
    unit = _text(table["unit"], place, "unit")
    if unit not in UNITS:
        place.fail(
            _("unit {unit} is not one of: {units}").format(unit=unit, units=", ".join(UNITS))
        )
    article = _article(table["article"], place)
    values = _values(table["values"], place, unit, article, sources)
    _in_row(values, place)
    begins = _date(table["begins"], place, "begins") if "begins" in table else None
    if values[0].first != (begins or first):
        place.fail(
            _("the first value must begin on {day}, not on {first}").format(
                day=begins or first, first=values[0].first
            )
        )
    if values[-1].last != last:
        place.fail(
            _("the last value must end on {day}, not on {last}").format(
                day=last, last=values[-1].last
            )
        )
    return Parameter(
        name=place.name,
        title=_text(table["title"], place, "title"),
        unit=unit,
        article_premium=article.premium,
        article_tax=article.tax,
        begins=begins,
        values=values,
    )


def read_extra(path: Path, known: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """The parameters that a file of future law lengthens, each with its new values at the end.

    ``parameters`` gives new values; ``continues`` names the parameters that the law leaves as they
    are, with the source that says so.

    Raises:
        LawError: as :func:`read_parameters`; an unknown parameter; a new value that overlaps what
            is known or leaves a gap after it.
    """
    raw, place = _load(path)
    table = _mapping(raw, place, _EXTRA_KEYS, {"law", "sources"})
    _text(table["law"], place, "law")
    sources = _named_sources(table["sources"], place)
    longer: dict[str, Parameter] = {}

    def base(name: str) -> Parameter:
        if name not in known:
            place.at(name).fail(_("there is no such parameter"))
        return longer.get(name, known[name])

    def lengthen(name: str, values: tuple[DatedValue, ...]) -> None:
        parameter = base(name)
        joined = parameter.values + values
        _in_row(joined, place.at(name))
        longer[name] = replace(parameter, values=joined)

    changed = table.get("parameters") or {}
    if not isinstance(changed, dict):
        place.fail(_("a table of keys and values is expected"))
    for name, entry in changed.items():
        here = place.at(str(name))
        parameter = base(str(name))
        items = _mapping(entry, here, {"values"}, {"values"})["values"]
        article = Article(parameter.article_premium, parameter.article_tax)
        lengthen(str(name), _values(items, here, parameter.unit, article, sources))
    for name, value in _continued(table.get("continues") or [], place, sources, base):
        lengthen(name, (value,))
    return longer


def _continued(
    raw: object, place: _Place, sources: Mapping[str, str], base: Callable[[str], Parameter]
) -> Iterator[tuple[str, DatedValue]]:
    """Unchanged values, one for each parameter that ``continues`` names."""
    if not isinstance(raw, list):
        place.fail(_("continues must be a list"))
    for entry in raw:
        here = place.at("continues")
        table = _mapping(entry, here, _CONTINUES_KEYS, _CONTINUES_KEYS - {"note"})
        names = table["parameters"]
        if not isinstance(names, list):
            here.fail(_("parameters must be a list of names"))
        for name in names:
            old = base(str(name)).values[-1]
            last = _date(table["last"], here, "last")
            if last <= old.last:
                here.at(str(name)).fail(
                    _("{a} and {b} overlap").format(
                        a=_days(old.first, old.last), b=_days(old.last, last)
                    )
                )
            yield (
                str(name),
                replace(
                    old,
                    first=old.last + _DAY,
                    last=last,
                    source=_source(table["source"], here, sources),
                    certainty=_certainty(table["certainty"], here),
                    note=_text(table["note"], here, "note") if "note" in table else "",
                ),
            )
