"""The fictional city of a rehearsal, with its database, ledger and users; and what happens in it.

It is made by the project's own generator, up to what the linkage needs: register, one levy, bills
and receipts until the first day. What the office hears of later (losses, deaths, other heads) comes
in slices, a round each.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.linkage.messages.record import CollectionRecord
from kokuho.linkage.policy import load_policy
from kokuho.sample import WrittenCity, write_city
from kokuho.tables import write_csv

_ = translator("rehearsal")

YEAR = 2026
ACTOR = "rehearsal"
USERS: Mapping[str, tuple[str, ...]] = {
    "yakan": ("linkage_register",),
    "kakari": ("linkage_approve", "linkage_register", "refund_order"),
    "kacho": ("linkage_approve", "refund_audit"),
}
"""Who works in the city, with which rights."""
UNTIL = timedelta(days=20)
"""Receipts of the generator come until so long before the first day."""


@dataclass(frozen=True)
class Demand:
    """A demand (期別) of one household, as the books had it at the first load.

    Attributes:
        demand: its id in the ledger.
        household: whose.
        debtor: address number.
        place: what its records have in common: the key without the person.
        owed: what was unpaid.
        overdue: what of it was overdue.
        paid: what was posted.
    """

    demand: str
    household: str
    debtor: str
    place: str
    owed: int
    overdue: int
    paid: int


@dataclass(frozen=True)
class City:
    """The city.

    Attributes:
        folder: of its files.
        insurer: its code.
        municipality: six digits.
        url: of its database.
        password: of its users.
        later: what the office hears of afterwards: kind and file, in their order.
    """

    folder: Path
    insurer: str
    municipality: str
    url: str
    password: str
    later: tuple[tuple[str, Path], ...]

    def records(self) -> list[CollectionRecord]:
        """What the books say now; in this process."""
        from kokuho.office.linkage.snapshot import snapshot
        from kokuho.office.tenancy import seeing

        with seeing([self.insurer]):
            return snapshot(self.insurer, load_policy(None))

    def demands(self, records: list[CollectionRecord]) -> list[Demand]:
        """The demands behind some records."""
        from kokuho.office.ledger.claims import Claim
        from kokuho.office.tenancy import seeing

        names = ("household_id", "debtor", "year_assessed", "year_meant", "channel", "term")
        with seeing([self.insurer]):
            rows = Claim.objects.filter(insurer_id=self.insurer).order_by("version")
            ids = {tuple(facts): one for one, *facts in rows.values_list("demand_id", *names)}
        found = {}
        for one in records:
            facts = (
                one.household, one.debtor, one.year_levied, one.year_meant, one.channel, one.term,
            )  # fmt: skip
            place = one.key.partition("/")[2]
            found[place] = Demand(
                ids[facts], one.household, one.debtor, place,
                one.overdue + one.later - one.reported, one.overdue, one.paid,
            )  # fmt: skip
        return list(found.values())

    def slice(self, number: int, of: int) -> list[tuple[str, Path]]:
        """The files of what is heard of in one round, household by household."""
        out = self.folder / f"later-{number:02d}"
        found = []
        for kind, path in self.later:
            frame = pl.read_csv(path, infer_schema=False)
            house = pl.col("household_id") if "household_id" in frame.columns else None
            if house is None:
                house = pl.col("person_id").str.slice(0, 8)
            part = frame.filter(house.str.slice(-4).cast(pl.Int64) % of == number % of)
            if part.height:
                out.mkdir(exist_ok=True)
                write_csv(part, out / path.name)
                found.append((kind, out / path.name))
        return found

    def reassessed(self) -> set[str]:
        """The households that what is heard of afterwards concerns."""
        found: set[str] = set()
        for _kind, path in self.later:
            frame = pl.read_csv(path, infer_schema=False)
            if "household_id" in frame.columns:
                found |= set(frame["household_id"])
            if "person_id" in frame.columns:
                found |= {one[:8] for one in frame["person_id"].drop_nulls()}
        return found

    def protect(self, persons: list[str], name: str) -> Path:
        """A file of the register in which some persons are under protection measures (支援措置)."""
        frame = pl.read_csv(self.folder / "register" / "residents.csv", infer_schema=False)
        chosen = frame.filter(pl.col("person_id").is_in(persons))
        path = self.folder / f"{name}.csv"
        write_csv(chosen.with_columns(protected=pl.lit("yes")), path)
        return path

    def receipts(self, paid: list[tuple[Demand, int]], on: date, name: str) -> Path:
        """A file of receipts."""
        rows = [
            {
                "insurer_code": self.insurer, "reference": f"{name}-{place}",
                "received_on": on.isoformat(), "amount": str(yen),
                "household_id": one.household, "demand_id": one.demand,
            }
            for place, (one, yen) in enumerate(paid, 1)
        ]  # fmt: skip
        path = self.folder / f"{name}.csv"
        write_csv(pl.DataFrame(rows), path)
        return path


def make(
    folder: Path, url: str, persons: int, seed: int, first: date, tell: Callable[[str], None]
) -> City:
    """Make the city in the database that :func:`open_database` opened.

    Args:
        folder: where its files go.
        url: of the database.
        persons: insured.
        seed: of the generator.
        first: the first day of the rehearsal.
        tell: told of each piece.
    """
    city = write_city(folder, persons, seed, YEAR, register=True)
    tell(_("city: {persons} insured").format(persons=f"{persons:,}"))
    from kokuho.office.register import insurers
    from kokuho.ordinance import load

    insurer = load(city.ordinance).insurer
    insurers.add(insurer.code, insurer.name, insurer.prefecture, insurer.municipality_code)
    assert city.register is not None
    _fill(city, insurer.code, seed, first, tell)
    password = secrets.token_urlsafe(15)
    _users(insurer.code, password)
    # exemptions need no slice of their own: they come with the first
    return City(
        folder, insurer.code, insurer.municipality_code, url, password,
        tuple((kind, path) for kind, path in city.register.later if kind != "decisions"),
    )  # fmt: skip


def open_database(folder: Path) -> str:
    """The database, opened in this process: PostgreSQL where the settings name it (it is migrated);
    else a new file in the folder, whatever they name. Nothing has started the office before.

    Raises:
        InputError: it holds an insurer already.
    """
    from kokuho.office import start as starting

    url = os.environ.get("KOKUHO_DATABASE", "")
    if url.startswith("postgres"):
        starting.migrate()
    else:
        folder.mkdir(parents=True)
        url = f"sqlite:///{folder / 'kokuho.db'}"
        os.environ["KOKUHO_DATABASE"] = url
        os.environ.pop("KOKUHO_DATABASE_OWNER", None)
    starting.start()
    _refuse_real_data()
    return url


def _refuse_real_data() -> None:
    from kokuho.office.register.models import Insurer

    if Insurer.objects.exists():
        raise InputError(
            _("the database holds an insurer; a rehearsal takes an empty one (KOKUHO_DATABASE)")
        )


def _fill(
    city: WrittenCity, insurer: str, seed: int, first: date, tell: Callable[[str], None]
) -> None:
    from django.utils import timezone

    from kokuho.office.assessment.yearly import Wish, assess_year, ordinance_year
    from kokuho.office.billing import runs
    from kokuho.office.imports.run import run
    from kokuho.office.ledger.demonstration import post_year
    from kokuho.ordinance import load

    assert city.register is not None
    begin = timezone.make_aware(datetime(YEAR, 4, 2, 9))
    for number, (kind, path) in enumerate(city.register.first):
        done = run(kind, path, actor=ACTOR, at=begin + timedelta(seconds=number))
        if not done.imported:
            raise InputError(_("{file} was refused; see {errors}").format(
                file=path, errors=done.errors))  # fmt: skip
        tell(_("register: {file}").format(file=path.name))
    july = date(YEAR, 7, 10)
    ordinance = ordinance_year(load(city.ordinance), insurer, YEAR)
    assess_year(insurer, YEAR, Wish(ordinance, decided_on=july), actor=ACTOR)
    tell(_("levy"))
    runs.bill_year(insurer, YEAR, runs.Wish(july), actor=ACTOR)
    tell(_("terms"))
    folder = city.ordinance.parent
    post_year(folder, insurer, load(city.ordinance), YEAR, seed, first - UNTIL)
    tell(_("receipts"))


def _users(insurer: str, password: str) -> None:
    from kokuho.office.accounts import rights, users

    for name, granted in USERS.items():
        users.add(name, password, [insurer], full_name=f"演習 {name}")
        for right in granted:
            rights.allow(name, right, insurer, actor=ACTOR)
