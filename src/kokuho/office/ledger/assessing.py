"""Posting demands (調定): what is published now against what is posted."""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger import DEMANDS, Voucher, from_bills, no_entries, post_reissue, reissue
from kokuho.office.jobs.runs import Progress, Run
from kokuho.office.ledger.books import CLAIMS, KEYS, Books
from kokuho.office.ledger.models import Claim
from kokuho.office.ledger.naming import demand_id
from kokuho.office.ledger.rows import append
from kokuho.office.ledger.rules import rules_on
from kokuho.office.ledger.running import AT_ONCE, by_households
from kokuho.office.register.models import Headship

_ = translator("books")

_FACTS = ("household_id", "debtor", "year_assessed", "year_meant", "channel", "term", "due")


def post_demands(
    insurer: str,
    fiscal_year: int,
    demands: pl.DataFrame,
    *,
    posted_on: date,
    actor: str,
    source: str = "",
    whole: bool = False,
    notice: date | None = None,
    progress: Progress | None = None,
    at_once: int = AT_ONCE,
) -> Run:
    """Post the differences between what is published and what is posted (調定, 調定の増減).

    A new demand is assessed, one with another amount is changed, one that left the schedule falls
    to zero; another due date is recorded and its interest follows. Nothing is posted
    for a household whose demands stand as they are, so that the same frame may come again.

    Each debtor has demands of their own: where another head owes a term, that is another demand.

    Args:
        insurer: the code of the insurer.
        fiscal_year: the year that the demands are meant for (相当年度); others are left alone.
        demands: the columns of ``kokuho.billing.SCHEMA``: all demands of the year of each household
            in it. A column ``debtor`` says who owes them; without it, it is the head of the
            household on the posting date, as the register knows.
        posted_on: the posting date.
        actor: who asked for it.
        source: the notice; ``賦課 YEAR`` if left out.
        whole: the frame is all of the insurer: households that are not in it owe nothing.
        notice: the day of the notice, from which the changes count; the posting date if left out.
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
        published = _published(books.insurer, bills, posted_on)
        return _differences(books, published, fiscal_year, voucher, notice)

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
    named = bills.with_columns(demand_id=demand_id())
    claims = from_bills(bills, named)
    channels = named.select(*KEYS, pl.col("channel").cast(pl.String))
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
    books: Books,
    published: pl.DataFrame,
    fiscal_year: int,
    voucher: Voucher,
    notice: date | None,
) -> pl.DataFrame:
    known = books.claims.filter(pl.col("year_meant") == fiscal_year)
    _keep_claims(books, published, voucher.posted_on)
    issued = reissue(known, books.entries, published.select(*DEMANDS, "amount"))
    if issued.changes.is_empty() and issued.moved.is_empty():
        return no_entries()
    rules = rules_on(books.insurer, voucher.posted_on)
    return post_reissue(
        issued, books.entries, voucher, rules, notice=notice, deferrals=books.reliefs
    )


def _keep_claims(books: Books, published: pl.DataFrame, day: date) -> None:
    """Record new claims, and those of which a fact changed as another version."""
    facts = published.select(*CLAIMS.keys() - {"version"})
    known = books.claims.select(*KEYS, "version", *(pl.col(n).alias(f"_{n}") for n in _FACTS))
    both = facts.join(known, on=KEYS, how="left", maintain_order="left")
    differs = pl.any_horizontal(*(pl.col(name) != pl.col(f"_{name}") for name in _FACTS))
    new = both.filter(pl.col("version").is_null() | differs).with_columns(
        version=(pl.col("version").fill_null(0) + 1).cast(CLAIMS["version"]),
        recorded_on=pl.lit(day),
    )
    append(Claim, new.select(*CLAIMS, "recorded_on"))
