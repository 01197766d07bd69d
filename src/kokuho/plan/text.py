"""The way in from text: the pages of a council paper as a machine read them, tabs between cells.

Other parts of the paper are passed over: a sheet is what stands around a table of 計画年次. Nothing
is repaired here; the outcome is what the pages print, sheet by sheet.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from pathlib import Path

from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.plan.characters import (
    amount_cells,
    compact,
    fiscal_year,
    looks_like_a_year,
    number,
    plain,
)
from kokuho.plan.printed import Cell, Line, PrintedPlan, PrintedSheet, Value
from kokuho.plan.text_fields import measures, values

_ = translator("plan")

ORDINAL = re.compile(r"第\s*(\S{1,3}?)\s*年\s*次")
"""A column of the table: 第1年次."""

_LABELS = (
    (1, "法定外繰入の削減予定額"),
    (2, "繰上充用金の新規増加分の削減予定額"),
    (3, "合計"),
    (4, "赤字削減予定額"),
)
_CLOSE_ENOUGH = 0.6


def read_text(path: Path) -> PrintedPlan:
    """The sheets that a text file prints (UTF-8 or CP932).

    Raises:
        PlanError: not text, no table of 計画年次 in it, or no tab between its cells.
    """
    data = path.read_bytes()
    if not data.strip():
        raise PlanError(_("{file} is empty.").format(file=path))
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return parse(text, path.name)
    raise PlanError(
        _("{file}: neither UTF-8 nor CP932 text; save it in one of them.").format(file=path)
    )


def parse(text: str, source: str) -> PrintedPlan:
    """The sheets that a text prints.

    Raises:
        PlanError: no table of 計画年次 in it, or no tab between its cells.
    """
    lines = plain(text).split("\n")
    anchors = [at for at, line in enumerate(lines) if _is_header(line)]
    if not anchors:
        raise PlanError(
            _(
                "{file}: no plan was found. A plan has a table that starts with 計画年次 第1年次 …"
            ).format(file=source)
        )
    if not any("\t" in lines[at] for at in anchors):
        raise PlanError(
            _(
                "{file}: the cells of the table are not told apart. Save the text with a tab "
                "between them; spaces will not do."
            ).format(file=source)
        )
    blocks = _blocks(lines, anchors)
    return PrintedPlan(source, tuple(_sheet(block, at) for block, at in blocks))


def _is_header(line: str) -> bool:
    found = len(ORDINAL.findall(line))
    return found >= 2 or (found == 1 and "計画年次" in compact(line))


def _is_title(line: str) -> bool:
    squeezed = compact(line)
    return (
        "\t" not in line and len(squeezed) <= 40 and "計画書" in squeezed and "提出" not in squeezed
    )


def _blocks(lines: list[str], anchors: list[int]) -> list[tuple[list[str], int]]:
    """The lines of each sheet, and where its table starts in them."""
    starts: list[int] = []
    for at, anchor in enumerate(anchors):
        floor = anchors[at - 1] + 1 if at else 0
        titles = [row for row in range(floor, anchor) if _is_title(lines[row])]
        starts.append(titles[-1] if titles else _after_signature(lines, floor, anchor))
    ends = [*starts[1:], _after_signature(lines, anchors[-1], len(lines))]
    return [
        (lines[start:end], anchor - start)
        for start, anchor, end in zip(starts, anchors, ends, strict=True)
    ]


def _after_signature(lines: list[str], floor: int, ceiling: int) -> int:
    """The line after the signature between two places; without one, the lower place itself."""
    for row in range(floor, ceiling):
        if compact(lines[row]).endswith("殿"):
            signed = [
                at
                for at in range(row + 1, min(row + 8, ceiling))
                if re.match(r"\S+[市区町村]長", lines[at].strip())
            ]
            return (signed[0] if signed else row) + 1
    return min(floor + 12, ceiling) if ceiling == len(lines) else floor


def _sheet(block: list[str], anchor: int) -> PrintedSheet:
    ordinals = tuple(Value(m[0], number(m[1])) for m in ORDINAL.finditer(block[anchor]))
    years: tuple[Value, ...] = ()
    lines: list[Line] = []
    row = anchor
    while row + 1 < len(block):
        row += 1
        text = block[row]
        if text.strip().startswith("※") or "提出します" in compact(text):
            break
        if not text.strip():
            continue
        cells = text.split("\t")
        if not lines and not years and (found := _years(cells)):
            years = found
        elif (line := _line(cells)) is not None:
            lines.append(line)
    above, below = block[:anchor], block[row:]
    return PrintedSheet(
        ordinals=ordinals,
        years=years,
        lines=tuple(lines),
        values=values(above, below),
        measures=measures(above),
    )


def _years(cells: list[str]) -> tuple[Value, ...]:
    return tuple(
        Value(cell.strip(), fiscal_year(cell)) for cell in cells if looks_like_a_year(cell)
    )


def _line(cells: list[str]) -> Line | None:
    """A line of the table: the label, then cells; trailing empty cells are layout."""
    label: list[str] = []
    printed: list[Cell] = []
    for cell in cells:
        text = cell.strip()
        amounts = amount_cells(text) if text else [Cell()]
        if amounts is not None and (printed or text):
            printed += amounts
        elif amounts is None and not printed:
            label.append(text)
        elif amounts is None:
            printed.append(Cell(text=text))
    while printed and printed[-1].blank:
        printed.pop()
    name = "".join(label)
    if not name and not printed:
        return None
    slot = slot_of(name)
    if slot is None and not any(cell.amount is not None for cell in printed):
        return None
    return Line(name, slot, tuple(printed))


def slot_of(label: str) -> int | None:
    """Which row of the form a label names, in spite of misread characters."""
    squeezed = re.sub(r"※\d*|\(率\)|[()\s]", "", label)
    if not squeezed:
        return None
    scored = [
        (SequenceMatcher(None, squeezed, name, autojunk=False).ratio(), slot)
        for slot, name in _LABELS
    ]
    best, slot = max(scored)
    return slot if best >= _CLOSE_ENOUGH else None
