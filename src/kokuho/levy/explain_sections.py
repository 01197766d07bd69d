"""The lines of an explanation under their headings: persons, judgement, parts, total."""

from __future__ import annotations

from dataclasses import dataclass

from kokuho.levy.explain import Explanation
from kokuho.levy.explain_parts import PART_TITLES
from kokuho.levy.lines import Line


@dataclass(frozen=True)
class Section:
    """Lines that stand together; ``person`` is the id of whom they are about, where it is one."""

    title: str
    person: str
    lines: tuple[Line, ...]


def sections(explanation: Explanation) -> tuple[Section, ...]:
    """The lines in their order, a section for each person, the judgement, each part, the total."""
    grouped: dict[tuple[str, str], list[Line]] = {}
    for line in explanation.lines:
        whose = line.person or "" if line.section == "persons" else ""
        grouped.setdefault((line.section, whose), []).append(line)
    return tuple(
        Section(_title(section), person, tuple(lines))
        for (section, person), lines in grouped.items()
    )


def _title(section: str) -> str:
    own = {"persons": "被保険者・世帯主", "judgement": "軽減の判定", "total": "合計"}
    return own.get(section) or PART_TITLES[section]
