"""What can be paid: a demand with the number under which files and slips know it."""

from __future__ import annotations

import polars as pl

from kokuho.base.errors import CollectionError
from kokuho.base.messages import translator
from kokuho.tables import Column

_ = translator("collection")

PAYABLES: dict[str, pl.DataType] = {
    "insurer_code": pl.String(),
    "household_id": pl.String(),
    "demand_id": pl.String(),
    "reference": pl.String(),
    "payer": pl.String(),
    "amount": pl.Int64(),
    "due": pl.Date(),
}
"""A frame of payables.

``reference`` is the number (収納番号, 顧客番号) that stands in files and codes for the demand, and
``payer`` the one that stands there for who pays (宛名番号), both rows of digits; whoever keeps the
books gives them out. ``amount`` is what is owed at the moment, in yen: 0 once it is paid.
"""

ACCOUNT: dict[str, pl.DataType] = {
    "bank_code": pl.String(),
    "bank_name": pl.String(),
    "branch_code": pl.String(),
    "branch_name": pl.String(),
    "account_type": pl.String(),
    "account_number": pl.String(),
    "holder": pl.String(),
    "new_code": pl.String(),
}
"""The account that a demand is debited from, as the application form (口座振替依頼書) has it."""

ACCOUNT_COLUMNS: tuple[Column, ...] = (
    Column("bank_code", "text", "銀行番号", required=True),
    Column("bank_name", "text", "銀行名", nullable=True),
    Column("branch_code", "text", "支店番号", required=True),
    Column("branch_name", "text", "支店名", nullable=True),
    Column("account_type", "text", "預金種目", required=True),
    Column("account_number", "text", "口座番号", required=True),
    Column("holder", "text", "預金者名", required=True, aliases=("口座名義カナ",)),
)
"""The same account in a table that an office writes; ``new_code`` is of the debit alone."""

DEBITS: dict[str, pl.DataType] = PAYABLES | ACCOUNT
"""A frame of debits that are to be asked for."""


def plain_number(digits: str) -> str:
    """A row of digits without the zeros that pad it: the same number in fields of any length."""
    return digits.strip(" ").lstrip("0") or "0"


def check_payables(payables: pl.DataFrame) -> None:
    """Refuse references that could not be told apart in a file.

    Raises:
        CollectionError: one that is no row of digits, or that stands for two demands.
    """
    numbers = payables["reference"]
    bad = payables.filter(~pl.col("reference").fill_null("").str.contains(r"^[0-9]{1,20}$"))
    if bad.height:
        raise CollectionError(
            _("demand {demand}: the reference {reference!r} is no row of 1 to 20 digits").format(
                demand=bad["demand_id"][0], reference=bad["reference"][0]
            )
        )
    plain = numbers.str.strip_chars_start("0")
    if plain.is_duplicated().any():
        twice = payables.filter(plain.is_duplicated())["reference"][0]
        raise CollectionError(
            _("the reference {reference} stands for more than one demand").format(reference=twice)
        )
