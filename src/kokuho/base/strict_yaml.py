"""YAML, stricter than YAML itself: a key written twice is refused, not won by the later one.

By the C loader, some ten times as fast as the Python one: a household at the counter waits for it.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import yaml

from kokuho.base.errors import KokuhoError
from kokuho.base.messages import translator

_ = translator("base")


class DuplicateKeyError(yaml.MarkedYAMLError):
    """A key stands twice in one mapping, on the lines ``first_line`` and ``line``."""

    def __init__(self, key: str, first: yaml.Mark, second: yaml.Mark) -> None:
        super().__init__(
            problem=_("the key {key} stands twice").format(key=key), problem_mark=second
        )
        self.key, self.first_line, self.line = key, first.line + 1, second.line + 1


class StrictLoader(yaml.CSafeLoader):
    """Refuses a key written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping of a node.

        Raises:
            DuplicateKeyError: a key stands twice.
        """
        seen: dict[str, yaml.Mark] = {}
        for key, _value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise DuplicateKeyError(key.value, seen[key.value], key.start_mark)
                seen[key.value] = key.start_mark
        return super().construct_mapping(node, deep)


def text_of(path: Path, error: type[KokuhoError]) -> str:
    """The text of a file in UTF-8, with or without byte-order mark.

    Raises:
        error: the file cannot be read, or is no UTF-8 text.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as reason:
        raise error(
            _("{file} cannot be read: {reason}").format(file=path, reason=reason.strerror)
        ) from None
    except UnicodeDecodeError:
        raise error(_("{file}: not UTF-8 text.").format(file=path)) from None


def values_of(text: str, name: str, error: type[KokuhoError]) -> Any:
    """The plain values of a YAML text; ``name`` stands in its errors.

    Raises:
        error: no YAML, or a key written twice.
    """
    try:
        return yaml.load(io.StringIO(text), StrictLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as reason:
        mark = getattr(reason, "problem_mark", None)
        raise error(
            _("{file}, line {line}: not readable as YAML ({problem})").format(
                file=name,
                line=mark.line + 1 if mark else "?",
                problem=getattr(reason, "problem", None) or str(reason).splitlines()[0],
            )
        ) from None


def read_yaml(path: Path, error: type[KokuhoError]) -> Any:
    """The plain values of a YAML file; errors as of :func:`text_of` and :func:`values_of`."""
    return values_of(text_of(path, error), str(path), error)
