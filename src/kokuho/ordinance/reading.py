"""Reading an ordinance file: YAML (or JSON, which is YAML) into plain values, with line numbers.

Stricter than YAML itself where silence would cost money: a key written twice is refused, because
YAML would let the later one win without a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kokuho.base.errors import OrdinanceError
from kokuho.base.messages import translator
from kokuho.base.strict_yaml import StrictLoader

_ = translator("ordinance")

Place = tuple[str | int, ...]
"""The way to a value: keys and list positions from the top of the file."""


class _Loader(StrictLoader):
    """Leaves a date that does not exist as text."""

    def construct_day(self, node: yaml.ScalarNode) -> Any:
        """A date; one that does not exist stays text, for the model to name and refuse."""
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_day)


@dataclass(frozen=True)
class Document:
    """What a file says (``data``) and where it says it (``line``)."""

    path: Path
    data: Any
    node: yaml.Node | None

    def line(self, place: Place) -> int | None:
        """The line of the value at ``place``, or of the nearest thing around it that is there."""
        node, line = self.node, None
        for step in place:
            entry = _entry(node, step)
            if entry is None:
                break
            marker, node = entry
            line = marker.start_mark.line + 1
        return line

    def text(self, place: Place) -> str:
        """What the file literally says at ``place``: a code without quotes keeps its zeros."""
        node = self.node
        for step in place:
            entry = _entry(node, step)
            node = entry[1] if entry else None
        return node.value if isinstance(node, yaml.ScalarNode) else ""


def _entry(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """What a step leads to: the node that people look for (the key, the list item), the value."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return (node.value[step], node.value[step]) if step < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key, value
    return None


def read(path: Path) -> Document:
    """Read a file as YAML.

    Raises:
        OrdinanceError: no such file, not readable, or not UTF-8 text.
        yaml.YAMLError: not YAML, or a key written twice (``DuplicateKeyError``).
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise OrdinanceError(
            _("{file}: not UTF-8 text. Save the file with the encoding UTF-8.").format(file=path)
        ) from None
    except OSError as error:
        raise OrdinanceError(
            _("{file}: cannot be read ({reason}). Check the name and the folder.").format(
                file=path, reason=error.strerror or error
            )
        ) from None
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        data = None if node is None else loader.construct_document(node)
    except (ValueError, RecursionError) as error:
        # What the loader itself does not turn into a YAML error: a wrong tag, endless nesting.
        raise yaml.YAMLError(str(error)) from None
    finally:
        loader.dispose()
    return Document(path, data, node)


def written(data: Any, place: Place) -> Any:
    """The value at ``place``, or None where the file has none."""
    for step in place:
        data = _step(data, step)
    return data


def _step(data: Any, step: str | int) -> Any:
    if isinstance(data, dict):
        return next((value for key, value in data.items() if str(key) == str(step)), None)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def place_text(data: Any, place: Place) -> str:
    """A place as people read it: ``fiscal_years.2026.terms[0].due`` (lists count from 0)."""
    parts: list[str] = []
    for step in place:
        if isinstance(data, list) and isinstance(step, int):
            parts.append(f"[{step}]")
        else:
            parts.append(f".{step}" if parts else str(step))
        data = _step(data, step)
    return "".join(parts)
