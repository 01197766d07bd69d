"""Values outside the table of amounts: head, 赤字の発生状況, 基本方針, measures, signature."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kokuho.base.calendar import parse_date
from kokuho.plan.characters import (
    CIRCLED,
    compact,
    fiscal_year,
    looks_like_a_year,
    number,
    thousands,
)
from kokuho.plan.printed import PrintedMeasure, Value

_PERIOD = re.compile(r"\((\S+?年度)から(\S+?年度)まで(\S+?)[ヵカか箇ケヶヵ]年")
_AMOUNT_LIKE = re.compile(r"[^:①-⑳]{1,14}千円")
_PREFECTURE = re.compile(r"東京都|北海道|(?:京都|大阪)府|\S{2,3}県")
_NAME = re.compile(r"\S{1,10}(?:市|区|町|村|広域連合|組合)")
_CURRENT = re.compile(
    r"予算推計ベースの(\S*?年度)?の?(?:当年度)?の?赤字額[:・]?\s*([^\s千:・]+)千円"
)
_TARGET = re.compile(r"解消の目標年次[:・]?(\S+?年度)")
_MEANS = re.compile(r"赤字削減・解消手段の主要事項\s*:?\s*(.+)")
_CAUSE = re.compile(r"①\s*(?:赤字の)?要因\s*:?\s*(.*?)\s*(?:②|$)")
_SURPLUS = re.compile(r"②\s*黒字分\s*:?\s*([^\s千円]+)\s*(千?円)")
_AFTER = re.compile(r"差し引いた後の赤字額\s*(?:\(合計\))?\s*:?\s*([^\s千]+)\s*千円")
_SUBMITTED = re.compile(r"(令和|平成)\s*(元|\d{1,2})\s*年\s*(\d{0,2})\s*月\s*(\d{0,2})\s*日")
_OFFICE = re.compile(r"\S*?[市区町村]長")
_HEADING = re.compile(r"^(?:(\d{1,2})\s+|([" + CIRCLED + r"])\s*)?(.*?)\s*【([^】]*[\d円][^】]*)】")
_UNIT = re.compile(r"千?円$")
_STARTS = re.compile(rf"(?=[{CIRCLED}])|(?<!\S)(?=\d{{1,2}}\s+\D)")

_AMOUNTS = ("occurrence.other_transfer", "occurrence.advance_increase", "occurrence.total")


def values(above: list[str], below: list[str]) -> dict[str, Value]:
    """The values that a sheet prints above and below its table of amounts."""
    found = dict(_labelled(above))
    for part in (_head(above), _situation(above), _policy(above), _foot(below)):
        found.update(part)
    return found


def _head(lines: list[str]) -> Iterator[tuple[str, Value]]:
    title = next((compact(line) for line in lines if "計画書" in compact(line)), None)
    if title is not None:
        yield "document.title", Value(title, title)
    for line in lines:
        if period := _PERIOD.search(compact(line)):
            yield "period.first_year", Value(period[1], fiscal_year(period[1]))
            yield "period.last_year", Value(period[2], fiscal_year(period[2]))
            yield "period.length", Value(period[3], number(period[3]))
            return


def label_of(cell: str) -> str | None:
    """The field of 赤字の発生状況 that a cell is the label of."""
    text = re.sub(r"※\d*", "", compact(cell))
    if "赤字発生年度" in text:
        return "occurrence.year"
    if "削減" in text:
        return None
    for start, field in (
        ("都道府県名", "insurer.prefecture"),
        ("保険者番号", "insurer.number"),
        ("保険者名", "insurer.name"),
        ("法定外繰入金", _AMOUNTS[0]),
        ("繰上充用金の新規増加分", _AMOUNTS[1]),
        ("赤字額(合計)", _AMOUNTS[2]),
    ):
        if text.startswith(start):
            return field
    return None


def _kinds(text: str) -> tuple[str, ...]:
    """The fields that a cell could be the value of."""
    squeezed = compact(text)
    if looks_like_a_year(text):
        return ("occurrence.year",)
    if _AMOUNT_LIKE.fullmatch(squeezed):
        return _AMOUNTS
    if _PREFECTURE.fullmatch(squeezed):
        return ("insurer.prefecture", "insurer.name")
    if _NAME.fullmatch(squeezed):
        return ("insurer.name",)
    return ("insurer.number",) if re.fullmatch(r"\w{1,8}", squeezed, re.ASCII) else ()


def value_of(field: str, text: str) -> Value:
    """A text as the value of a field that has such a label."""
    squeezed = compact(text)
    if field == "occurrence.year":
        return Value(text, fiscal_year(text))
    if field in _AMOUNTS:
        return Value(text, thousands(squeezed.removesuffix("千円")))
    if field == "insurer.number":
        return Value(text, squeezed if squeezed.isdigit() else None)
    return Value(text, squeezed)


def _labelled(lines: list[str]) -> Iterator[tuple[str, Value]]:
    """Values by their labels: beside them or on the line below, in the order of the labels."""
    pending: list[str] = []
    for line in lines:
        cells = [cell.strip() for cell in line.split("\t") if cell.strip()]
        if len(cells) < 2 and "\t" not in line:
            continue
        pending += [field for cell in cells if (field := label_of(cell))]
        plain_cells = [cell for cell in cells if label_of(cell) is None]
        amounts = [cell for cell in plain_cells if _kinds(cell) == _AMOUNTS]
        awaited = [field for field in pending if field in _AMOUNTS]
        if amounts and len(amounts) != len(awaited):
            # one too many or too few: nobody can say which is which
            yield from ((field, Value(" ".join(amounts), None)) for field in awaited)
            pending = [field for field in pending if field not in _AMOUNTS]
        for cell in plain_cells:
            field = next((name for name in pending if name in _kinds(cell)), None)
            if field is not None:
                pending.remove(field)
                yield field, value_of(field, cell)
    yield from ((field, Value("", None)) for field in pending)


def _cells(lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield from (cell.strip() for cell in line.split("\t") if cell.strip())


def _situation(lines: list[str]) -> Iterator[tuple[str, Value]]:
    for cell in _cells(lines):
        if (cause := _CAUSE.search(cell)) and cause[1]:
            yield "causes", Value(cause[1], cause[1])
        if surplus := _SURPLUS.search(cell):
            yield "occurrence.surplus", Value(surplus[0], thousands(surplus[1], surplus[2]))
        if after := _AFTER.search(cell):
            yield "occurrence.after_surplus", Value(after[1] + "千円", thousands(after[1]))


def _policy(lines: list[str]) -> Iterator[tuple[str, Value]]:
    for cell in _cells(lines):
        squeezed = compact(cell)
        if "予算推計ベース" in squeezed:
            current = _CURRENT.search(squeezed)
            year, amount = (current[1] or "", current[2]) if current else ("", "")
            yield "current_deficit.year", Value(year, fiscal_year(year))
            yield "current_deficit.amount", Value(f"{amount}千円", thousands(amount))
        if "解消の目標年次" in squeezed:
            target = _TARGET.search(squeezed)
            text = target[1] if target else ""
            yield "policy.target_year", Value(text, fiscal_year(text))
        if means := _MEANS.search(cell):
            yield "policy.means", Value(means[1].strip(), means[1].strip())


def _foot(lines: list[str]) -> Iterator[tuple[str, Value]]:
    for line in lines:
        text = line.strip()
        if submitted := _SUBMITTED.fullmatch(text):
            era, year, month, day = submitted.groups()
            first = fiscal_year(f"{era}{year}年")
            yield "document.submitted_on", Value(text, _day(first, month, day))
        elif compact(text).endswith("知事殿"):
            to = compact(text).removesuffix("殿")
            # without its prefecture it is the form's own blank
            yield "document.addressee", Value(to, None if to == "知事" else to)
        elif office := _OFFICE.match(text):
            # the rest of the line is a person's name: it is not read
            yield "document.signatory", Value(office[0], office[0])


def _day(year: int | None, month: str, day: str) -> str | None:
    """The day in ISO form, 00 for what is left open; None if there is no such day."""
    if year is None:
        return None
    try:
        return str(parse_date(f"{year}-{int(month or 0)}-{int(day or 0)}"))
    except ValueError:
        return None


def _segments(lines: list[str]) -> Iterator[str]:
    """The numbered pieces of text from 基本方針 on, in the order of the page."""
    begun = False
    for line in lines:
        if begun:
            for cell in _cells([line]):
                yield from (piece.strip() for piece in _STARTS.split(cell) if piece.strip())
        elif "基本方針" in compact(line):
            begun = True


def _amount(text: str) -> Value:
    """The amount between 【 and 】; without a value where its unit cannot be read."""
    unit = _UNIT.search(text)
    return Value(text, thousands(text[: unit.start()], unit[0]) if unit else None)


def measures(lines: list[str]) -> tuple[PrintedMeasure, ...]:
    """The measures with their amounts, and the lines under each."""
    found: list[tuple[str, Value | None, list[str]]] = []
    for piece in _segments(lines):
        if any(word in compact(piece) for word in ("予算推計", "目標年次", "主要事項")):
            continue
        if heading := _HEADING.match(piece):
            found.append((heading[3], _amount(heading[4].strip()), []))
            continue
        if bare := re.match(r"\d{1,2}\s+(.+)", piece):
            found.append((bare[1], None, []))
        elif found:
            found[-1][2].append(piece.lstrip(CIRCLED).strip())
    return tuple(PrintedMeasure(name, amount, tuple(items)) for name, amount, items in found)
