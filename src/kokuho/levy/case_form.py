"""The form of worked cases: a file, its cases, and reading them (docs/cases.md).

An unknown key is refused and named; so is what contradicts itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.ordinance import Part, Rounding

_ = translator("levy")

MONTHS_OF_YEAR = 12
_Yen = Annotated[int, Field(strict=True)]
_NoLoss = Annotated[int, Field(strict=True, ge=0)]
_Fraction = Annotated[str, Field(pattern=r"^(0(\.\d{1,6})?|1(\.0+)?)$")]
_CONFIG = ConfigDict(frozen=True, extra="forbid")


class CaseIncome(BaseModel):
    """Incomes of the year before, as a municipality states them: revenue, or income after it."""

    model_config = _CONFIG
    salary_revenue: _NoLoss | None = None
    salary_income: _NoLoss | None = None
    pension_revenue: _NoLoss | None = None
    pension_income: _NoLoss | None = None
    other_income: _Yen = 0


class CaseMember(BaseModel):
    """One member; ``age`` is on 1 April of the fiscal year.

    ``total_income`` is what follows from the incomes; where a page prints it alone, it is the
    income. ``months`` are the last of the year: the form does not say which.
    """

    model_config = _CONFIG
    age: Annotated[int, Field(strict=True, ge=0, le=120)]
    income: CaseIncome = CaseIncome()
    total_income: _Yen | None = None
    asset_tax: _NoLoss = 0
    months: Annotated[int, Field(strict=True, ge=0, le=12)] = MONTHS_OF_YEAR
    head: bool = False
    per_capita_exemption: _Fraction | None = None

    @property
    def incomes(self) -> CaseIncome:
        """The incomes to levy on: the stated ones, or the total where nothing else is stated."""
        if self.income.model_fields_set or self.total_income is None:
            return self.income
        return CaseIncome(other_income=self.total_income)


class CaseHousehold(BaseModel):
    """The household of a case."""

    model_config = _CONFIG
    head_insured: bool = True
    members: tuple[CaseMember, ...] = Field(min_length=1)


class CaseRounding(BaseModel):
    """The rounding of a case, in the words of the case form.

    A unit for each person, even of one yen, means that the shares of persons are cut first.
    """

    model_config = _CONFIG
    part: Literal[1, 10, 100]
    person: Literal[1, 10, 100] | None = None
    income_component: Literal["per_person", "per_household"] | None = None

    @model_validator(mode="after")
    def _a_share_of_a_person_needs_the_person(self) -> Self:
        if self.person is not None and self.income_component == "per_household":
            raise PydanticCustomError(
                "person_of_household", "person does not go with income_component: per_household"
            )
        return self

    def stated(self) -> Rounding:
        """The same in the words of an ordinance."""
        shares = self.income_component or ("per_household" if self.person is None else "per_person")
        return Rounding(part=self.part, person=self.person or 1, income_component=shares)


class CaseExemptions(BaseModel):
    """Municipal cuts of the per-capita amount, each the fraction that is cut."""

    model_config = _CONFIG
    preschool_per_capita: _Fraction | None = None
    under_18_per_capita: _Fraction | None = None


class CaseOrdinance(BaseModel):
    """The ordinance of a case."""

    model_config = _CONFIG
    fiscal_year: int
    parts: dict[Literal["medical", "support", "care", "child"], Part]
    rounding: CaseRounding
    forced_reduction: Literal[0, 2, 5, 7] | None = None
    exemptions: CaseExemptions = CaseExemptions()


class Expected(BaseModel):
    """What was printed: reduction in tenths, parts and total in yen; absent what was not."""

    model_config = _CONFIG
    reduction: Literal[0, 2, 5, 7] | None = None
    medical: _Yen | None = None
    support: _Yen | None = None
    care: _Yen | None = None
    child: _Yen | None = None
    medical_support_care: _Yen | None = None
    total: _Yen | None = None

    @model_validator(mode="after")
    def _something_is_expected(self) -> Self:
        if not self.model_dump(exclude_none=True):
            raise PydanticCustomError("nothing_expected", "a case needs at least one answer")
        return self


class Case(BaseModel):
    """One worked case: ordinance, household, published answer, source."""

    model_config = _CONFIG
    id: str
    ordinance: CaseOrdinance
    household: CaseHousehold
    expected: Expected
    partial: bool = False
    note: str | None = None
    source: str | None = None


class CaseFile(BaseModel):
    """A file of cases of one municipality."""

    model_config = _CONFIG
    municipality: str
    provenance: str | None = None
    cases: tuple[Case, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_case_has_its_own_id(self) -> Self:
        ids = [case.id for case in self.cases]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise PydanticCustomError(
                "same_id", "cases of the same id: {ids}", {"ids": ", ".join(twice)}
            )
        return self


def read_file(path: Path) -> CaseFile:
    """Read one case file.

    Raises:
        InputError: not JSON, or a key or value that the form does not have, with its place.
    """
    try:
        return CaseFile.model_validate(json.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(
            _("{file}: not a readable case file ({reason}).").format(file=path, reason=reason)
        ) from None
    except ValidationError as error:
        raise InputError(
            _("{file}: not of the case form: {problems}").format(
                file=path, problems="; ".join(_problems(error))
            )
        ) from None


def _problems(error: ValidationError) -> list[str]:
    """What is wrong and where, in words; a list is not blamed for what is wrong within it."""
    said = {
        "missing": _("this key is required"),
        "extra_forbidden": _("the form has no such key"),
        "int_type": _("a whole number is expected"),
        "greater_than_equal": _("a number of at least {ge} is expected"),
        "less_than_equal": _("a number of at most {le} is expected"),
        "literal_error": _("expected is one of: {expected}"),
        "string_type": _("a text in quotes is expected"),
        "string_pattern_mismatch": _("a fraction from 0 to 1 is expected, such as 0.5"),
        "person_of_household": _("person does not go with income_component: per_household"),
        "nothing_expected": _("a case needs at least one answer"),
        "same_id": _("cases of the same id: {ids}"),
    }
    found = error.errors()
    places = [problem["loc"] for problem in found]
    problems = []
    for problem in found:
        place = problem["loc"]
        if any(len(other) > len(place) and other[: len(place)] == place for other in places):
            continue
        words = said.get(problem["type"], problem["msg"]).format(**problem.get("ctx", {}))
        problems.append(f"{'.'.join(map(str, place)) or '-'}: {words}")
    return problems


def find_files(places: Iterable[Path]) -> list[Path]:
    """The case files in folders (and files that are named themselves), sorted.

    Raises:
        InputError: a place does not exist, or there is no case file at all.
    """
    found: list[Path] = []
    for place in places:
        if not place.exists():
            raise InputError(_("There is no {place}.").format(place=place))
        found += sorted(place.rglob("*.json")) if place.is_dir() else [place]
    if not found:
        raise InputError(_("No case file (*.json) was found."))
    return found


def find_case(path: Path, case_id: str) -> Case:
    """One case of a file by its id.

    Raises:
        InputError: the file has no such case; the ids that it has are named.
    """
    file = read_file(path)
    for case in file.cases:
        if case.id == case_id:
            return case
    raise InputError(
        _("{file} has no case {id}; it has: {ids}").format(
            file=path, id=case_id, ids=", ".join(case.id for case in file.cases)
        )
    )


def is_case_file(path: Path) -> bool:
    """Whether a file is named as case files are."""
    return path.suffix == ".json"
