"""The statutory numbers of the package, read when they are first asked for, and future law on top.

One file in ``data/`` for each first word of a name (``cap.medical`` is in ``cap.yaml``), so that a
question about one number reads one file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from itertools import count
from pathlib import Path

from kokuho.base.errors import LawError
from kokuho.base.messages import translator
from kokuho.law.model import Parameter
from kokuho.law.reading import read_extra, read_parameters, read_sources

_ = translator("law")

DATA = Path(__file__).parent / "data"
_SOURCES = DATA / "sources.yaml"

_future: Mapping[str, Parameter] = {}
_generation = 0
_generations = count(1)
_held: ContextVar[tuple[int, Mapping[str, Parameter]] | None] = ContextVar("held", default=None)


@cache
def sources() -> Mapping[str, str]:
    """The list of sources: key to ``title url``."""
    return read_sources(_SOURCES)


@cache
def _file(stem: str) -> Mapping[str, Parameter]:
    return read_parameters(DATA / f"{stem}.yaml", sources())


@cache
def _stems() -> frozenset[str]:
    return frozenset(path.stem for path in DATA.glob("*.yaml") if path != _SOURCES)


def _known() -> dict[str, Parameter]:
    """Every parameter of the package, without future law."""
    return {name: entry for stem in sorted(_stems()) for name, entry in _file(stem).items()}


def parameters() -> list[str]:
    """The names of all parameters, sorted."""
    return sorted(_known())


def parameter(name: str) -> Parameter:
    """One statutory number with its history, future law that was loaded included.

    Raises:
        LawError: there is no such parameter (the message lists names that are near), or its file is
            broken.
    """
    if (held := _held.get()) and name in held[1]:
        return held[1][name]
    if name in _future:
        return _future[name]
    stem = name.partition(".")[0]
    if stem in _stems() and name in _file(stem):
        return _file(stem)[name]
    raise LawError(_no_such(name))


def _no_such(name: str) -> str:
    # only a wrong name needs it
    from difflib import get_close_matches

    names = parameters()
    words = set(name.lower().replace("_", ".").split("."))
    near = get_close_matches(name, names, n=5, cutoff=0.6)
    near += [known for known in names if words & set(known.replace("_", ".").split("."))]
    if listed := list(dict.fromkeys(near))[:8]:
        return _("there is no parameter {name}; near it: {near}").format(
            name=name, near=", ".join(listed)
        )
    return _("there is no parameter {name}; `kokuho law list` names all").format(name=name)


def load_extra(path: str | Path) -> tuple[str, ...]:
    """Load law that is enacted but not yet in force; it is used only from its date.

    Several files may be loaded, each going on where the one before ended.

    Returns:
        The names of the parameters that have new values.

    Raises:
        LawError: the file does not hold together, or does not join on to what is known; nothing of
            it is then used.
    """
    global _future, _generation
    longer = read_extra(Path(path), _known() | dict(_future))
    _future = {**_future, **longer}
    _generation = next(_generations)
    return tuple(sorted(longer))


def forget_extra() -> None:
    """Go back to the law of the package alone."""
    global _future, _generation
    _future, _generation = {}, next(_generations)


@contextmanager
def holding(law: Mapping[str, Parameter]) -> Iterator[None]:
    """Use these parameters in place of today's in this block: the law as it was kept.

    Other threads and tasks go on with today's law.
    """
    token = _held.set((next(_generations), law))
    try:
        yield
    finally:
        _held.reset(token)


def generation() -> int:
    """A number that changes whenever other law is used: future law, or law that was kept."""
    held = _held.get()
    return held[0] if held else _generation
