"""``kokuho decision``: what the office decided for persons and households."""

from __future__ import annotations

import getpass
import json
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli.office_runs import AsJson, InsurerCode, day_of, required_day, start

_ = translator("assessment")

app = typer.Typer(no_args_is_help=True, help="軽減・減免など、個人や世帯についての決定")


class Kind(StrEnum):
    """All kinds of the register; four are about a person, the others about a household."""

    INVOLUNTARY_UNEMPLOYMENT = "involuntary_unemployment"
    MATERNITY = "maternity"
    FORMER_DEPENDANT = "former_dependant"
    PER_CAPITA_EXEMPTION = "per_capita_exemption"
    EXEMPTION = "exemption"
    HEAD_REGISTERED = "head_registered"
    PREPAYMENT_EXCEPTED = "prepayment_excepted"
    COVERAGE_ADJUSTED = "coverage_adjusted"
    FRAUD = "fraud"


class Answer(StrEnum):
    """Whether the head was registered on 1 January."""

    YES = "yes"
    NO = "no"


KindOfDecision = Annotated[
    Kind, typer.Argument(metavar="KIND", help="種類(kokuho decision record --help)")
]
Number = Annotated[
    str, typer.Option("--for", help="宛名番号(個人の決定)または世帯番号(世帯の決定)")
]
Since = Annotated[
    str,
    typer.Option("--from", help="いつから(離職日の翌日、免除の始まる月の初日、扶養を外れた日など)"),
]


@app.command("record")
def record_decision(
    kind: KindOfDecision,
    insurer: InsurerCode,
    number: Number,
    since: Since,
    until: Annotated[str | None, typer.Option(help="終わる日(この日の前日まで)")] = None,
    months: Annotated[int | None, typer.Option(min=1, max=6, help="産前産後の月数")] = None,
    share: Annotated[str, typer.Option(help="減免する割合(%)")] = "",
    amount: Annotated[int | None, typer.Option(min=0, help="減免する額(円)")] = None,
    answer: Annotated[Answer | None, typer.Option(help="1月1日の住民登録の有無")] = None,
    decided_on: Annotated[str | None, typer.Option("--on", help="決定日")] = None,
    reference: Annotated[str, typer.Option(help="決裁番号など")] = "",
) -> None:
    """決定を記録します。次の kokuho assess changes で賦課に反映します。

    個人の決定: involuntary_unemployment(非自発的失業)、maternity(産前産後)、
    former_dependant(旧被扶養者)、per_capita_exemption(均等割の減免)

    世帯の決定: exemption(減免。--amount の額、または --share の割合から条例の設定
    billing.household_exemption で計算した額を、次の bill changes で期別から減らします)、
    head_registered(1月1日の住民登録)、prepayment_excepted(前納の特別の事情)、coverage_adjusted(適用関係の調整)、
    fraud(偽りその他不正の行為)
    """
    ppm = _ppm(share) if share else None
    days = required_day(since), day_of(until), day_of(decided_on)
    start()
    from kokuho.office.assessment.deciding import Decided, decide
    from kokuho.office.tenancy import seeing

    said = answer.value if answer else None
    decided = Decided(kind.value, number, *days, reference, months, ppm, amount, said)
    with seeing([insurer], writing=True):
        new = decide(insurer, decided, getpass.getuser())
    typer.echo(_("recorded") if new else _("known already"))
    if kind is Kind.EXEMPTION:
        if amount is None:
            typer.echo(_("Without --amount the next `bill changes` takes a share off where the "
                         "ordinance says what it is of (billing.household_exemption); else the "
                         "household waits in `assess pending`."))  # fmt: skip
        else:
            typer.echo(_("The next `bill changes` takes it off the demands that are not due yet."))


@app.command()
def withdraw(kind: KindOfDecision, insurer: InsurerCode, number: Number, since: Since) -> None:
    """決定を取り消します。記録されていたことは残ります。"""
    day = required_day(since)
    start()
    from kokuho.office.assessment import deciding
    from kokuho.office.tenancy import seeing

    with seeing([insurer], writing=True):
        deciding.withdraw(insurer, kind.value, number, day, getpass.getuser())
    typer.echo(_("recorded"))


@app.command("list")
def list_decisions(
    insurer: InsurerCode,
    number: Annotated[str, typer.Option("--for", help="宛名番号または世帯番号")] = "",
    as_json: AsJson = False,
) -> None:
    """有効な決定の一覧"""
    start()
    from kokuho.office.assessment import deciding
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        rows = [_row(one, deciding) for one in deciding.decisions(insurer, number=number)]
    if as_json:
        typer.echo(json.dumps({"decisions": rows}, ensure_ascii=False))
        return
    if rows:
        typer.echo(_("kind\tfor\tfrom\tuntil\tdecided on\treference\tdetail"))
    for row in rows:
        title = f"{row.pop('text')} ({row.pop('kind')})"
        cells = ["-" if value in (None, "") else str(value) for value in row.values()]
        typer.echo("\t".join([title, *cells]))


def _row(one: Any, deciding: Any) -> dict[str, Any]:
    """What is said of a decision; ``months`` and the like where its kind has them."""
    return {
        "kind": one.kind,
        "text": deciding.title(one.kind),
        "for": deciding.number_of(one),
        "from": one.valid_from.isoformat(),
        "until": one.valid_to.isoformat() if one.valid_to else None,
        "decided_on": one.decided_on.isoformat() if one.decided_on else None,
        "reference": one.reference,
        **deciding.said_of(one),
    }


def _ppm(text: str) -> int:
    """A share in percent as millionths, exactly."""
    try:
        share = Fraction(text.rstrip("%％")) * 10_000
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 < share <= 1_000_000 or share.denominator != 1:
        raise InputError(_("{text} is not a share in percent.").format(text=text))
    return int(share)
