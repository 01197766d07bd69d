"""Opening layouts: those that come with Kokuho, and the operator's own files beside them.

A layout that ``extends`` another one takes everything from it; what it writes itself counts. Its
``change`` list sets keys of single fields, or puts several fields in the place of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kokuho.base.errors import CollectionError
from kokuho.base.messages import translator
from kokuho.base.strict_yaml import read_yaml
from kokuho.collection.layout import Change, Layout
from kokuho.collection.layout_checks import wrong_in

_ = translator("collection")

DATA_DIR = Path(__file__).parent / "data"
_OWN = ("id", "version", "title", "standing", "sources")
"""What a layout never takes from the one that it extends: it would speak for another's paper."""

Records = tuple[Mapping[str, Any], ...]
Book = Mapping[str, Layout]
"""Layouts by their id: the one that was asked for and those that it speaks of."""


def shipped() -> tuple[str, ...]:
    """The ids of the layouts that come with Kokuho."""
    return tuple(sorted(path.stem for path in DATA_DIR.glob("*.yaml")))


def load_layout(name: str | Path) -> Layout:
    """A layout, by the id of a shipped one or by the path of a file.

    Raises:
        CollectionError: no such layout, or something in it is wrong; every point is named.
    """
    return load_book(name)[0]


def load_book(name: str | Path) -> tuple[Layout, Book]:
    """:func:`load_layout`, with the layouts that its fields of type ``code`` hold.

    Layouts are looked for in the folder of the file first, then among the shipped ones; in a folder
    of one's own a file is named after its layout's id.
    """
    path = _path_of(str(name), None)
    layout = _layout(path)
    book = {layout.id: layout}
    for held in _held(layout):
        if held not in book:
            book[held] = _layout(_path_of(held, path.parent))
    wrong = wrong_in(layout, book)
    if wrong:
        head = _("{file} cannot be used as a layout:").format(file=path)
        raise CollectionError("\n".join([head, *(f"- {line}" for line in wrong)]))
    return layout, book


def _held(layout: Layout) -> Iterator[str]:
    for record in layout.records:
        for field in record.fields:
            if field.of is not None:
                yield field.of


def _path_of(name: str, folder: Path | None) -> Path:
    if folder is None and name.endswith((".yaml", ".yml")):
        return Path(name)
    for place in [folder, DATA_DIR] if folder else [DATA_DIR]:
        path = place / f"{name}.yaml"
        if "/" not in name and path.is_file():
            return path
    raise CollectionError(
        _("There is no layout {name}; those that come with Kokuho are {names}.").format(
            name=name, names=", ".join(shipped())
        )
    )


def _layout(path: Path) -> Layout:
    return _validated(_merged(path, ()), path)


def _validated(data: Any, path: Path) -> Layout:
    try:
        return Layout.model_validate(data)
    except ValidationError as error:
        lines = [
            f"- {'.'.join(map(str, one['loc'])) or '-'}: {one['msg']}" for one in error.errors()
        ]
        head = _("{file} cannot be used as a layout:").format(file=path)
        raise CollectionError("\n".join([head, *lines])) from None


def _merged(path: Path, below: tuple[Path, ...]) -> dict[str, Any]:
    """The plain values of a layout with those of the layout that it extends."""
    if path in below:
        raise CollectionError(_("{file}: the layout extends itself.").format(file=path))
    data = _tuples(read_yaml(path, CollectionError))
    if not isinstance(data, dict):
        raise CollectionError(
            _("{file} is no layout: keys and values were expected.").format(file=path)
        )
    base_name, changes = data.pop("extends", None), data.pop("change", None) or ()
    if base_name is None:
        if changes:
            raise CollectionError(_("{file}: change needs extends.").format(file=path))
        return data
    base_path = _path_of(str(base_name), path.parent)
    base = _merged(base_path, (*below, path))
    _validated(base, base_path)
    if missing := [name for name in _OWN if name not in data]:
        raise CollectionError(
            _("{file}: a variant has its own {names}.").format(file=path, names=", ".join(missing))
        )
    records = base["records"]
    for change in changes if isinstance(changes, tuple) else (changes,):
        records = _changed(records, _change(change, path), path)
    return {**base, "records": records, **data}


def _change(data: Any, path: Path) -> Change:
    try:
        change = Change.model_validate(data)
    except ValidationError:
        change = None
    if change is None or (change.set is None) == (change.into is None):
        raise CollectionError(
            _("{file}: a change has record, field, and either set or into: {change}").format(
                file=path, change=data
            )
        )
    return change


def _changed(records: Records, change: Change, path: Path) -> Records:
    """The records with one change made."""
    found = False
    made = []
    for record in records:
        fields: list[Mapping[str, Any]] = []
        for field in record["fields"]:
            if (record["name"], field["name"]) != (change.record, change.field):
                fields.append(field)
                continue
            found = True
            fields += change.into or [{**field, **(change.set or {})}]
        made.append({**record, "fields": tuple(fields)})
    if not found:
        raise CollectionError(
            _("{file}: there is no field {field} in the record {record}.").format(
                file=path, field=change.field, record=change.record
            )
        )
    return tuple(made)


def _tuples(data: Any) -> Any:
    """Lists as tuples: a layout does not change once it is read."""
    if isinstance(data, dict):
        return {key: _tuples(value) for key, value in data.items()}
    return tuple(map(_tuples, data)) if isinstance(data, list) else data
