"""``kokuho levy replay ID``: an assessment of the register made again, and what differs today."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator

if TYPE_CHECKING:
    from kokuho.office.assessment.replay import Replay

_ = translator("assessment")


def replay_stored(number: int, insurer: str | None, *, as_json: bool) -> None:
    """Replay an assessment of the register; exit 1 if it does not come out to the yen."""
    if insurer is None:
        raise InputError(
            _("There is no file {number}; an assessment of the register needs --insurer.").format(
                number=number
            )
        )
    from kokuho.office.start import start

    start()
    from kokuho.office.assessment.replay import find, replay
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        made = replay(find(insurer, number))
        if as_json:
            typer.echo(json.dumps(_data(made), ensure_ascii=False))
        else:
            _tell(made)
    if not made.same:
        raise typer.Exit(1)


def _data(made: Replay) -> dict[str, object]:
    assessment = made.assessment
    return {
        "assessment": assessment.pk,
        "household": assessment.household.household_number,
        "payer": assessment.payer.address_number,
        "made_with": assessment.made_with,
        "same": made.same,
        "stored": asdict(made.stored),
        "again": asdict(made.again),
        "today": made.today and asdict(made.today),
        "differs_today": [cause.as_dict() for cause in made.different],
        "law_differs": list(made.parameters),
    }


def _tell(made: Replay) -> None:
    from kokuho.office.assessment import codes

    assessment = made.assessment
    typer.echo(
        _("Assessment {number}, household {household}, payer {payer}").format(
            number=assessment.pk,
            household=assessment.household.household_number,
            payer=assessment.payer.address_number,
        )
    )
    text = (
        _("made again to the yen: {total}")
        if made.same
        else _("stored {stored}, made again {total} (made with Kokuho {version})")
    )
    typer.echo(
        text.format(
            stored=f"{made.stored.total:,}",
            total=f"{made.again.total:,}",
            version=assessment.made_with,
        )
    )
    if not made.different and made.today:
        typer.echo(_("Nothing that it is made from differs today."))
        return
    if made.different:
        typer.echo(_("Today there differ:"))
    for cause in made.different:
        typer.echo(f"  {cause.person} {codes.cause_name(cause.cause)}".rstrip())
    for name in made.parameters:
        typer.echo(f"  {name}")
    typer.echo(
        _("It would be {total} today.").format(total=f"{made.today.total:,}")
        if made.today
        else _("Today there is nothing to assess for this payer, or a clerk must look first.")
    )
