"""Opening ordinance files: from a path, or one of those that come with Kokuho."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from kokuho.base.errors import OrdinanceError
from kokuho.base.messages import translator
from kokuho.base.strict_yaml import DuplicateKeyError
from kokuho.ordinance.complaints import complaints
from kokuho.ordinance.findings import Finding, describe, errors, finding
from kokuho.ordinance.model import Insurer, Ordinance, YearEntry
from kokuho.ordinance.reading import Document, read
from kokuho.ordinance.rules import insurer_findings, year_findings

_ = translator("ordinance")

DATA_DIR = Path(__file__).parent / "data"


def load(path: str | Path) -> Ordinance:
    """Open an ordinance file.

    Raises:
        OrdinanceError: the file cannot be read, or something in it is wrong, missing or against
            the law; the message names the file and, for each place, what is written and expected.
    """
    ordinance, found = examine(path)
    wrong = errors(found)
    if wrong or ordinance is None:
        head = _("{file} cannot be used as an ordinance:").format(file=path)
        raise OrdinanceError("\n".join([head, *map(describe, wrong)]))
    return ordinance


def examine(path: str | Path) -> tuple[Ordinance | None, list[Finding]]:
    """Everything that is to be said about a file, and the ordinance if its form is right.

    An ordinance that comes with errors must not be levied; :func:`load` refuses it.

    Raises:
        OrdinanceError: there is no such file, or it is no UTF-8 text.
    """
    path = Path(path)
    try:
        document = read(path)
    except DuplicateKeyError as error:
        found = finding(
            _empty(path), "duplicate_key", (), key=error.key, first_line=error.first_line
        )
        return None, [_at_line(found, error.line)]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        found = finding(_empty(path), "not_yaml", (), problem=problem)
        return None, [_at_line(found, mark.line + 1 if mark else None)]
    if not isinstance(document.data, dict):
        return None, [finding(document, "not_a_mapping", ())]
    try:
        ordinance = Ordinance.model_validate(document.data)
    except ValidationError as error:
        return None, [*complaints(document, error), *_sound_sections(document)]
    found_in_law = list(insurer_findings(document, ordinance.insurer))
    for year, entry in ordinance.fiscal_years.items():
        found_in_law += year_findings(document, ordinance.insurer, year, entry)
    return ordinance, found_in_law


def _sound_sections(document: Document) -> Iterator[Finding]:
    """Look at the sections that are sound in form too, so that a clerk sees everything at once."""
    insurer: Insurer | None = None
    try:
        insurer = Insurer.model_validate(document.data.get("insurer"))
    except ValidationError:
        pass
    else:
        yield from insurer_findings(document, insurer)
    years = document.data.get("fiscal_years")
    for year, stated in years.items() if isinstance(years, dict) else ():
        try:
            entry = YearEntry.model_validate(stated)
            number = int(year)
        except ValueError:  # pydantic's ValidationError is one too
            continue
        yield from year_findings(document, insurer, number, entry)


def _empty(path: Path) -> Document:
    return Document(path, None, None)


def _at_line(found: Finding, line: int | None) -> Finding:
    return Finding(**{**vars(found), "line": line})


@cache
def shipped_files() -> tuple[Path, ...]:
    """The ordinance files that come with Kokuho, by name."""
    return tuple(sorted(DATA_DIR.glob("*.yaml")))


@cache
def shipped() -> tuple[Ordinance, ...]:
    """All ordinances that come with Kokuho, by municipality code.

    They are transcribed from the municipalities' pages and not yet compared with the ordinances.
    """
    return tuple(
        sorted(map(load, shipped_files()), key=lambda found: found.insurer.municipality_code)
    )


def find(municipality: str) -> Ordinance:
    """A shipped ordinance by file name (``koganei``), name (``小金井市``) or code (``132101``).

    Raises:
        OrdinanceError: none is shipped for it; the message lists those that are.
    """
    by_file = DATA_DIR / f"{municipality}.yaml"
    if by_file in shipped_files():
        return load(by_file)
    for ordinance in shipped():
        insurer = ordinance.insurer
        if municipality in (insurer.name, insurer.code, insurer.municipality_code):
            return ordinance
    raise OrdinanceError(
        _("no ordinance of {wanted} comes with Kokuho; there are: {names}. Name a file.").format(
            wanted=municipality, names=", ".join(found.insurer.name for found in shipped())
        )
    )
