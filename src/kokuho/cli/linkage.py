"""``kokuho linkage``: registering collection information, its results, freshness and history."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.messages import translator
from kokuho.cli import (
    linkage_approval,
    linkage_audit,
    linkage_inquiry,
    linkage_layout,
    linkage_rehearsal,
    linkage_sending,
    linkage_tick,
)
from kokuho.cli.linkage_common import LinkFile, Who, entitled, link_of, tell_stuck
from kokuho.cli.office_runs import AsJson, InsurerCode, start

if TYPE_CHECKING:
    from kokuho.office.linkage.registering import Registration

_ = translator("linkage")

app = typer.Typer(no_args_is_help=True, help="情報連携: 収納情報の副本の登録・照合・鮮度")
app.add_typer(linkage_layout.app, name="layout")
linkage_approval.register(app)
linkage_sending.register(app)
linkage_inquiry.register(app)
linkage_audit.register(app)
linkage_tick.register(app)
linkage_rehearsal.register(app)


@app.command()
def register(
    insurer: InsurerCode,
    user: Who,
    link: LinkFile = None,
    touched: Annotated[
        bool, typer.Option("--touched", help="前回の後に動きのあった世帯だけを見ます。")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="何も書かずに、登録する内容だけを示します。")
    ] = False,
    anew: Annotated[
        bool, typer.Option("--anew", help="承認待ちのものを取り下げて、今の状態で作り直します。")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """副本登録: 台帳と登録済みの差分を作ります。滞納が減るものは、承認を待たずに送れます。"""
    start()
    from kokuho.office.accounts.rights import LINKAGE_REGISTER
    from kokuho.office.linkage.registering import register as run

    who = entitled(user, LINKAGE_REGISTER, insurer)
    found = run(
        insurer, link_of(link), actor=who.username, only_touched=touched, dry_run=dry_run,
        anew=anew,
    )  # fmt: skip
    if as_json:
        typer.echo(json.dumps(_as_json(found), ensure_ascii=False))
    else:
        _tell(found)
    raise typer.Exit(1 if found.problems or found.held else 0)


def _counts(found: Registration) -> dict[str, dict[str, int]]:
    return {
        name: {
            nature: sum(one.nature == nature for one in changes)
            for nature in ("new", "changed", "withdrawn")
        }
        for name, changes in (("at_once", found.at_once), ("others", found.others))
    }


def _as_json(found: Registration) -> dict[str, Any]:
    return {
        "as_of": found.as_of.isoformat(),
        **_counts(found),
        "urgent": found.urgent,
        "ordinary": found.ordinary,
        "reasons": list(found.reasons),
        "held": found.held,
        "problems": [asdict(one) for one in found.problems],
    }


def _tell(found: Registration) -> None:
    from kokuho.linkage.approval import reason_title

    titles = {"at_once": _("goes at once"), "others": _("other changes")}
    for name, counts in _counts(found).items():
        number = found.urgent if name == "at_once" else found.ordinary
        typer.echo(
            _("{what}: {new} new, {changed} changed, {withdrawn} withdrawn").format(
                what=titles[name], **counts
            )
            + (_(" (batch {number})").format(number=number) if number else "")
        )
    if found.reasons:
        listed = "、".join(reason_title(one) for one in found.reasons)
        typer.echo(_("two persons have to approve it: {reasons}").format(reasons=listed))
    if found.held:
        typer.echo(
            _("batch {number} waits for approval; nothing else was made").format(number=found.held)
        )
    for one in found.problems:
        typer.echo(
            _("not written: {key}: {field}: {code}").format(
                key=one.key, field=one.field, code=one.code
            ),
            err=True,
        )


@app.command()
def status(
    insurer: InsurerCode,
    last: Annotated[int, typer.Option(help="新しいものから何件示すか")] = 20,
    as_json: AsJson = False,
) -> None:
    """登録の状況: 登録済みの人数と件数、新しい順に副本登録とその結果を示します。"""
    start()
    from django.utils.timezone import localtime

    from kokuho.linkage.approval import reason_title
    from kokuho.office.linkage import status as room
    from kokuho.office.linkage.stuck import WAITED, stuck
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        listed, totals = room.batches(insurer, last), room.totals(insurer)
        held = room.held(insurer)
        missing = stuck(insurer, localtime() - WAITED)
    if as_json:
        rows = [asdict(one) for one in listed]
        told = {
            **totals,
            "held": [asdict(one) for one in held],
            "stuck": [asdict(one) for one in missing],
            "batches": rows,
        }
        typer.echo(json.dumps(told, ensure_ascii=False, default=str))
        return
    typer.echo(
        _("{persons} persons, {records} records are registered").format(
            persons=f"{totals['persons']:,}", records=f"{totals['records']:,}"
        )
    )
    tell_stuck(missing)
    for wait in held:
        typer.echo(
            _(
                "batch {number} waits for two persons since {since}: {restored} records in it "
                "raise what is unpaid; {looks} looks found more since"
            ).format(
                number=wait.number, since=f"{wait.since:%Y-%m-%d %H:%M}",
                restored=wait.restored, looks=wait.looks,
            )
        )  # fmt: skip
    for one in listed:
        made_at = localtime(one.made_at)
        typer.echo(
            f"{one.number}  {_(one.occasion)}  {_(one.state)}  {made_at:%Y-%m-%d %H:%M}  "
            + _("{records} records ({withdrawn} withdrawn, {refused} refused)").format(
                records=f"{one.records:,}", withdrawn=one.withdrawn, refused=one.refused
            )
        )
        if one.state == "waiting":
            why = "、".join(reason_title(code) for code in one.reasons)
            by = "、".join(one.approved_by) or "-"
            typer.echo("    " + _("{why}; approved by {by}").format(why=why, by=by))


@app.command()
def freshness(insurer: InsurerCode, link: LinkFile = None, as_json: AsJson = False) -> None:
    """鮮度: 届いた収納が期限までに登録されたか。期限が近いか過ぎたものがあれば終了コード 1。"""
    start()
    from kokuho.office.linkage.fresh import freshness as look
    from kokuho.office.tenancy import seeing

    limits = link_of(link).freshness.limits()
    with seeing([insurer]):
        found = look(insurer, limits)
    if as_json:
        rows = [asdict(one) | {"state": one.state} for one in found]
        typer.echo(json.dumps({"arrivals": rows}, ensure_ascii=False, default=str))
    else:
        for one in found:
            typer.echo(
                f"{_(one.state)}  {one.arrived:%Y-%m-%d %H:%M}  {one.name}  "
                + _("not yet reflected: {reported}; full state: {full}").format(
                    reported=_until(one.reported), full=_until(one.full)
                )
            )
        typer.echo(
            _("{count} arrivals: {late} late, {alarm} near their limit").format(
                count=len(found),
                late=sum(one.state == "late" for one in found),
                alarm=sum(one.state == "alarm" for one in found),
            )
        )
    pressing = any(one.open and one.state in ("alarm", "late") for one in found)
    raise typer.Exit(1 if pressing else 0)


def _until(deadline: Any) -> str:
    from django.utils import timezone

    if deadline.done is not None:
        done = timezone.localtime(deadline.done)
        return _("registered {at}").format(at=f"{done:%Y-%m-%d %H:%M}")
    return _("until {at}").format(at=f"{deadline.limit:%Y-%m-%d %H:%M}")


@app.command()
def history(
    person: Annotated[str, typer.Argument(help="宛名番号")],
    insurer: InsurerCode,
    user: Who,
    as_json: AsJson = False,
) -> None:
    """履歴: ある人について、何が、いつ、どの状態から、誰により登録されたか。見た人を記録します。"""
    start()
    from django.utils.timezone import localtime

    from kokuho.office.accounts import looks
    from kokuho.office.accounts.rights import LINKAGE_HISTORY
    from kokuho.office.linkage.status import history as read
    from kokuho.office.register.models import Resident
    from kokuho.office.tenancy import seeing

    who = entitled(user, LINKAGE_HISTORY, insurer)
    with seeing([insurer]):
        known = Resident.objects.filter(insurer_id=insurer, address_number=person).first()
    if known is not None:
        looks.note(who, "linkage_history", [looks.Seen(insurer, known.pk)])
    with seeing([insurer]):
        lines = read(insurer, person)
    if as_json:
        rows = [asdict(one) for one in lines]
        typer.echo(json.dumps({"person": person, "records": rows}, ensure_ascii=False, default=str))
        return
    for one in lines:
        typer.echo(
            _("{key} version {version}: {action}, batch {batch} ({occasion}, {state})").format(
                key=one.key, version=one.version, action=_(one.action), batch=one.batch,
                occasion=_(one.occasion), state=_(one.state),
            )
        )  # fmt: skip
        typer.echo(
            "    "
            + _("overdue {overdue}, not due {later}, not reflected {reported} as of {at}").format(
                overdue=f"{one.fields['overdue']:,}", later=f"{one.fields['later']:,}",
                reported=f"{one.fields['reported']:,}", at=f"{localtime(one.as_of):%Y-%m-%d %H:%M}",
            )
        )  # fmt: skip
        typer.echo(
            "    "
            + _("made by {by}, approved by {approved}, sent {sent}, answered {answered}").format(
                by=one.made_by,
                approved="、".join(one.approved_by) or "-",
                sent=f"{localtime(one.sent_at):%Y-%m-%d %H:%M}" if one.sent_at else "-",
                answered=f"{localtime(one.answered_at):%Y-%m-%d %H:%M}" if one.answered_at else "-",
            )
        )
        if one.refused or one.text:
            typer.echo(f"    {one.refused} {one.text}".rstrip())
    typer.echo(_("{count} versions").format(count=len(lines)))
