"""Issuing slips (納付書の発行): codes of demands by the operator's layouts, kept with the slip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from kokuho.base.errors import CollectionError
from kokuho.base.messages import translator
from kokuho.collection import (
    Layout,
    Slip,
    SlipCode,
    load_book,
    make_slip,
    plain_number,
    read_code,
)
from kokuho.collection.loading import Book
from kokuho.collection.slip import bars_in_digits
from kokuho.office.collection import accounts, references
from kokuho.office.collection.slips import SlipIssued
from kokuho.office.jobs import runs
from kokuho.office.jobs.runs import Progress, Run
from kokuho.office.ledger.books import lock
from kokuho.office.tenancy import seeing

_ = translator("office_collection")

KIND = "collection slips"
AT_ONCE = 500
"""Slips in one transaction."""


@dataclass(frozen=True)
class Wanted:
    """Whose slips: one demand, or all open ones of ordinary collection of a due date.

    ``with_accounts``: also of households that pay by direct debit.
    """

    due: date | None = None
    demand_id: str | None = None
    with_accounts: bool = False


def issue(
    insurer: str,
    key: str,
    wanted: Wanted,
    layout_names: Sequence[str],
    *,
    issued_on: date,
    actor: str,
    progress: Progress | None = None,
) -> Run:
    """Issue slips, each demand one for a key; asked again with the same key, the rest.

    A slip bears all that is owed of its demand: principal, interest that is fixed, fees.

    Args:
        insurer: the code of the insurer.
        key: names the issue, such as ``2026年7月 当初``; another key issues anew (再発行).
        wanted: whose.
        layout_names: the operator's layouts, at most one of a kind.
        issued_on: the day of issue (発行日).
        actor: who asked for it.
        progress: told after each piece.

    Raises:
        CollectionError: there is nothing to pay, or two layouts of a kind.
    """
    layouts = [load_book(name) for name in layout_names]

    def step(run: Run) -> bool:
        lock(insurer)
        claims = _open(insurer, wanted, issued_on)
        done = SlipIssued.objects.filter(insurer_id=insurer, key=key)
        issued = set(done.values_list("demand_id", flat=True))
        left = claims.filter(~pl.col("demand_id").is_in(list(issued)))
        run.total = len(issued) + left.height
        if not run.total:
            raise CollectionError(_("There is nothing to pay: no slip was made."))
        some = left.head(AT_ONCE)
        references.give(insurer, some, issued_on)
        rows = []
        for payable in references.payables(insurer, some).iter_rows(named=True):
            slip = make_slip(payable, layouts, issued_on)
            rows.append(_issued(insurer, key, payable, slip, issued_on, actor))
        SlipIssued.objects.bulk_create(rows)
        run.count(slips=len(rows), amount=sum(row.amount for row in rows))
        return left.height > some.height

    return runs.work(insurer, KIND, key, step, actor=actor, progress=progress)


def _open(insurer: str, wanted: Wanted, on: date) -> pl.DataFrame:
    if wanted.demand_id is not None:
        claims = references.claims_of(insurer, "demand_id = %s", [wanted.demand_id])
    else:
        assert wanted.due is not None
        claims = references.due_on(insurer, wanted.due).filter(pl.col("channel") != "pension")
        if not wanted.with_accounts:
            debited = list(accounts.on_day(insurer, max(on, wanted.due)))
            claims = claims.filter(~pl.col("household_id").is_in(debited))
    stand = references.owed(insurer, claims["demand_id"]).filter(pl.col("total") > 0)
    return claims.join(stand, on="demand_id", how="semi", maintain_order="left")


def _issued(
    insurer: str, key: str, payable: dict[str, Any], slip: Slip, issued_on: date, actor: str
) -> SlipIssued:
    number = int(payable["reference"])
    before = SlipIssued.objects.filter(insurer_id=insurer, reference=number).count()
    return SlipIssued(
        insurer_id=insurer, key=key, reference=number, reissue=before,
        demand_id=payable["demand_id"], household_id=payable["household_id"],
        amount=payable["amount"], due=payable["due"], issued_on=issued_on, actor=actor,
        codes={code.kind: code.content for code in slip.codes},
        layouts={code.kind: f"{code.layout.id} {code.layout.version}" for code in slip.codes},
        notes=list(slip.notes),
    )  # fmt: skip


def issued_of(insurer: str, key: str) -> list[SlipIssued]:
    """The slips of a key by their numbers, inside ``seeing``."""
    return list(SlipIssued.objects.filter(insurer_id=insurer, key=key).order_by("reference"))


def scanned(insurer: str, content: str, layout_name: str) -> str:
    """The demand of a scanned code, from the register.

    Raises:
        CollectionError: not a code of that layout, or no demand has its number.
    """
    layout, book = load_book(layout_name)
    row = read_code(content, layout, book)
    number = plain_number(row["reference"])
    with seeing([insurer]):
        found = references.Reference.objects.filter(insurer_id=insurer, number=int(number)).first()
    if found is None:
        raise CollectionError(_("no demand has the number {number}").format(number=number))
    return str(found.demand_id)


def drawn(slip: SlipIssued, layouts: Sequence[tuple[Layout, Book]]) -> tuple[SlipCode, ...]:
    """The codes of a slip as it was issued, for drawing.

    Raises:
        CollectionError: the layout of a code is not among those that are given.
    """
    by_kind = {layout.kind: layout for layout, _book in layouts}
    codes = []
    for kind, content in slip.codes.items():
        layout = by_kind.get(kind)
        if layout is None or f"{layout.id} {layout.version}" != slip.layouts[kind]:
            raise CollectionError(
                _("the slip was issued with the layout {layout}").format(layout=slip.layouts[kind])
            )
        lines = (("", bars_in_digits(content)),) if kind == "barcode" else ()
        codes.append(SlipCode(kind, layout, content, lines))
    return tuple(codes)
