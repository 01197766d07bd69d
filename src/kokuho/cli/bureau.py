"""``kokuho bureau``: notices to the regional immigration bureau, each step by a person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli.linkage_common import Who
from kokuho.cli.office_runs import AsJson, InsurerCode, required_day, start

if TYPE_CHECKING:
    from kokuho.linkage.bureau import Step
    from kokuho.office.accounts.users import User

_ = translator("bureau")

app = typer.Typer(
    no_args_is_help=True,
    help="入管への通知(通知制度): 聴き取り、判断、連絡票、回答。滞納とは別の事務です。",
)

Purpose = Annotated[
    str,
    typer.Option(
        help="目的: interview, decision, sending, reply, supervision, disclosure。記録されます。"
    ),
]
Number = Annotated[int, typer.Argument(help="事案の番号")]


@app.command(name="list")
def list_(insurer: InsurerCode, user: Who, purpose: Purpose, as_json: AsJson = False) -> None:
    """聴き取りの対象になる申請と、事案の状態を一覧にします。載っただけでは何も決まりません。"""
    who = _entitled(insurer, user, purpose)
    from django.utils import timezone

    from kokuho.linkage.bureau import STATES, scheme, title
    from kokuho.office.bureau.candidates import candidates
    from kokuho.office.bureau.reading import cases
    from kokuho.office.register.models import Resident
    from kokuho.office.tenancy import seeing

    today = timezone.localdate()
    with seeing([insurer]):
        waiting, lines = candidates(insurer, today), cases(insurer)
        people = {one.resident for one in waiting} | {one.case.resident_id for one in lines}
        numbers = dict(
            Resident.objects.filter(insurer_id=insurer).values_list("pk", "address_number")
        )
    _note(who, insurer, "bureau_list", people, purpose)
    rule = scheme().on(today)
    if as_json:
        data = {
            "applications": [
                {"id": one.event, "person": numbers[one.resident], "kind": one.kind,
                 "applied_on": one.applied_on, "care_from": one.care_from,
                 "acquired_on": one.acquired_on}
                for one in waiting
            ],
            "cases": [
                {"number": one.case.number, "person": numbers[one.case.resident_id],
                 "trigger": one.case.trigger, "event_day": one.case.event_day, "state": one.state}
                for one in lines
            ],
        }  # fmt: skip
        typer.echo(json.dumps(data, ensure_ascii=False, default=str))
        return
    for item in waiting:
        typer.echo(
            _("application {id}: {person}  {kind}  {day}  acquired {acquired}").format(
                id=item.event, person=numbers[item.resident], kind=rule.trigger(item.kind).title,
                day=item.applied_on, acquired=item.acquired_on,
            )
        )  # fmt: skip
    for line in lines:
        typer.echo(
            _("case {number}: {person}  {trigger}  {day}  {state}").format(
                number=line.case.number, person=numbers[line.case.resident_id],
                trigger=rule.trigger(line.case.trigger).title, day=line.case.event_day,
                state=title(STATES, line.state),
            )
        )  # fmt: skip
    typer.echo(
        _("{waiting} applications without an interview, {cases} cases").format(
            waiting=len(waiting), cases=len(lines)
        )
    )


@app.command(name="open")
def open_(
    insurer: InsurerCode,
    user: Who,
    application: Annotated[int | None, typer.Argument(help="一覧にある申請の番号")] = None,
    suspicion: Annotated[
        str, typer.Option("--suspicion", help="特に疑われる人の宛名番号(理由が要ります)")
    ] = "",
    day: Annotated[str, typer.Option(help="疑いを認めた日")] = "",
    text: Annotated[str, typer.Option(help="疑いの理由")] = "",
) -> None:
    """聴き取りを始めます: 一覧の申請から、または特に疑われる人について理由を書いて。"""
    if (application is None) == (not suspicion):
        raise InputError(_("name either an application or a person (--suspicion)"))
    start()
    from kokuho.office.accounts.rights import user_named
    from kokuho.office.bureau import recording

    who = user_named(user)
    if application is not None:
        number = recording.open_case(insurer, application, who)
    else:
        number = recording.open_by_hand(
            insurer, suspicion, "suspicion", required_day(day), text, who
        )
    typer.echo(_("case {number} is open").format(number=number))


@app.command()
def record(
    number: Number,
    kind: Annotated[
        str,
        typer.Argument(
            help="interview, decision, sending, reply, qualification, recovery, closing, correction"
        ),
    ],
    insurer: InsurerCode,
    user: Who,
    day: Annotated[str, typer.Option(help="その日")],
    code: Annotated[str, typer.Option(help="判断・回答の別")] = "",
    text: Annotated[str, typer.Option(help="理由・内容")] = "",
    item: Annotated[
        list[str] | None,
        typer.Option("--item", help="項目=確認の方法:内容(heard, paper, register, unknown)"),
    ] = None,
    since: Annotated[str, typer.Option(help="資格を取り消す日")] = "",
    amount: Annotated[int | None, typer.Option(help="返還の額(円)")] = None,
    to: Annotated[str, typer.Option(help="送付先")] = "",
    paper: Annotated[list[str] | None, typer.Option(help="添えた資料")] = None,
    refers: Annotated[int | None, typer.Option(help="取り消す記録の番号")] = None,
) -> None:
    """事案に記録を加えます。判断・資格・返還・終了には、権限 bureau_decide が要ります。"""
    from kokuho.linkage.bureau import Step, kind_title

    step = Step(
        0, kind, required_day(day), user, code, text, tuple(map(_answer, item or ())),
        required_day(since) if since else None, amount, to, tuple(paper or ()), refers,
    )  # fmt: skip
    start()
    from kokuho.office.accounts.rights import user_named
    from kokuho.office.bureau.recording import take

    made = take(insurer, number, step, user_named(user))
    typer.echo(
        _("case {number}, step {step}: {kind}").format(
            number=number, step=made.number, kind=kind_title(made.kind, made.code)
        )
    )


def _answer(given: str) -> Any:
    from kokuho.linkage.bureau import Answer

    name, _equals, rest = given.partition("=")
    how, colon, value = rest.partition(":")
    if not colon:
        raise InputError(_("{given} is not: item=how:words").format(given=given))
    return Answer(name.strip(), value, how.strip())


@app.command()
def show(
    number: Number, insurer: InsurerCode, user: Who, purpose: Purpose, as_json: AsJson = False
) -> None:
    """事案の経過を、聴き取りの七項目とともに示します。"""
    who = _entitled(insurer, user, purpose)
    from dataclasses import asdict

    from kokuho.linkage.bureau import (
        HOW,
        STATES,
        answers,
        kind_title,
        lacking,
        scheme,
        state_of,
        title,
    )
    from kokuho.office.bureau.reading import concealed
    from kokuho.office.bureau.recording import case_of, steps_of
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        case = case_of(insurer, number)
        person, resident = case.resident.address_number, case.resident_id
        steps, hidden = steps_of(case), concealed(resident)
    _note(who, insurer, "bureau_show", {resident}, purpose)
    rule = scheme().on(case.event_day)
    if hidden:
        steps = tuple(_without_address(one) for one in steps)
    state, known = state_of(rule, steps), answers(steps)
    if as_json:
        data = {
            "number": number, "person": person, "trigger": case.trigger,
            "event_day": case.event_day, "care_from": case.care_from,
            "acquired_on": case.acquired_on, "state": state, "lacking": lacking(rule, steps),
            "steps": [asdict(one) for one in steps],
        }  # fmt: skip
        typer.echo(json.dumps(data, ensure_ascii=False, default=str))
        return
    typer.echo(
        _("case {number}: {person}  {trigger}  {day}  {state}").format(
            number=number, person=person, trigger=rule.trigger(case.trigger).title,
            day=case.event_day, state=title(STATES, state),
        )
    )  # fmt: skip
    for item in rule.items:
        found = known.get(item.code)
        said = f"{found.value}({title(HOW, found.how)})" if found else _("not checked")
        typer.echo(f"  {item.title}: {said}")
    for one in steps:
        words = f"{one.number}  {one.day}  {kind_title(one.kind, one.code)}  {one.actor}"
        typer.echo(f"{words}  {one.text}".rstrip())


def _without_address(step: Step) -> Step:
    """A step of a protected person (支援措置) as it may be shown."""
    from dataclasses import replace

    told = tuple(
        replace(one, value=_("not shown")) if one.code == "address" else one for one in step.answers
    )
    return replace(step, answers=told)


@app.command()
def sheet(
    number: Number,
    insurer: InsurerCode,
    user: Who,
    purpose: Purpose,
    out: Annotated[Path, typer.Option(help="書き出す PDF(--form があれば XLSX)")],
    form: Annotated[
        Path | None,
        typer.Option(help="公式の様式の XLSX。{{項目}} と書いたセルに値を入れます。"),
    ] = None,
) -> None:
    """連絡票を書き出します: 参考様式の PDF、または役所が用意した公式の様式に値を入れたもの。"""
    who = _entitled(insurer, user, purpose)
    from django.utils import timezone

    from kokuho.forms.bureau import bureau_sheet_pdf, fill_form
    from kokuho.office.bureau.reading import sheet_of
    from kokuho.office.bureau.recording import case_of
    from kokuho.office.tenancy import seeing
    from kokuho.tables.writing import write_bytes

    today = timezone.localdate()
    with seeing([insurer]):
        resident = case_of(insurer, number).resident_id
        data = sheet_of(insurer, number, today)
    _note(who, insurer, "bureau_sheet", {resident}, purpose)
    content = fill_form(form, data) if form else bureau_sheet_pdf(data, made_on=today)
    write_bytes(out, content)
    typer.echo(_("written: {file}").format(file=out))


def _entitled(insurer: str, username: str, purpose: str) -> User:
    """The user, who has the right and says what for."""
    from kokuho.linkage.bureau import PURPOSES

    if purpose not in PURPOSES:
        raise InputError(
            _("{purpose} is no purpose; purposes are: {purposes}").format(
                purpose=purpose, purposes=", ".join(PURPOSES)
            )
        )
    start()
    from kokuho.office.accounts.rights import BUREAU_NOTICE, entitled, user_named

    who = user_named(username)
    entitled(who, insurer, BUREAU_NOTICE)
    return who


def _note(who: User, insurer: str, page: str, residents: set[int], purpose: str) -> None:
    from kokuho.office.accounts import looks

    seen = [looks.Seen(insurer, one, purpose=purpose) for one in sorted(residents)]
    looks.note(who, page, seen)
