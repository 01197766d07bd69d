"""Single acts in the books: fees, write-offs, appropriation, reversals, suspense, closing a year.

Each is posted once for its key: asked again, it is done already.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger import (
    DEMANDS,
    ENTRIES,
    Voucher,
    appropriate,
    carry_over,
    charge_fee,
    complete,
    frame_of_receipts,
    lapse,
    pay_back,
    release,
    reverse,
    write_off,
)
from kokuho.ledger import Receipt as OneReceipt
from kokuho.ledger.interest_steps import RELIEFS
from kokuho.ledger.settling import fix_interest
from kokuho.office.jobs.runs import Progress, Run
from kokuho.office.ledger import books as store
from kokuho.office.ledger.books import Books, keep, lock, open_books
from kokuho.office.ledger.models import Claim, Entry, Receipt, Relief
from kokuho.office.ledger.rows import among, read
from kokuho.office.ledger.rules import rules_on
from kokuho.office.ledger.running import by_households, once
from kokuho.office.tenancy import seeing

_ = translator("books")

_HOUSE = {"household_id": pl.String()}


def charge_fees(
    insurer: str, key: str, demand_ids: list[str], amount: int, *, posted_on: date, actor: str
) -> Run:
    """Charge a reminder fee (督促手数料) of ``amount`` yen for each demand; ``key``: the reminders.

    Raises:
        LedgerError: a demand of which nothing is owed.
    """
    fees = pl.DataFrame(
        {"insurer_code": [insurer] * len(demand_ids), "demand_id": demand_ids}
    ).with_columns(amount=pl.lit(amount, pl.Int64))

    def make(books: Books, voucher: Voucher) -> pl.DataFrame:
        return charge_fee(books.claims.select(*DEMANDS), books.entries, fees, voucher)

    return once(
        insurer, "fee", key, lambda: _books(insurer, fees["demand_id"]), make,
        posted_on=posted_on, source=key, actor=actor, what=f"{sorted(demand_ids)} {amount}",
    )  # fmt: skip


def write_off_claims(
    insurer: str, key: str, decisions: pl.DataFrame, *, posted_on: date, actor: str
) -> Run:
    """Post write-offs (不納欠損) that were decided: ``demand_id, component, amount``.

    Raises:
        LedgerError: more than is owed.
    """
    wanted = decisions.with_columns(
        insurer_code=pl.lit(insurer), component=pl.col("component").cast(ENTRIES["component"])
    )

    def make(books: Books, voucher: Voucher) -> pl.DataFrame:
        return write_off(books.claims.select(*DEMANDS), books.entries, wanted, voucher)

    return once(
        insurer, "write_off", key, lambda: _books(insurer, wanted["demand_id"]), make,
        posted_on=posted_on, source=key, actor=actor,
        what=str(sorted(wanted.select("demand_id", "component", "amount").iter_rows())),
    )  # fmt: skip


def appropriate_all(
    insurer: str,
    *,
    posted_on: date,
    actor: str,
    households: pl.Series | None = None,
    causes: pl.DataFrame | None = None,
    progress: Progress | None = None,
) -> Run:
    """Let everything overpaid pay what is due (充当), for some households or for all.

    Interest that the appropriations earn is posted with them.

    Args:
        insurer: the code of the insurer.
        posted_on: what is due by then is paid.
        actor: who asked for it.
        households: their numbers; all if left out.
        causes: why demands are overpaid, where a person decided on it
            (:data:`kokuho.ledger.CAUSES`); of the others the entries say it.
        progress: told after each piece.

    Raises:
        LedgerError: a cause of a demand that is not known; what the ledger refuses.
    """
    if causes is not None:
        with seeing([insurer]):
            _books(insurer, causes["demand_id"])

    def make(books: Books, voucher: Voucher, _some: pl.Series) -> pl.DataFrame:
        rules = rules_on(insurer, posted_on)
        claims = books.claims.select(*DEMANDS)
        new = appropriate(claims, books.entries, voucher, rules.allocation, causes)
        return _completed(books, new, voucher)

    return by_households(
        insurer, "appropriate", posted_on.isoformat(),
        lambda: _households(insurer) if households is None else households,
        make, posted_on=posted_on, source=f"充当 {posted_on}", actor=actor, progress=progress,
    )  # fmt: skip


def reverse_journals(
    insurer: str, key: str, numbers: list[int], *, posted_on: date, actor: str
) -> Run:
    """Reverse journals (赤伝), with what follows for settling and interest.

    Raises:
        LedgerError: no such journal, one reversed before, one of closed books, or one that later
            journals stand on.
    """

    def opened() -> Books:
        values = list(numbers)
        marks = ", ".join("%s" for _number in values)
        rows = read(Entry, _HOUSE | {"number": pl.Int64()}, insurer, f"number IN ({marks})", values)
        return open_books(insurer, rows["household_id"].drop_nulls())

    def make(books: Books, voucher: Voucher) -> pl.DataFrame:
        new = reverse(books.entries, numbers, voucher.number, posted_on, key)
        return _completed(books, new, voucher)

    return once(
        insurer, "reverse", key, opened, make, posted_on=posted_on, source=key, actor=actor,
        what=str(sorted(numbers)),
    )  # fmt: skip


def grant_relief(
    insurer: str,
    key: str,
    demand: str,
    first: date,
    last: date,
    relief: str,
    *,
    posted_on: date,
    actor: str,
    withdrawn: bool = False,
) -> Run:
    """Record days on which interest is waived (猶予・減免), and bring fixed interest to it.

    Raises:
        LedgerError: no such demand, or no such relief; the last day is before the first.
    """
    if relief not in RELIEFS[1:]:
        raise LedgerError(
            _("{relief} is no relief; there are: {reliefs}").format(
                relief=relief, reliefs=", ".join(RELIEFS[1:])
            )
        )
    if last < first:
        raise LedgerError(
            _("{last} is before {first}, the first day of the relief").format(
                last=last, first=first
            )
        )

    def opened() -> Books:
        household = _books(insurer, pl.Series([demand])).claims["household_id"][0]
        Relief.objects.create(
            insurer_id=insurer, demand_id=demand, household_id=household, first=first, last=last,
            relief=relief, withdrawn=int(withdrawn), source=key, actor=actor,
            recorded_on=posted_on,
        )  # fmt: skip
        return open_books(insurer, pl.Series([household]))

    def make(books: Books, voucher: Voucher) -> pl.DataFrame:
        rules = rules_on(insurer, posted_on)
        return fix_interest(
            books.claims.select(*DEMANDS), books.entries, voucher, rules, deferrals=books.reliefs
        )

    return once(
        insurer, "relief", key, opened, make, posted_on=posted_on, source=key, actor=actor,
        what=f"{demand} {first} {last} {relief} {withdrawn}",
    )  # fmt: skip


def release_held(insurer: str, reference: str, demand: str, *, posted_on: date, actor: str) -> Run:
    """Money in suspense is for this demand (仮受の振替).

    Raises:
        LedgerError: nothing is held under the reference, or no such demand.
    """
    return once(
        insurer, "release", reference,
        lambda: _books_of_held(insurer, reference, demand),
        lambda books, voucher: _let_go(books, reference, demand, voucher),
        posted_on=posted_on, source=reference, actor=actor, what=demand,
    )  # fmt: skip


def return_held(insurer: str, reference: str, *, posted_on: date, actor: str) -> Run:
    """Money in suspense goes back to who paid it (仮受の返還).

    Raises:
        LedgerError: nothing is held under the reference.
    """
    return once(
        insurer, "return", reference,
        lambda: _books_of_held(insurer, reference, None),
        lambda books, voucher: _let_go(books, reference, None, voucher),
        posted_on=posted_on, source=reference, actor=actor,
    )  # fmt: skip


def let_go(
    insurer: str, reference: str, demand: str | None, *, posted_on: date, actor: str
) -> None:
    """Release (to a demand) or return (without one) inside an open transaction, as a page does.

    Raises:
        LedgerError: nothing is held under the reference, or no such demand.
    """
    lock(insurer)
    number = store.voucher(insurer, posted_on, reference)
    books = _books_of_held(insurer, reference, demand)
    new = _let_go(books, reference, demand, number)
    keep(books, new, number, "return" if demand is None else "release", reference, actor)


def _books_of_held(insurer: str, reference: str, demand: str | None) -> Books:
    if demand is None:
        return open_books(insurer, _payers(insurer, reference))
    return _books(insurer, pl.Series([demand]), reference)


def _let_go(books: Books, reference: str, demand: str | None, voucher: Voucher) -> pl.DataFrame:
    receipt = frame_of_receipts([_held(books, reference, demand)])
    if demand is None:
        return pay_back(books.entries, receipt, voucher)
    return release(
        books.claims.select(*DEMANDS), books.entries, receipt, voucher,
        rules_on(books.insurer, voucher.posted_on), deferrals=books.reliefs,
    ).entries  # fmt: skip


def lapse_refunds(
    insurer: str, *, posted_on: date, actor: str, progress: Progress | None = None
) -> Run:
    """Post the refunds of past years whose right has lapsed by then (還付請求権の時効)."""

    def make(books: Books, voucher: Voucher, _some: pl.Series) -> pl.DataFrame:
        kind = rules_on(insurer, posted_on).kind
        return lapse(books.claims.select(*DEMANDS), books.entries, voucher, kind)

    return by_households(
        insurer, "lapse", posted_on.isoformat(), lambda: _households(insurer), make,
        posted_on=posted_on, source=f"時効 {posted_on}", actor=actor, progress=progress,
    )  # fmt: skip


def close_year(
    insurer: str,
    year: int,
    *,
    posted_on: date,
    actor: str,
    arrears_alone: bool = False,
    households: pl.Series | None = None,
    progress: Progress | None = None,
) -> Run:
    """Carry what is open in a year's books into the next (出納閉鎖, 滞納繰越・還付未済の繰越).

    Of some households, or of all.

    Raises:
        LedgerError: the books are open still (31 May; of arrears alone, 31 March).
    """

    def make(books: Books, voucher: Voucher, _some: pl.Series) -> pl.DataFrame:
        return carry_over(
            books.claims.select(*DEMANDS), books.entries, year, voucher,
            arrears_alone=arrears_alone,
        )  # fmt: skip

    key = f"{year} arrears" if arrears_alone else str(year)
    return by_households(
        insurer, "close", key,
        lambda: _households(insurer) if households is None else households,
        make, posted_on=posted_on, source=f"繰越 {year}", actor=actor, progress=progress,
    )  # fmt: skip


def _completed(books: Books, new: pl.DataFrame, voucher: Voucher) -> pl.DataFrame:
    """New entries with what follows from them."""
    rules = rules_on(books.insurer, voucher.posted_on)
    return complete(
        books.claims.select(*DEMANDS), books.entries, new, voucher, rules, deferrals=books.reliefs
    )


def _books(insurer: str, demand_ids: pl.Series, reference: str = "") -> Books:
    """The books of the households of some demands, and of what was received under a reference.

    Raises:
        LedgerError: a demand that is not known.
    """
    where, values = among("demand_id", demand_ids)
    found = read(Claim, _HOUSE | {"demand_id": pl.String()}, insurer, where, values)
    if lacking := sorted(set(demand_ids) - set(found["demand_id"])):
        raise LedgerError(_("there is no demand {demand}").format(demand=", ".join(lacking)))
    return open_books(
        insurer, pl.concat([found["household_id"], _payers(insurer, reference)]).unique()
    )


def _payers(insurer: str, reference: str) -> pl.Series:
    """The households that a receipt was for, as far as it said."""
    schema = {"household_id": pl.String(), "demand_id": pl.String()}
    receipt = read(Receipt, schema, insurer, "reference = %s", [reference])
    where, values = among("demand_id", receipt["demand_id"])
    named = read(Claim, _HOUSE, insurer, where, values)
    return pl.concat([receipt["household_id"], named["household_id"]])


def _households(insurer: str) -> pl.Series:
    return read(Claim, _HOUSE, insurer)["household_id"].unique()


def _held(books: Books, reference: str, demand: str | None) -> OneReceipt:
    rows = books.entries.filter((pl.col("account") == "suspense") & (pl.col("source") == reference))
    amount = -int(rows["amount"].sum())
    if amount <= 0:
        raise LedgerError(_("nothing is held under {reference}").format(reference=reference))
    return OneReceipt(
        books.insurer, None, demand, amount, rows["value_on"].min(),  # type: ignore[arg-type]
        rows["payer"][0], reference,
    )  # fmt: skip
