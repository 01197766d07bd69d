"""Posting demands (調定): what is published now against what is posted."""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.billing import KEY
from kokuho.ledger import (
    DEMANDS,
    Voucher,
    assess,
    complete,
    from_bills,
    no_entries,
    positions,
    reassess,
)
from kokuho.ledger.settling import fix_interest
from kokuho.office.jobs.runs import Progress, Run
from kokuho.office.ledger.books import CLAIMS, KEYS, Books
from kokuho.office.ledger.models import Claim
from kokuho.office.ledger.rows import append
from kokuho.office.ledger.rules import rules_on
from kokuho.office.ledger.running import AT_ONCE, by_households
from kokuho.office.register.models import Headship

_ = translator("books")

_FACTS = ("household_id", "debtor", "year_assessed", "year_meant", "channel", "term", "due")


def demand_id(column: str = "household_id") -> pl.Expr:
    """The id of a demand, made of its key: household, years, channel, term (期別番号)."""
    return pl.concat_str(
        [
            pl.col(column),
            "fiscal_year_meant",
            "fiscal_year_levied",
            pl.col("channel").cast(pl.String),
            "term",
        ],
        separator="/",
    )


def post_demands(
    insurer: str,
    fiscal_year: int,
    demands: pl.DataFrame,
    *,
    posted_on: date,
    actor: str,
    source: str = "",
    whole: bool = False,
    progress: Progress | None = None,
    at_once: int = AT_ONCE,
) -> Run:
    """Post the differences between what is published and what is posted (調定, 調定の増減).

    A new demand is assessed, one with another amount is changed, one that left the schedule falls
    to zero; another due date or debtor is recorded and its interest follows. Nothing is posted
    for a household whose demands stand as they are, so that the same frame may come again.

    Args:
        insurer: the code of the insurer.
        fiscal_year: the year that the demands are meant for (相当年度); others are left alone.
        demands: the columns of ``kokuho.billing.SCHEMA``: all demands of the year of each household
            in it. A column ``debtor`` says who owes them; without it, it is the head of the
            household on the posting date, as the register knows.
        posted_on: the posting date, which is the day of the notice.
        actor: who asked for it.
        source: the notice; ``賦課 YEAR`` if left out.
        whole: the frame is all of the insurer: households that are not in it owe nothing.
        progress: told after each piece.
        at_once: households in one transaction.

    Raises:
        LedgerError: what the ledger refuses, such as closed books; a household without a head.
    """
    wanted = demands.filter(
        (pl.col("insurer_code") == insurer) & (pl.col("fiscal_year_meant") == fiscal_year)
    )

    def households() -> pl.Series:
        listed = wanted["household_id"].unique()
        if not whole:
            return listed
        rows = Claim.objects.filter(insurer_id=insurer, year_meant=fiscal_year)
        known = rows.values_list("household_id", flat=True).distinct()
        return pl.concat([listed, pl.Series("household_id", list(known), pl.String)])

    def make(books: Books, voucher: Voucher, some: pl.Series) -> pl.DataFrame:
        bills = wanted.join(some.to_frame("household_id"), on="household_id", how="semi")
        return _differences(books, _published(books.insurer, bills, posted_on), fiscal_year,
                            voucher)  # fmt: skip

    return by_households(
        insurer, "demands", str(fiscal_year), households, make, posted_on=posted_on,
        source=source or f"賦課 {fiscal_year}", actor=actor, progress=progress, at_once=at_once,
    )  # fmt: skip


def _published(insurer: str, bills: pl.DataFrame, day: date) -> pl.DataFrame:
    """The bills as claims with ``amount``."""
    if "debtor" not in bills.columns:
        heads = _heads(insurer, bills["household_id"].unique(), day)
        bills = bills.join(heads, on="household_id", how="left")
        if (lacking := bills.filter(pl.col("debtor").is_null())).height:
            raise LedgerError(
                _("household {household} has no head on {day}, who would owe its demands").format(
                    household=lacking["household_id"][0], day=day
                )
            )
    given = bills.select(*KEY, "debtor", demand_id=demand_id())
    claims = from_bills(bills.drop("debtor"), given)
    channels = bills.select("insurer_code", pl.col("channel").cast(pl.String),
                            demand_id=demand_id())  # fmt: skip
    return claims.join(channels, on=KEYS, how="left", maintain_order="left")


def _heads(insurer: str, households: pl.Series, day: date) -> pl.DataFrame:
    rows = (
        Headship.objects.known()
        .filter(insurer_id=insurer, valid_from__lte=day)
        .exclude(valid_to__lte=day)
        .values_list("household__household_number", "head__address_number")
    )
    wanted = set(households)
    found = [row for row in rows.iterator(chunk_size=5000) if row[0] in wanted]
    schema = {"household_id": pl.String, "debtor": pl.String}
    return pl.DataFrame(found, schema=schema, orient="row")


def _differences(
    books: Books, published: pl.DataFrame, fiscal_year: int, voucher: Voucher
) -> pl.DataFrame:
    claims, moved = _keep_claims(books, published, voucher.posted_on)
    stand = positions(books.claims.select(*DEMANDS), books.entries).filter(
        (pl.col("component") == "principal") & (pl.col("year_meant") == fiscal_year)
    )
    both = published.select(*KEYS, "amount").join(
        stand.select(*KEYS, "assessed"), on=KEYS, how="full", coalesce=True
    )
    fresh = both.filter(pl.col("assessed").is_null()).select(KEYS)
    changed = (
        both.filter(pl.col("assessed").is_not_null())
        .with_columns(change=pl.col("amount").fill_null(0) - pl.col("assessed"))
        .filter(pl.col("change") != 0)
        .sort(KEYS)
    )
    own = claims.select(*DEMANDS)
    new = no_entries()
    if fresh.height:
        first = published.join(fresh, on=KEYS, how="semi", maintain_order="left")
        new = assess(first.select(*DEMANDS, "amount"), voucher)
    if changed.height:
        more = reassess(own, books.entries, changed.select(*KEYS, "change"), voucher.after(new))
        new = pl.concat([new, more])
    if not changed.height and not moved.height:
        return new
    rules = rules_on(books.insurer, voucher.posted_on)
    new = complete(own, books.entries, new, voucher, rules, deferrals=books.reliefs)
    if moved.height:
        late = own.join(moved, on=KEYS, how="semi", maintain_order="left")
        posted = pl.concat([books.entries, new]).join(moved, on=KEYS, how="semi")
        more = fix_interest(late, posted, voucher.after(new), rules, deferrals=books.reliefs)
        new = pl.concat([new, more])
    return new


def _keep_claims(
    books: Books, published: pl.DataFrame, day: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Record new claims and changed facts; all claims as they are now, and keys of moved dates."""
    facts = published.select(*CLAIMS.keys() - {"version"})
    known = books.claims.select(*KEYS, "version", *(pl.col(n).alias(f"_{n}") for n in _FACTS))
    both = facts.join(known, on=KEYS, how="left", maintain_order="left")
    differs = pl.any_horizontal(*(pl.col(name) != pl.col(f"_{name}") for name in _FACTS))
    new = both.filter(pl.col("version").is_null() | differs).with_columns(
        version=(pl.col("version").fill_null(0) + 1).cast(CLAIMS["version"])
    )
    moved = new.filter(pl.col("_due").is_not_null() & (pl.col("due") != pl.col("_due")))
    rows = new.select(*CLAIMS)
    append(Claim, rows.with_columns(recorded_on=pl.lit(day)))
    rest = books.claims.join(rows, on=KEYS, how="anti", maintain_order="left")
    return pl.concat([rest, rows]), moved.select(KEYS)
