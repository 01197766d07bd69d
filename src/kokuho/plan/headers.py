"""Which years the plan covers, and which of them each sheet shows.

The years are printed many times over: 計画期間 on each sheet (first year, last year, number of
years), 第n年次 and 年度 above each column, the target year. A reading that stands alone against
the others is put right; where they do not settle the matter, the years are flagged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.plan.amounts import SHEET_YEARS
from kokuho.plan.printed import PrintedPlan, PrintedSheet, Value
from kokuho.plan.report import Entry

_ = translator("plan")

_WHOLE = 3
"""Votes of a 計画期間 whose three numbers agree with each other."""

_CLEAR = 2
"""So many years of one sheet outside the period are no misread cell."""


@dataclass(frozen=True)
class Columns:
    """The years of one printed sheet; ``whole`` if both header lines print just these, ``lost``
    the place that both lack."""

    years: tuple[int, ...]
    sure: bool
    whole: bool = True
    lost: int | None = None


@dataclass(frozen=True)
class Headers:
    """First and last year of the plan, and the columns of each sheet (None: of no use)."""

    first: int
    last: int
    sure: bool
    columns: tuple[Columns | None, ...]
    entries: tuple[Entry, ...] = field(default=())

    @property
    def missing(self) -> list[int]:
        """Years of the plan that no sheet shows."""
        shown = {year for columns in self.columns if columns for year in columns.years}
        return [year for year in range(self.first, self.last + 1) if year not in shown]


def read_headers(printed: PrintedPlan) -> Headers:
    """Settle the years from everything that is printed about them.

    Raises:
        PlanError: nothing readable says which years the plan covers.
    """
    first_votes, last_votes = _votes(printed)
    if not first_votes or not last_votes:
        raise PlanError(
            _("{file}: the years of the plan cannot be read anywhere.").format(file=printed.source)
        )
    first, first_sure = _decide(first_votes)
    last, last_sure = _decide(last_votes)
    if not 0 <= last - first < 60:
        raise PlanError(
            _("{file}: the years of the plan contradict each other ({first} to {last}).").format(
                file=printed.source, first=first, last=last
            )
        )
    # a sheet of years before the first or after the last says that the plan is longer
    shown = [
        [one.value for one in sheet.years if one.value is not None] for sheet in printed.sheets
    ]
    first_sure &= all(sum(year < first for year in years) < _CLEAR for years in shown)
    last_sure &= all(sum(year > last for year in years) < _CLEAR for years in shown)
    sure = first_sure and last_sure
    columns = _columns(printed, first, last, sure)
    entries = [
        *_period_entries(printed, first, last, first_sure, last_sure),
        *_column_entries(printed, first, columns),
    ]
    return Headers(first, last, sure, columns, tuple(entries))


def _year(sheet: PrintedSheet, name: str) -> int | None:
    value = sheet.values.get(name)
    return value.value if value is not None and isinstance(value.value, int) else None


def _votes(printed: PrintedPlan) -> tuple[Counter[int], Counter[int]]:
    first: Counter[int] = Counter()
    last: Counter[int] = Counter()
    for sheet in printed.sheets:
        names = ("period.first_year", "period.last_year", "period.length")
        begin, end, length = (_year(sheet, name) for name in names)
        if begin is not None and end is not None and length == end - begin + 1:
            first[begin] += _WHOLE
            last[end] += _WHOLE
        else:
            first.update([] if begin is None else [begin])
            last.update([] if end is None else [end])
            if length is not None:
                first.update([] if end is None else [end - length + 1])
                last.update([] if begin is None else [begin + length - 1])
        if len(sheet.ordinals) == len(sheet.years):
            for ordinal, year in zip(sheet.ordinals, sheet.years, strict=True):
                if ordinal.value is not None and year.value is not None:
                    first[year.value - ordinal.value + 1] += 1
        target = _year(sheet, "policy.target_year")
        last.update([] if target is None else [target])
    shown = [year.value for year in printed.sheets[-1].years if year.value is not None]
    last.update(shown[-1:])
    return first, last


def _decide(votes: Counter[int]) -> tuple[int, bool]:
    """The year with most votes; sure if it has three, and more than twice the next one's."""
    ranked = votes.most_common(2)
    next_best = ranked[1][1] if len(ranked) > 1 else 0
    return ranked[0][0], ranked[0][1] >= _WHOLE and ranked[0][1] > 2 * next_best


def _columns(printed: PrintedPlan, first: int, last: int, sure: bool) -> tuple[Columns | None, ...]:
    years = tuple(range(first, last + 1))
    literal = [_literal(sheet, first) for sheet in printed.sheets]
    if all(literal) and sum(literal, ()) == years:
        return tuple(Columns(shown, sure) for shown in literal)
    width = _width(printed, literal, range(first, last + 1))
    blocks = [years[at : at + width] for at in range(0, len(years), width)]
    found: list[Columns | None] = []
    taken: set[int] = set()
    for number, sheet in enumerate(printed.sheets):
        scores = [_score(sheet, block, first) for block in blocks]
        # the best score; of equal ones the block that is next in the order of the sheets
        ranked = sorted((-score, at != number, at) for at, score in enumerate(scores))
        best = ranked[0][2]
        next_best = -ranked[1][0] if len(ranked) > 1 else 0
        clear = scores[best] >= 2 and scores[best] >= next_best + 2
        if best in taken:
            found.append(None)
            continue
        taken.add(best)
        lost = _lost(sheet, blocks[best], first)
        whole = literal[number] == blocks[best]
        found.append(Columns(blocks[best], sure and clear, whole, lost))
    return tuple(found)


def _width(printed: PrintedPlan, literal: Sequence[tuple[int, ...]], years: range) -> int:
    """Years on a sheet: six, unless the sheets that are whole say otherwise."""
    whole = [shown for shown in literal if shown]
    pages = len(printed.sheets) - (len(whole) - len(set(whole)))
    if -(-len(years) // SHEET_YEARS) == pages:
        return SHEET_YEARS

    def fitting(width: int) -> tuple[int, bool]:
        sheets = [tuple(years[at : at + width]) for at in range(0, len(years), width)]
        fit = sum(shown in sheets for shown in whole)
        # one sheet of another width may have lost its last column
        return fit if fit > 1 or width == SHEET_YEARS else 0, width == SHEET_YEARS

    return max({SHEET_YEARS, *map(len, whole)}, key=fitting)


def _literal(sheet: PrintedSheet, first: int) -> tuple[int, ...]:
    """The years as printed, if both header lines are whole and fit together; else nothing."""
    years = tuple(year.value for year in sheet.years)
    expected = tuple(None if year is None else year - first + 1 for year in years)
    ordinals = tuple(ordinal.value for ordinal in sheet.ordinals)
    if not years or None in years or ordinals != expected:
        return ()
    return years if years == tuple(range(years[0], years[0] + len(years))) else ()


def _score(sheet: PrintedSheet, block: Sequence[int], first: int) -> int:
    years = {year.value for year in sheet.years} & set(block)
    ordinals = {ordinal.value for ordinal in sheet.ordinals} & {year - first + 1 for year in block}
    return len(years) + len(ordinals)


def _lost(sheet: PrintedSheet, block: Sequence[int], first: int) -> int | None:
    """The one place that both header lines lack, the others standing as they should."""
    if len(sheet.years) != len(block) - 1 or len(sheet.ordinals) != len(block) - 1:
        return None
    for at in range(len(block)):
        rest = [*block[:at], *block[at + 1 :]]
        if [year.value for year in sheet.years] == rest and [
            ordinal.value for ordinal in sheet.ordinals
        ] == [year - first + 1 for year in rest]:
            return at
    return None


def _period_entries(
    printed: PrintedPlan, first: int, last: int, first_sure: bool, last_sure: bool
) -> Iterator[Entry]:
    settled = (
        ("period.first_year", first, first_sure),
        ("period.last_year", last, last_sure),
        ("period.length", last - first + 1, first_sure and last_sure),
    )
    for number, sheet in enumerate(printed.sheets, start=1):
        for name, taken, sure in settled:
            value = sheet.values.get(name)
            if value is None:
                continue
            right = "sequence_holds" if value.value == taken else "sequence"
            yield Entry(number, name, value.text, taken, right if sure else "years_unsure")
    if not (first_sure and last_sure):
        yield Entry(0, "period.first_year", "", first, "years_unsure")
        yield Entry(0, "period.last_year", "", last, "years_unsure")


def _column_entries(
    printed: PrintedPlan, first: int, columns: Sequence[Columns | None]
) -> Iterator[Entry]:
    for number, (sheet, shown) in enumerate(zip(printed.sheets, columns, strict=True), start=1):
        if shown is None:
            yield Entry(number, "", "", None, "years_unsure")
            continue
        ordinals = [year - first + 1 for year in shown.years]
        for name, values, expected in (
            ("ordinals", sheet.ordinals, ordinals),
            ("years", sheet.years, list(shown.years)),
        ):
            yield from _header_line(number, name, values, expected, shown.sure)


def _header_line(
    number: int, name: str, values: Sequence[Value], expected: Sequence[int], sure: bool
) -> Iterator[Entry]:
    field = f"sheets.{number}.{name}"
    if len(values) != len(expected):
        printed = " ".join(value.text for value in values)
        taken = f"{expected[0]}..{expected[-1]}"
        yield Entry(number, field, printed, taken, "sequence" if sure else "years_unsure")
        return
    for value, right in zip(values, expected, strict=True):
        why = "sequence_holds" if value.value == right else "sequence"
        yield Entry(number, field, value.text, right, why if sure else "years_unsure")
