"""``kokuho breach``: the data for a breach report, from the logs."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.messages import translator
from kokuho.cli.office_runs import InsurerCode, required_day, start

if TYPE_CHECKING:
    from kokuho.office.accounts.users import User
    from kokuho.office.linkage.breach import Breach

_ = translator("linkage")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(breach)


def breach(
    insurer: InsurerCode,
    user: Annotated[str, typer.Option("--user", help="操作する利用者。権限が必要です。")],
    first: Annotated[str, typer.Option("--from", help="最初の日")],
    last: Annotated[str, typer.Option("--until", help="最後の日")],
    out: Annotated[Path, typer.Option(help="書き出すフォルダー(まだないもの)")],
    by: Annotated[list[str] | None, typer.Option(help="閲覧・送信した利用者(複数可)")] = None,
    page: Annotated[list[str] | None, typer.Option(help="画面の名前(複数可)")] = None,
    person: Annotated[list[str] | None, typer.Option(help="宛名番号(複数可)")] = None,
) -> None:
    """漏えい等報告の資料: 期間・利用者・画面・本人から、何人の何がいつ誰に見られたかを集めます。"""
    start()
    from kokuho.base.errors import InputError
    from kokuho.cli.linkage_common import entitled
    from kokuho.office.accounts.rights import BREACH
    from kokuho.office.linkage.breach import Wanted, gather, report
    from kokuho.office.tenancy import seeing

    who = entitled(user, BREACH, insurer)
    if out.exists():
        raise InputError(_("{file} exists already").format(file=out))
    wanted = Wanted(
        required_day(first), required_day(last), by or (), page or (), frozenset(person or ())
    )
    with seeing([insurer]):
        found = gather(insurer, wanted)
    _written_down(insurer, who, found)
    listed = _list(found)
    lines = report(found, insurer, hashlib.sha256(listed).hexdigest())
    text = "\n".join(lines) + "\n"
    part = out.with_name(out.name + ".part")
    part.mkdir(parents=True, mode=0o700)
    (part / "report.txt").write_text(text, encoding="utf-8")
    people = part / "persons"
    people.mkdir(mode=0o700)
    (people / "persons.csv").write_bytes(listed)
    part.rename(out)
    typer.echo(text, nl=False)


def _list(found: Breach) -> bytes:
    """The persons, apart from the report: whoever needs the one does not need the other."""
    rows = io.StringIO(newline="")
    writer = csv.writer(rows)
    writer.writerow([_("address number"), _("seen on so many pages by so many users")])
    writer.writerows(sorted(found.persons().items()))
    return rows.getvalue().encode("utf-8-sig")


def _written_down(insurer: str, who: User, found: Breach) -> None:
    from kokuho.office.accounts import looks
    from kokuho.office.register.models import Resident
    from kokuho.office.tenancy import seeing

    numbers = sorted(found.persons())
    keys: list[int] = []
    with seeing([insurer]):
        for begin in range(0, len(numbers), 500):
            some = Resident.objects.filter(
                insurer_id=insurer, address_number__in=numbers[begin : begin + 500]
            )
            keys += some.values_list("pk", flat=True)
    looks.note(who, "breach", [looks.Seen(insurer, key) for key in keys])
