"""A database with a fictional city in it, to try the office with."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kokuho.base.calendar import today
from kokuho.office.start import start
from kokuho.sample import WrittenCity, write_city

if TYPE_CHECKING:
    from kokuho.office.ledger.demonstration import Collected

PERSONS = 3_000
"""The insured of the demonstration's database; the same people as the first of a larger city."""

USER = "demo"

_ACTOR = "見本"
_FIRST, _LATER = 200, 60  # days ago that the two folders of the register became known


@dataclass(frozen=True)
class Filled:
    """A demonstration's database, how to sign in to it, and households that are worth a look.

    ``worth_a_look`` has what happened in one, and its number; ``measures`` is the measure file.
    """

    url: str
    residents: int
    user: str
    password: str
    collected: Collected
    worth_a_look: Sequence[tuple[str, str]]
    measures: Path


def fill(folder: Path, seed: int, fiscal_year: int, tell: Callable[[str], None]) -> Filled:
    """Make a new database in a folder and fill it: what an office knew, then what it heard later.

    To be called before anything else has started the office in this process.

    Args:
        folder: where the files and ``kokuho.db`` go; a database that is there is replaced.
        seed, fiscal_year: of the city.
        tell: told of each file that goes in.
    """
    city = write_city(
        folder, PERSONS, seed, fiscal_year, register=True, claims=True, known_on=today()
    )
    database = folder / "kokuho.db"
    for name in (database.name, f"{database.name}-wal", f"{database.name}-shm"):
        (folder / name).unlink(missing_ok=True)
    url = f"sqlite:///{database}"
    os.environ["KOKUHO_DATABASE"] = url
    os.environ.pop("KOKUHO_DATABASE_OWNER", None)
    start()
    insurer = _insurer(city)
    residents = _import(city, insurer, tell)
    collected = _chain(city, insurer, fiscal_year, seed, tell)
    measures = _measures(city, insurer, tell)
    _represent(insurer)
    worth_a_look = _worth_a_look(insurer)
    password = secrets.token_urlsafe(9)

    from kokuho.office.accounts import rights, users

    users.add(USER, password, [insurer], full_name="窓口 見本")
    for right in (
        rights.REFUND_ASK,
        rights.DEPARTURE,
        rights.COUNTER,
        rights.CANCELLATION,
        rights.PRINTING,
        rights.FOREIGN_ARREARS,
    ):
        rights.allow(USER, right, insurer, actor="kokuho demo")
    _sender(folder / "printing" / insurer, insurer)
    from django.db import connections

    connections.close_all()
    return Filled(url, residents, USER, password, collected, worth_a_look, measures)


def _measures(city: WrittenCity, insurer: str, tell: Callable[[str], None]) -> Path:
    """The claims of the year before, and the measures of the city as they may be published."""
    from django.utils import timezone

    from kokuho.office.statistics.importing import import_claims
    from kokuho.office.statistics.measuring import measure
    from kokuho.statistics import write_measures
    from kokuho.statistics.confidentiality import protect

    assert city.claims is not None
    today = timezone.localdate()
    import_claims(city.claims, actor=_ACTOR, on=today)
    tell(str(city.claims))
    path = city.ordinance.with_name("measures.json")
    write_measures(path, protect(measure(insurer, today)[0]))
    tell(str(path))
    return path


def _sender(folder: Path, insurer: str) -> None:
    """The slots of the papers, so that all can be printed; seal, window and codes stay empty."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (f'insurer_code: "{insurer}"', "authority: 架空市長", "office: 国保年金課",
             "telephone: 000-000-0000", "hours: 8:30-17:15", "residence: {}",
             "slip: {pay_at: [架空銀行, 架空市役所]}", "weeks_before: 2",
             "notice_month: 7")  # fmt: skip
    (folder / "sender.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _insurer(city: WrittenCity) -> str:
    """The insurer, as its ordinance names it."""
    from kokuho.office.register import insurers
    from kokuho.ordinance import load

    made = load(city.ordinance).insurer
    insurers.add(made.code, made.name, made.prefecture, made.municipality_code)
    return made.code


def _chain(
    city: WrittenCity, insurer: str, year: int, seed: int, tell: Callable[[str], None]
) -> Collected:
    """Assessments, bills, demands and receipts of two years, then what changed since.

    The year before is whole and closed; the later one has come to today. Newcomers whose
    registration or declaration is not known stay on the work list of prepayment.
    """
    from django.utils import timezone

    from kokuho.ledger import settlement_end
    from kokuho.office.arrears import demonstration as arrears
    from kokuho.office.assessment.changes import assess_changes
    from kokuho.office.billing import runs
    from kokuho.office.collection.demonstration import demonstrate
    from kokuho.office.ledger import demonstration as ledger
    from kokuho.ordinance import load

    before = year - 1
    # rates of interest are known to the end of a calendar year, and the bills go out in July
    on = min(max(timezone.localdate(), date(year, 7, 31)), date(year, 12, 31))
    folder, ordinance = city.ordinance.parent, load(city.ordinance)
    _levy(city, insurer, before, tell)
    ledger.post_year(folder, insurer, ordinance, before, seed, settlement_end(before))
    tell(f"{before}年度の調定と収納(出納整理期間の末まで)")
    ledger.close(insurer, before)
    tell(f"{before}年度の出納閉鎖と繰越")
    _levy(city, insurer, year, tell)
    ledger.post_year(folder, insurer, ordinance, year, seed, on)
    tell(f"{year}年度の調定と収納({on} まで)")
    assess_changes(insurer, actor=_ACTOR)
    tell("異動更正")
    done = runs.bill_changes(insurer, runs.Wish(on), actor=_ACTOR)
    tell(f"期別の変更(前納の処理待ち {done.counts.get('waiting', 0)} 世帯)")
    ledger.post_changes(insurer, (before, year), on)
    tell("調定の増減、充当")
    # a due date that has passed, so that the pages show it today
    demonstrate(folder, insurer, min(on, timezone.localdate() - timedelta(days=5)), tell)
    arrears.demonstrate(folder, insurer, before, min(on, timezone.localdate()), tell)
    return ledger.collected(insurer, (before, year), on)


def _levy(city: WrittenCity, insurer: str, year: int, tell: Callable[[str], None]) -> None:
    """The yearly assessment as of what was known first, and its bills."""
    from django.utils import timezone

    from kokuho.office.assessment.yearly import Wish, assess_year, ordinance_year
    from kokuho.office.billing import runs
    from kokuho.ordinance import load

    known = timezone.localdate() - timedelta(days=_LATER + 1)
    july = date(year, 7, 10)
    ordinance = ordinance_year(load(city.ordinance), insurer, year)
    assess_year(insurer, year, Wish(ordinance, as_of=known, decided_on=july), actor=_ACTOR)
    tell(f"{year}年度の当初賦課")
    runs.bill_year(insurer, year, runs.Wish(july), actor=_ACTOR)
    tell(f"{year}年度の期別調定")


def _represent(insurer: str) -> None:
    """Who heads the household of a dead payer now represents the heirs."""
    from django.utils import timezone

    from kokuho.office.assessment.succession import appoint
    from kokuho.office.register.models import Headship, Residence
    from kokuho.office.tenancy import seeing

    with seeing([insurer], writing=True):
        for gone in list(Residence.objects.known().filter(ended_by="death")):
            former = Headship.objects.known().get(head=gone.resident_id)
            now = Headship.objects.known().get(
                household=former.household_id, valid_from=former.valid_to
            )
            appoint(
                insurer,
                gone.resident.address_number,
                basis="reported",
                told_on=timezone.localdate() - timedelta(days=_LATER),
                actor=_ACTOR,
                representative=now.head.address_number,
            )


def _worth_a_look(insurer: str) -> list[tuple[str, str]]:
    """One household of each sort: its head died, it has another head, an exemption, a relief."""
    from kokuho.office.register.models import (
        Headship,
        HouseholdDecision,
        Membership,
        PersonDecision,
        Residence,
    )
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        dead = Residence.objects.known().filter(ended_by="death").values("resident")
        heads = Headship.objects.known()
        ended = heads.filter(valid_to__isnull=False)
        handed_on = ended.exclude(head__in=dead).values("household")
        relieved = PersonDecision.objects.known().values("resident")
        sorts: list[tuple[str, Any]] = [
            ("世帯主の死亡", ended.filter(head__in=dead)),
            ("世帯主の変更", heads.filter(household__in=handed_on, valid_to__isnull=True)),
            ("世帯の減免", HouseholdDecision.objects.known().filter(kind="exemption")),
            ("個人の軽減", Membership.objects.known().filter(resident__in=relieved)),
        ]
        found = []
        for what, rows in sorts:
            row = rows.order_by("pk").select_related("household").first()
            if row is not None:
                found.append((what, row.household.household_number))
    return found


def _import(city: WrittenCity, insurer: str, tell: Callable[[str], None]) -> int:
    """Import the register; how many residents it has."""
    from django.utils import timezone

    from kokuho.office.imports.run import run
    from kokuho.office.register.models import Resident
    from kokuho.office.tenancy import seeing

    assert city.register is not None
    now = timezone.now()
    # the past, so that "as known on" has something to show
    for files, days in ((city.register.first, _FIRST), (city.register.later, _LATER)):
        for number, (kind, path) in enumerate(files):
            at = now - timedelta(days=days, seconds=-number)
            run(kind, path, actor=_ACTOR, at=at)
            tell(str(path))
            if kind == "incomes" and days == _FIRST:
                half = timedelta(milliseconds=500)
                run(kind, _year_before(path), actor=_ACTOR, at=at + half)
    with seeing([insurer]):
        count: int = Resident.objects.filter(insurer_id=insurer).count()
    return count


def _year_before(path: Path) -> Path:
    """The same incomes for the year before: the fictional city knows one year."""
    import polars as pl

    from kokuho.tables import write_csv

    frame = pl.read_csv(path, infer_schema=False)
    year = pl.col("fiscal_year").cast(pl.Int64) - 1
    before = path.with_name(f"{path.stem}_before.csv")
    write_csv(frame.with_columns(year.cast(pl.String)), before)
    return before
