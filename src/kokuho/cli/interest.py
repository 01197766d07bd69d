"""``kokuho interest``: one calculation of delinquency interest (延滞金), step by step."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator

if TYPE_CHECKING:
    from kokuho.ledger.rates import YearRates

_ = translator("ledger")


def register(app: typer.Typer) -> None:
    """Put the command into the main one."""
    app.command("interest", help=_("One calculation of delinquency interest, step by step"))(run)


def run(
    principal: Annotated[int, typer.Option(help=_("the amount that was due, in yen"), min=0)],
    due: Annotated[str, typer.Option(help=_("due date, after any shift for holidays"))],
    paid: Annotated[str, typer.Option(help=_("day of payment"))],
    first_band_months: Annotated[
        int | None,
        typer.Option(
            "--first-band-months",
            help=_("months of the lower rate; the law's if left out, 0 for none"),
            min=0,
            max=12,
        ),
    ] = None,
    starts_on: Annotated[
        str | None,
        typer.Option("--from", help=_("first day of interest; the day after the due date")),
    ] = None,
    rate: Annotated[
        list[str] | None,
        typer.Option(
            "--rate",
            metavar="YEAR=FIRST,AFTER",
            help=_("rates of a year in percent, such as 2022=2.4,8.7; the law's if left out"),
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("print JSON"))] = False,
) -> None:
    """Compute the interest on one amount and show every step."""
    import json

    from kokuho.ledger.calculation import interest
    from kokuho.ledger.explain import as_dict, as_text
    from kokuho.ledger.rules import interest_rule

    day = _day(paid)
    made = interest(
        principal,
        _day(due),
        day,
        rule=interest_rule(day, first_band_months),
        rates=[_rates(text) for text in rate] if rate else None,
        starts_on=_day(starts_on) if starts_on else None,
    )
    if as_json:
        typer.echo(json.dumps(as_dict(made), ensure_ascii=False, indent=2))
    else:
        typer.echo(as_text(made))


def _day(text: str) -> date:
    from kokuho.base.calendar import complete_date

    try:
        return complete_date(text)
    except ValueError:
        raise InputError(
            _("{text} is not a complete date; write 2026-04-01 or 令和8年4月1日").format(text=text)
        ) from None


def _rates(text: str) -> YearRates:
    from kokuho.ledger.rates import YearRates

    try:
        year, _sign, percents = text.partition("=")
        first, after = percents.split(",")
        return YearRates.of(int(year), first, after)
    except ValueError:
        raise InputError(
            _(
                "{text} is not of the form 2022=2.4,8.7 (year, percent at first, percent after)"
            ).format(text=text)
        ) from None
