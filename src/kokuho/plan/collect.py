"""A prefecture's view: many insurers' plans in one table, as of the end of a fiscal year.

Plans come as plan files or as forms (XLSX). A file that cannot be read is reported and stops nobody
else. Amounts of different kinds are never added: of the bases (settlement, budget estimate) there
is no total, of what the plans leave in the same year there is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kokuho.base.errors import InputError, KokuhoError
from kokuho.base.messages import translator
from kokuho.plan.amounts import Base, BaseKind, add, base_of, capacity, planned, planned_sum
from kokuho.plan.checks import check_plan
from kokuho.plan.files import load_plan
from kokuho.plan.findings import Finding
from kokuho.plan.model import Plan
from kokuho.plan.progress import latest, progress_of
from kokuho.plan.reading import read_plan
from kokuho.plan.wording import Standing

_ = translator("plan_form")

Measures = Literal["complete", "none", "without_amount", "short"]
"""Measures of a plan: enough, none at all, one without an amount, too little for some year."""

_FILES = (".yaml", ".yml", ".xlsx", ".xlsm")


@dataclass(frozen=True)
class CollectedPlan:
    """A line of the table; amounts in thousands of yen, None where they are not certain.

    ``reduced`` and ``remaining`` are planned, up to and at the end of the year of the table.
    ``standing`` compares the settlement of ``settled`` (None: none is known) with the plan.
    ``doubts`` counts the cells of a form that a person must look at.
    """

    file: str
    prefecture: str
    number: str
    name: str
    first_year: int
    last_year: int
    target_year: int | None
    base_kind: BaseKind | None
    base_year: int | None
    base: int | None
    reduced: int | None
    remaining: int | None
    standing: Standing
    settled: int | None
    measures: Measures
    findings: tuple[Finding, ...]
    doubts: int

    @property
    def insurer(self) -> tuple[str, str]:
        """What tells an insurer from others: its prefecture, and its name or else its number."""
        return self.prefecture, self.name or self.number


@dataclass(frozen=True)
class BrokenFile:
    """A file that is no plan, and why."""

    file: str
    reason: str


@dataclass(frozen=True)
class Collection:
    """All plans of a folder at the end of a fiscal year, sorted by insurer, and broken files.

    ``passed`` are files of other kinds, which nobody has looked into.
    """

    year: int
    plans: tuple[CollectedPlan, ...]
    broken: tuple[BrokenFile, ...]
    passed: tuple[str, ...] = ()

    @property
    def twice(self) -> dict[str, list[str]]:
        """Insurers that have more than one plan here, with the files."""
        counted = Counter(plan.insurer for plan in self.plans)
        return {
            " ".join(filter(None, insurer)): [p.file for p in self.plans if p.insurer == insurer]
            for insurer, count in counted.items()
            if count > 1 and any(insurer)
        }

    @property
    def remaining(self) -> int | None:
        """What all plans leave together; unknown if one is, or if an insurer counts twice."""
        return None if self.twice else add(plan.remaining for plan in self.plans)


def collect_plans(folder: Path, year: int, leave_out: Path | None = None) -> Collection:
    """Read every plan in a folder and its subfolders.

    Args:
        folder: with plan files (YAML) and forms (XLSX).
        year: the fiscal year at whose end the plans are looked at.
        leave_out: a file that is no plan though it lies there: the table itself.

    Raises:
        InputError: no such folder, or no file in it that could be a plan.
    """
    ours = () if leave_out is None else (leave_out, leave_out.with_suffix(".errors.csv"))
    found = [path for path in _files(folder) if not any(_same(path, one) for one in ours)]
    files = [path for path in found if path.suffix.lower() in _FILES]
    if not files:
        raise InputError(
            _("{folder}: no plan files (YAML) and no forms (XLSX) are in this folder.").format(
                folder=folder
            )
        )
    plans: list[CollectedPlan] = []
    broken: list[BrokenFile] = []
    for path in files:
        name = path.relative_to(folder).as_posix()
        try:
            plan, doubts = _read(path)
        except KokuhoError as error:
            # the table goes to others: the file is named beside the reason, without our folders
            reason = str(error).removeprefix(f"{path}: ").replace(str(path), path.name)
            broken.append(BrokenFile(name, reason))
        else:
            plans.append(_collected(name, plan, doubts, year))
    passed = tuple(path.relative_to(folder).as_posix() for path in found if path not in files)
    return Collection(year, tuple(sorted(plans, key=_order)), tuple(broken), passed)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        # office programs leave such a file beside each one that is open; a dead link is a file
        if not path.is_dir() and not path.name.startswith(("~$", ".")):
            yield path


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _read(path: Path) -> tuple[Plan, int]:
    if path.suffix.lower() in (".yaml", ".yml"):
        return load_plan(path), 0
    made = read_plan(path)
    return made.plan, made.report.counts["flagged"]


def _order(plan: CollectedPlan) -> tuple[str, int, str, str, str]:
    digits = int(plan.number) if plan.number.isdecimal() else 0
    return plan.prefecture, digits, plan.number, plan.name, plan.file


def _collected(file: str, plan: Plan, doubts: int, year: int) -> CollectedPlan:
    base = base_of(plan, plan.period.last_year)
    reduced = None
    if base is not None:
        reduced = planned_sum(plan, range(base.first_year, min(year, base.last_year) + 1))
    settled = latest(progress_of(plan), year)
    findings = tuple(found for found in check_plan(plan) if found.severity != "note")
    return CollectedPlan(
        file=file,
        prefecture=plan.insurer.prefecture or "",
        number=plan.insurer.number or "",
        name=plan.insurer.name or "",
        first_year=plan.period.first_year,
        last_year=plan.period.last_year,
        target_year=plan.policy.target_year,
        base_kind=base.kind if base is not None else None,
        base_year=base.year if base is not None else None,
        base=base.amount if base is not None else None,
        reduced=reduced,
        remaining=None if base is None or reduced is None else max(0, base.amount - reduced),
        standing=settled.standing if settled is not None else "unknown",
        settled=settled.year if settled is not None else None,
        measures=_measures(plan, base),
        findings=findings,
        doubts=doubts,
    )


def _measures(plan: Plan, base: Base | None) -> Measures:
    if not plan.measures:
        return "none"
    if any(measure.amount is None and not measure.yearly for measure in plan.measures):
        return "without_amount"
    # years before the base are older plan rows, which today's measures do not bring about
    years = plan.period.years if base is None else range(base.first_year, base.last_year + 1)
    for year in years:
        gives, wants = capacity(plan.measures, year), planned(plan, year, "total")
        if gives is not None and wants is not None and gives < wants:
            return "short"
    return "complete"
