"""``kokuho ledger totals``: the figures of a year's books for the accountant."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.messages import translator
from kokuho.cli.ledger_common import On, day, print_table
from kokuho.cli.office_runs import AsJson, InsurerCode, start

if TYPE_CHECKING:
    from kokuho.office.ledger.year import YearFigures

_ = translator("books")

_YEN = ("assessed", "received", "written_off", "unrefunded", "outstanding")


def totals(
    insurer: InsurerCode,
    fiscal_year: Annotated[int, typer.Option(help="会計年度(西暦)")],
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """年度の帳簿の数字: 調定、収入済、不納欠損、還付未済、収入未済、収納率、歳入・歳出還付。"""
    at = day(on)
    start()
    from kokuho.base.errors import InputError
    from kokuho.office.ledger.year import year_figures
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        found = year_figures(insurer, fiscal_year, at)
    if found.sums.is_empty():
        raise InputError(
            _("the books of fiscal year {year} have no entries until {day}").format(
                year=fiscal_year, day=at
            )
        )
    if as_json:
        typer.echo(json.dumps(_data(insurer, found), ensure_ascii=False))
    else:
        _tell(found)


def _permyriad(rate: Fraction | None) -> int | None:
    """Hundredths of a percent, half up."""
    return None if rate is None else int(rate * 10_000 + Fraction(1, 2))


def _data(insurer: str, found: YearFigures) -> dict[str, Any]:
    own = ("insurer_code", "book_year")
    foreign = found.foreign
    return {
        "insurer_code": insurer,
        "fiscal_year": found.year,
        "on": found.on.isoformat(),
        "lines": found.lines.drop(own).rows(named=True),
        "sums": found.sums.drop(own).rows(named=True),
        "rates_permyriad": {name: _permyriad(rate) for name, rate in found.rates.items()},
        "refunds": found.refunds,
        "foreign_heads": {
            "heads_on": foreign.heads_on.isoformat(),
            "households": foreign.households,
            "collected": foreign.collected,
            "levied": foreign.levied,
            "rate_permyriad": _permyriad(foreign.rate),
            "levied_of_households_without_head": foreign.headless,
        },
    }


def _tell(found: YearFigures) -> None:
    from kokuho.base.calendar import era_date, fiscal_year_name
    from kokuho.ledger import component_title

    typer.echo(
        _("books of {year}, on {day}, in yen").format(
            year=fiscal_year_name(found.year), day=era_date(found.on)
        )
    )
    sections = {"current": _("current"), "carried": _("carried over")}
    heads = [_("section"), _("year assessed"), _("year meant"), _("component"), _("assessed"),
             _("received"), _("written off"), _("unrefunded"), _("outstanding")]  # fmt: skip
    rows = [
        [
            sections[row["section"]],
            *(fiscal_year_name(row[name]) for name in ("year_assessed", "year_meant")),
            component_title(row["component"]),
            *(f"{row[name]:,}" for name in _YEN),
        ]
        for row in found.lines.iter_rows(named=True)
    ]
    rows += [
        [sections[row["section"]], _("total"), "", component_title(row["component"]),
         *(f"{row[name]:,}" for name in _YEN)]
        for row in found.sums.iter_rows(named=True)
    ]  # fmt: skip
    rows.append([_("total"), "", "", "", *(f"{found.sums[name].sum():,}" for name in _YEN)])
    print_table(heads, rows)
    typer.echo(_("outstanding = assessed - received - written off + unrefunded"))
    for section, rate in found.rates.items():
        name = {**sections, "all": _("total")}[section]
        typer.echo(
            _("collection rate of the principal, {section}: {rate}").format(
                section=name, rate=_percent(rate)
            )
        )
    _tell_refunds(found.refunds)
    _tell_foreign(found)


def _tell_refunds(refunds: dict[str, int]) -> None:
    titles = {
        "from_revenue": _("refunded out of revenue"),
        "from_expenditure": _("refunded out of expenditure"),
        "interest": _("interest on refunds, paid out of expenditure"),
        "payable": _("of past years, still to be refunded out of expenditure"),
        "lapsed": _("lapsed refunds"),
    }
    for name, title in titles.items():
        typer.echo(_("{title}: {yen} yen").format(title=title, yen=f"{refunds[name]:,}"))


def _tell_foreign(found: YearFigures) -> None:
    from kokuho.base.calendar import era_date

    foreign = found.foreign
    typer.echo(
        _(
            "households headed by a foreign national on {day} ({count}): collected {collected} ÷ "
            "levied {levied} = {rate}"
        ).format(
            day=era_date(foreign.heads_on),
            count=f"{foreign.households:,}",
            collected=f"{foreign.collected:,}",
            levied=f"{foreign.levied:,}",
            rate=_percent(foreign.rate),
        )
    )
    if foreign.headless:
        typer.echo(
            _("in no such rate: {yen} yen levied of households without a head on that day").format(
                yen=f"{foreign.headless:,}"
            )
        )


def _percent(rate: Fraction | None) -> str:
    hundredths = _permyriad(rate)
    return "-" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02}%"
