"""The columns of a file of receipts (docs/imports.md is made from them)."""

from __future__ import annotations

from datetime import date

from kokuho.tables import Column

_FIRST, _LAST = date(2000, 1, 1), date(2199, 12, 31)


def _text(name: str, title: str, help: str, *aliases: str, required: bool = False) -> Column:
    return Column(
        name, "text", title, help, required=required, nullable=not required, aliases=aliases
    )


def _year(name: str, title: str, help: str) -> Column:
    return Column(name, "count", title, help, nullable=True, minimum=2000, maximum=2199)


RECEIPTS: tuple[Column, ...] = (
    _text("insurer_code", "保険者コード", "", "保険者番号", required=True),
    _text(
        "reference", "収納整理番号", "the office's own number of it, used once", "整理番号",
        required=True,
    ),
    Column("received_on", "date", "収納日", "the day on which it was paid", required=True,
           minimum=_FIRST, maximum=_LAST, aliases=("納付日", "領収日")),
    Column("amount", "yen", "収納額", "", required=True, minimum=1, maximum=10**10,
           aliases=("納付額", "領収金額")),
    _text("household_id", "世帯番号", "whose it is; empty: not known", "世帯コード"),
    _text("demand_id", "期別番号", "the demand that the slip names, in the ledger's own text"),
    _year("fiscal_year", "相当年度", "with `term`: the demand that the slip names"),
    _year("levied_year", "調定年度", "empty: the same as `fiscal_year`"),
    Column("channel", "choice", "徴収方法", default="ordinary",
           choices={"ordinary": ("普通徴収",), "pension": ("特別徴収",), "prepaid": ("前納",)}),
    Column("term", "count", "期別", "with `fiscal_year`", nullable=True, minimum=1, maximum=99,
           aliases=("期",)),
    _text("debtor", "納税義務者", "whose address number; needed where two heads of a household owe",
          "納付義務者", "義務者の宛名番号"),
    _text("payer", "納付者", "who paid, where it was not the debtor"),
)  # fmt: skip

KEY = ("insurer_code", "reference")
"""What a row is known by."""
