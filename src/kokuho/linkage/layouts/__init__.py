"""Layouts (レイアウト): which there are, which one holds on a day, and what changed between two.

Beside the one that is shipped, the operator keeps a folder with those that the agencies hand out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.messages.layout import Layout, load_layout

_ = translator("linkage")

SHIPPED = Path(__file__).parent
"""The folder of the layouts that come with Kokuho."""


def load_all(*folders: Path) -> list[Layout]:
    """The layouts of some folders, by id and first day; the shipped ones if none is given.

    Raises:
        LinkageError: a file is no layout, or one version stands twice.
    """
    files = [file for folder in folders or (SHIPPED,) for file in sorted(folder.glob("*.yaml"))]
    layouts = [load_layout(file) for file in files]
    names = [one.reference for one in layouts]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise LinkageError(_("the layout {name} stands twice").format(name=twice[0]))
    return sorted(layouts, key=lambda one: (one.id, one.valid_from, one.version))


def layout_on(layouts: Iterable[Layout], id: str, day: date) -> Layout:
    """The version of a layout that holds on a day: of several, the one that began last.

    Two versions hold side by side around a change-over: what was made in the older one is still
    read, and new files are written in the newer one.

    Raises:
        LinkageError: none holds.
    """
    own = [one for one in layouts if one.id == id]
    held = [one for one in own if one.holds(day)]
    if not held:
        raise LinkageError(
            _("no version of the layout {id} holds on {day}; there are: {known}").format(
                id=id, day=day, known=", ".join(one.reference for one in own) or "-"
            )
        )
    return max(held, key=lambda one: (one.valid_from, one.version))


@dataclass(frozen=True, slots=True)
class LayoutChange:
    """One difference between two versions.

    Attributes:
        kind: ``added``, ``removed``, ``changed`` or ``moved``.
        what: the field, total, code list, or attribute of the layout itself.
        before, after: what it says; empty where it is not there.
    """

    kind: Literal["added", "removed", "changed", "moved"]
    what: str
    before: str = ""
    after: str = ""


_OWN = ("id", "version", "standing", "valid_from", "valid_to", "form", "encoding", "line_end",
        "header", "split", "record")  # fmt: skip


def compare(old: Layout, new: Layout) -> list[LayoutChange]:
    """What changed from one layout to another: the layout itself, fields, totals, codes."""
    found = [
        LayoutChange("changed", name, _said(getattr(old, name)), _said(getattr(new, name)))
        for name in _OWN
        if getattr(old, name) != getattr(new, name)
    ]
    found += _named(
        {one.name: _parts(one) for one in old.fields},
        {one.name: _parts(one) for one in new.fields},
        "",
    )
    found += _moved([one.name for one in old.fields], [one.name for one in new.fields])
    found += _named(
        {one.name: _parts(one) for one in old.totals},
        {one.name: _parts(one) for one in new.totals},
        "totals ",
    )
    found += _named(_codes(old), _codes(new), "codes ")
    found += _named({"reasons": dict(old.reasons)}, {"reasons": dict(new.reasons)}, "")
    return found


def _codes(layout: Layout) -> dict[str, dict[str, Any]]:
    return {name: dict(codes) for name, codes in layout.codes.items()}


def _parts(one: Any) -> dict[str, Any]:
    return {name: value for name, value in one if name != "name" and value is not None}


def _named(
    old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]], where: str
) -> Iterator[LayoutChange]:
    for name in [*old, *(one for one in new if one not in old)]:
        if name not in new:
            yield LayoutChange("removed", f"{where}{name}", before=_listed(old[name]))
        elif name not in old:
            yield LayoutChange("added", f"{where}{name}", after=_listed(new[name]))
        else:
            for part in [*old[name], *(one for one in new[name] if one not in old[name])]:
                before, after = _said(old[name].get(part)), _said(new[name].get(part))
                if before != after:
                    yield LayoutChange("changed", f"{where}{name}.{part}", before, after)


def _moved(old: list[str], new: list[str]) -> Iterator[LayoutChange]:
    """Fields of both that stand in another order; those whose order is kept are not told."""
    before = [name for name in old if name in new]
    after = [name for name in new if name in old]
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    kept = {name for block in blocks for name in before[block.a : block.a + block.size]}
    for name in before:
        if name not in kept:
            yield LayoutChange("moved", name, str(old.index(name) + 1), str(new.index(name) + 1))


def _said(value: Any) -> str:
    return "" if value is None else str(value)


def _listed(parts: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in parts.items())
