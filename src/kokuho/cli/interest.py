"""``kokuho interest``: one calculation of delinquency interest (延滞金), step by step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator

if TYPE_CHECKING:
    from kokuho.ledger.interest_on_refunds import Overpaid
    from kokuho.ledger.rates import YearRates

_ = translator("ledger")


def register(app: typer.Typer) -> None:
    """Put the command into the main one."""
    app.command("interest", help=_("One calculation of delinquency interest, step by step"))(run)


def run(
    principal: Annotated[
        int | None, typer.Option(help=_("the amount that was due, or is overpaid, in yen"), min=0)
    ] = None,
    due: Annotated[
        str | None, typer.Option(help=_("due date, after any shift for holidays"))
    ] = None,
    paid: Annotated[str | None, typer.Option(help=_("day of payment"))] = None,
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
    refund: Annotated[
        str | None,
        typer.Option(
            "--refund",
            metavar="CAUSE",
            help=_(
                "interest on a refund or appropriation: assessment, income_tax, annulled, law, "
                "mistake"
            ),
        ),
    ] = None,
    payment: Annotated[
        list[str] | None,
        typer.Option(
            "--payment", metavar="DATE=YEN", help=_("a payment, where there were several (refund)")
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(help=_("day of the order or from which the appropriation counts (refund)")),
    ] = None,
    happened: Annotated[
        str | None, typer.Option(help=_("day of the return, decision or change (refund)"))
    ] = None,
    objected: Annotated[
        str | None, typer.Option(help=_("day on which the debtor spoke up (refund, annulled)"))
    ] = None,
    appropriation: Annotated[
        int | None,
        typer.Option(
            metavar="NUMBER",
            help=_("a journal of appropriation in the books: the interest that it earned"),
        ),
    ] = None,
    insurer: Annotated[
        str | None, typer.Option(help=_("code of the insurer (appropriation)"))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("print JSON"))] = False,
) -> None:
    """Compute the interest on one amount and show every step."""
    import json

    if appropriation is not None:
        others = {
            "--principal": principal, "--due": due, "--paid": paid, "--from": starts_on,
            "--rate": rate, "--first-band-months": first_band_months, "--refund": refund,
            "--payment": payment, "--until": until, "--happened": happened,
            "--objected": objected,
        }  # fmt: skip
        _alone("--appropriation", others)
        from kokuho.cli.interest_appropriation import tell

        tell(_needed("--insurer", insurer), appropriation, as_json)
        return
    if insurer is not None:
        raise InputError(_("{option} goes with --appropriation alone").format(option="--insurer"))
    if principal is None:
        raise InputError(_("{option} is missing").format(option="--principal"))
    if refund is not None:
        others = {
            "--due": due, "--from": starts_on, "--rate": rate,
            "--first-band-months": first_band_months,
        }  # fmt: skip
        _alone("--refund", others)
        overpaid = _overpaid(principal, refund, paid, payment or [], happened, objected)
        _tell_refund(overpaid, _day(_needed("--until", until)), as_json)
        return
    due, paid = _needed("--due", due), _needed("--paid", paid)

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


def _alone(name: str, others: Mapping[str, object]) -> None:
    if given := [other for other, value in others.items() if value is not None]:
        raise InputError(
            _("{option} does not go with {name}").format(option=", ".join(given), name=name)
        )


def _needed(name: str, value: str | None) -> str:
    if value is None:
        raise InputError(_("{option} is missing").format(option=name))
    return value


def _overpaid(
    amount: int,
    cause: str,
    paid: str | None,
    payments: list[str],
    happened: str | None,
    objected: str | None,
) -> Overpaid:
    from kokuho.ledger.interest_on_refunds import Cause, Overpaid

    if cause not in list(Cause):
        raise InputError(
            _("{cause} is none of the causes: {causes}").format(
                cause=cause, causes=", ".join(Cause)
            )
        )
    if not amount:
        raise InputError(_("what is overpaid is at least 1 yen (--principal)"))
    if not payments:
        payments = [f"{_needed('--paid', paid)}={amount}"]
    return Overpaid(
        amount,
        Cause(cause),
        tuple(_payment(text) for text in payments),
        _day(happened) if happened else None,
        _day(objected) if objected else None,
    )


def _payment(text: str) -> tuple[date, int]:
    day, _sign, yen = text.partition("=")
    if not yen.isdecimal():
        raise InputError(_("{text} is not of the form 2026-07-31=12000").format(text=text))
    return _day(day), int(yen)


def _tell_refund(overpaid: Overpaid, until: date, as_json: bool) -> None:
    import json

    from kokuho.ledger.explain_refund import refund_dict, refund_text
    from kokuho.ledger.interest_on_refunds import refund_interest

    made = refund_interest(overpaid, until)
    if as_json:
        typer.echo(json.dumps(refund_dict(overpaid, made), ensure_ascii=False, indent=2))
    else:
        typer.echo(refund_text(overpaid, made))


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
