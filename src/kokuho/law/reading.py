"""Reading and checking one file of statutory values.

Every error names the file, the parameter and the days: a clerk who adds a year must see at once
which line is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from kokuho.base.messages import translator
from kokuho.law.model import Article, DatedValue, Parameter
from kokuho.law.places import Place, load_yaml
from kokuho.law.values import UNITS, BadValueError, read_value

_ = translator("law")

_FILE_KEYS = {"covers", "articles", "parameters"}
_EXTRA_KEYS = {"law", "sources", "articles", "parameters", "continues"}
_PARAMETER_KEYS = {"title", "unit", "article", "begins", "ends", "values"}
_VALUE_KEYS = {"first", "last", "value", "source", "certainty", "note", "article"}
_CONTINUES_KEYS = {"last", "source", "certainty", "note", "parameters"}
_DAY = timedelta(days=1)


def _article(raw: object, place: Place) -> Article:
    if isinstance(raw, str):
        return Article(place.text(raw, "article"), raw)
    table = place.mapping(raw, {"premium", "tax"}, {"premium", "tax"})
    return Article(place.text(table["premium"], "article"), place.text(table["tax"], "article"))


def _days(first: date, last: date) -> str:
    return f"{first}..{last}"


def _dated_value(
    raw: object, place: Place, unit: str, article: Article, sources: Mapping[str, str]
) -> DatedValue:
    if isinstance(raw, dict) and type(raw.get("first")) is date:
        place = place.at(_("{name} from {first}").format(name=place.name, first=raw["first"]))
    table = place.mapping(raw, _VALUE_KEYS, {"first", "last", "value", "source", "certainty"})
    first, last = place.date(table["first"], "first"), place.date(table["last"], "last")
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
        source=place.source(table["source"], sources),
        certainty=place.certainty(table["certainty"]),
        note=place.text(table["note"], "note") if "note" in table else "",
        article_premium=own.premium,
        article_tax=own.tax,
    )


def _values(
    raw: object, place: Place, unit: str, article: Article, sources: Mapping[str, str]
) -> tuple[DatedValue, ...]:
    if not isinstance(raw, list) or not raw:
        place.fail(_("values must be a list with at least one value"))
    return tuple(_dated_value(item, place, unit, article, sources) for item in raw)


def _in_row(values: tuple[DatedValue, ...], place: Place) -> None:
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


def _named_sources(raw: object, place: Place) -> dict[str, str]:
    if not isinstance(raw, dict) or not raw:
        place.fail(_("a list of sources is expected"))
    named = {}
    for key, entry in raw.items():
        here = place.at(str(key))
        table = here.mapping(entry, {"title", "url"}, {"title", "url"})
        named[str(key)] = f"{here.text(table['title'], 'title')} {here.text(table['url'], 'url')}"
    return named


def read_sources(path: Path) -> dict[str, str]:
    """The list of sources: key to ``title url``.

    Raises:
        LawError: not such a list.
    """
    raw, place = load_yaml(path)
    return _named_sources(raw, place)


def read_parameters(path: Path, sources: Mapping[str, str]) -> dict[str, Parameter]:
    """The parameters of one file; the first word of each name is the file's name.

    Raises:
        LawError: a gap, an overlap, a missing article, source or certainty, an unknown key, a value
            that is not of its unit; the message names file, parameter and days.
    """
    raw, place = load_yaml(path)
    table = place.mapping(raw, _FILE_KEYS, {"covers", "parameters"})
    covers = place.mapping(table["covers"], {"first", "last"}, {"first", "last"})
    first, last = place.date(covers["first"], "first"), place.date(covers["last"], "last")
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
    raw: object, place: Place, sources: Mapping[str, str], first: date, last: date
) -> Parameter:
    table = place.mapping(raw, _PARAMETER_KEYS, _PARAMETER_KEYS - {"begins", "ends"})
    unit = place.text(table["unit"], "unit")
    if unit not in UNITS:
        place.fail(
            _("unit {unit} is not one of: {units}").format(unit=unit, units=", ".join(UNITS))
        )
    article = _article(table["article"], place)
    values = _values(table["values"], place, unit, article, sources)
    _in_row(values, place)
    begins = place.date(table["begins"], "begins") if "begins" in table else None
    if values[0].first != (begins or first):
        place.fail(
            _("the first value must begin on {day}, not on {first}").format(
                day=begins or first, first=values[0].first
            )
        )
    # a number that is announced year by year ends on a day of its own
    ends = place.date(table["ends"], "ends") if "ends" in table else last
    if values[-1].last != ends:
        place.fail(
            _("the last value must end on {day}, not on {last}").format(
                day=ends, last=values[-1].last
            )
        )
    return Parameter(
        name=place.name,
        title=place.text(table["title"], "title"),
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
    raw, place = load_yaml(path)
    table = place.mapping(raw, _EXTRA_KEYS, {"law", "sources"})
    place.text(table["law"], "law")
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
        items = here.mapping(entry, {"values"}, {"values"})["values"]
        article = Article(parameter.article_premium, parameter.article_tax)
        lengthen(str(name), _values(items, here, parameter.unit, article, sources))
    for name, value in _continued(table.get("continues") or [], place, sources, base):
        lengthen(name, (value,))
    return longer


def _continued(
    raw: object, place: Place, sources: Mapping[str, str], base: Callable[[str], Parameter]
) -> Iterator[tuple[str, DatedValue]]:
    """Unchanged values, one for each parameter that ``continues`` names."""
    if not isinstance(raw, list):
        place.fail(_("continues must be a list"))
    for entry in raw:
        here = place.at("continues")
        table = here.mapping(entry, _CONTINUES_KEYS, _CONTINUES_KEYS - {"note"})
        names = table["parameters"]
        if not isinstance(names, list):
            here.fail(_("parameters must be a list of names"))
        for name in names:
            old = base(str(name)).values[-1]
            last = here.date(table["last"], "last")
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
                    source=here.source(table["source"], sources),
                    certainty=here.certainty(table["certainty"]),
                    note=here.text(table["note"], "note") if "note" in table else "",
                ),
            )
