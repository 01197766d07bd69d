"""Layouts that a rehearsal takes: several ids and versions side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.messages import Refusal, RefusedError
from kokuho.linkage.messages.layout import Layout, load_layout

_ = translator("mesh")


@dataclass(frozen=True)
class Layouts:
    """The layouts of a folder, by id and version."""

    known: Mapping[tuple[str, str], Layout]

    def take(self, name: str, version: str, day: date) -> Layout:
        """The layout of a batch that was made on a day.

        Raises:
            RefusedError: unknown, or not valid on that day.
        """
        layout = self.known.get((name, version))
        if layout is None or not layout.holds(day):
            raise RefusedError(Refusal.UNKNOWN_LAYOUT)
        return layout


def load_layouts(folder: Path) -> Layouts:
    """The layouts of a folder.

    Raises:
        LinkageError: one cannot be used, one stands twice, or there is none.
    """
    known: dict[tuple[str, str], Layout] = {}
    for path in sorted(folder.glob("*.yaml")):
        layout = load_layout(path)
        if (layout.id, layout.version) in known:
            raise LinkageError(
                _("{file}: {name} stands twice.").format(file=path, name=layout.reference)
            )
        known[layout.id, layout.version] = layout
    if not known:
        raise LinkageError(_("{folder} holds no layout (*.yaml).").format(folder=folder))
    return Layouts(known)
