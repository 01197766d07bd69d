"""``kokuho interest --appropriation``: the interest of an appropriation (充当) in the books."""

from __future__ import annotations

import json

import typer

from kokuho.base.messages import translator

_ = translator("ledger")


def tell(insurer: str, number: int, as_json: bool) -> None:
    """Show the steps; exit 1 where they do not give what was posted.

    Raises:
        LedgerError: no such journal, or none that bears interest.
    """
    from kokuho.cli.office_runs import start

    start()
    from kokuho.ledger.explain_refund import refund_dict, refund_text
    from kokuho.office.ledger.appropriated import interest_of_appropriation
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        found = interest_of_appropriation(insurer, number)
    if as_json:
        data = {"journals": found.journals, "posted": found.posted}
        data |= refund_dict(found.overpaid, found.made)
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        typer.echo(
            _("Appropriation, journals {numbers}: {posted} yen of interest posted").format(
                numbers=", ".join(map(str, found.journals)), posted=f"{found.posted:,}"
            )
        )
        typer.echo(refund_text(found.overpaid, found.made))
    if found.made.total != found.posted:
        typer.echo(
            _("What is computed now, {total} yen, is not what was posted").format(
                total=f"{found.made.total:,}"
            ),
            err=True,
        )
        raise typer.Exit(1)
