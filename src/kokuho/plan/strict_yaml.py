"""YAML, stricter than YAML itself: a key written twice is refused."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import yaml

from kokuho.base.errors import PlanError
from kokuho.base.messages import translator

_ = translator("plan")


class _Loader(yaml.CSafeLoader):
    """Refuses a key written twice, which YAML would let win without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _value in node.value if isinstance(key, yaml.ScalarNode)]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise yaml.MarkedYAMLError(
                problem=_("the key {key} stands twice").format(key=twice),
                problem_mark=node.start_mark,
            )
        return super().construct_mapping(node, deep)


def text_of(path: Path) -> str:
    """The text of a file in UTF-8, with or without byte-order mark.

    Raises:
        PlanError: the file cannot be read, or is no UTF-8 text.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise PlanError(
            _("{file} cannot be read: {reason}").format(file=path, reason=error.strerror)
        ) from None
    except UnicodeDecodeError:
        raise PlanError(_("{file}: not UTF-8 text.").format(file=path)) from None


def values_of(text: str, name: str) -> Any:
    """The plain values of a YAML text; ``name`` stands in its errors.

    Raises:
        PlanError: no YAML, or a key written twice.
    """
    try:
        return yaml.load(io.StringIO(text), _Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise PlanError(
            _("{file}, line {line}: not readable as YAML ({problem})").format(
                file=name,
                line=mark.line + 1 if mark else "?",
                problem=getattr(error, "problem", None) or str(error).splitlines()[0],
            )
        ) from None


def read_yaml(path: Path) -> Any:
    """The plain values of a YAML file; errors as of :func:`text_of` and :func:`values_of`."""
    return values_of(text_of(path), str(path))
