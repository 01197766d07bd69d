"""``kokuho linkage inquire`` and ``codes``: the examining agency's side, with its own link."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli.linkage_common import LinkFile, link_of
from kokuho.cli.office_runs import AsJson

if TYPE_CHECKING:
    from kokuho.linkage.inquiring import Answered
    from kokuho.linkage.messages.reading import Line, Person

_ = translator("linkage")


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    app.command()(inquire)
    app.command()(codes)


def inquire(
    purpose: Annotated[str, typer.Option(help="照会の事務(目的)の番号")],
    officer: Annotated[str, typer.Option(help="担当者の番号(氏名は書きません)")],
    code: Annotated[list[str] | None, typer.Argument(help="照会する人の符号(複数可)")] = None,
    case: Annotated[str, typer.Option(help="案件の番号(表に書かれていない人のもの)")] = "",
    file: Annotated[
        Path | None, typer.Option("--file", help="照会する人の表(列: 符号、案件番号)")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="署名された回答と、その証拠を書き出すフォルダー")
    ] = None,
    link: LinkFile = None,
    as_json: AsJson = False,
) -> None:
    """照会: 在留審査の側から、納付・滞納・猶予などを、読み違えない言葉で示します。"""
    from kokuho.linkage import inquiring
    from kokuho.linkage.exchange import party_of
    from kokuho.linkage.transport import transport_of

    wanted, refused = _wanted(code or [], case, file)
    stated = link_of(link)
    asked = inquiring.Asked(purpose, officer, wanted)
    found = inquiring.inquire(party_of(stated), transport_of(stated), asked)
    for one in found.answers:
        sheet = "\n".join(_sheet(one))
        if not as_json:
            typer.echo(sheet)
        if out:
            for path in inquiring.keep(one, out, sheet + "\n"):
                typer.echo(_("written: {file}").format(file=path), err=True)
    if as_json:
        told = {
            "answers": [inquiring.as_json(one) for one in found.answers],
            "failures": [{"case": number, "reason": words} for number, words in found.failures],
            "refused": refused,
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
    for line in (*refused, *(f"{number}: {words}" for number, words in found.failures)):
        typer.echo(line, err=True)
    unknown = any(one.state == "unknown" for answer in found.answers for one in answer.persons)
    raise typer.Exit(1 if refused or found.failures or unknown else 0)


def _wanted(
    codes: list[str], case: str, file: Path | None
) -> tuple[dict[str, list[str]], list[str]]:
    """The codes by case, and what cannot be asked, in words; good ones are asked all the same."""
    from kokuho.linkage.inquiring import LONGEST
    from kokuho.linkage.listing import read_persons

    rows = [("", code.strip(), case.strip()) for code in codes]
    refused: list[str] = []
    if file:
        listed, refused = read_persons(file)
        rows += [(place, code, own or case.strip()) for place, code, own in listed]
    wanted: dict[str, list[str]] = {}
    for place, code, number in rows:
        if not number:
            words = _("no number of the case (--case)")
        elif not 0 < len(code) <= LONGEST or any(one.isspace() for one in code):
            words = _("not a linkage code")
        else:
            wanted.setdefault(number, []).append(code)
            continue
        refused.append(f"{place or code}: {words}")
    if not wanted:
        raise InputError("\n".join([_("nobody is left to ask about"), *refused]))
    return wanted, refused


def _sheet(answered: Answered) -> Iterator[str]:
    """An answer for people: how to read it, each person, and by what it is verified."""
    from kokuho.linkage.messages import wording

    yield _("Answer to the inquiry of case {case}, {at}").format(
        case=answered.case, at=f"{answered.answered_at:%Y-%m-%d %H:%M:%S}"
    )
    yield ""
    yield _("How to read it")
    yield from (f"- {words}" for words, _english in wording.HOW_TO_READ)
    for place, person in enumerate(answered.persons, 1):
        yield ""
        yield from _about(place, person)
    yield ""
    yield _("Answer {number}, SHA-256 {digest}, key {key}").format(
        number=answered.number, digest=answered.digest, key=answered.signer
    )
    if answered.evidence:
        yield _("Verify: {command}").format(
            command=f"kokuho mesh verify-log answer-{answered.number}.json --keys ring.json"
        )
    else:
        yield _(
            "the other side did not hand out the evidence of its log; the signature alone stands"
        )


def _about(place: int, person: Person) -> Iterator[str]:
    from kokuho.linkage.messages import wording

    title, _english, words = wording.STATE_WORDS[person.state]
    yield f"{place}. {person.code}  {title}"
    if words:
        yield f"   {words}"
    if person.state != "found":
        return
    if person.as_of:
        yield "   " + _("data as of {at} (the oldest)").format(at=f"{person.as_of:%Y-%m-%d %H:%M}")
    if person.of_others:
        yield f"   {wording.OF_THE_HEAD[0]}"
    for own, sums in person.totals():
        yield f"   {wording.OWED_BY[own][0]}"
        for name, yen in sums.items():
            heading, _english, meaning = wording.CLASS_WORDS[name]
            yield f"     {heading}  {yen:,}" + (f"  {meaning}" if yen else "")
    yield "   " + _("by instalment")
    for line in person.lines:
        yield "     " + _instalment(line)


def _instalment(line: Line) -> str:
    from kokuho.linkage.messages import wording

    fields = line.fields
    amounts = [f"{wording.CLASS_WORDS[name][0]} {yen:,}" for name, yen in line.amounts.items()]
    return _("{year} term {term}, due {due}: {amounts} ({whose}, as of {at})").format(
        year=fields.get("year_meant"),
        term=fields.get("term"),
        due=line.due or "-",
        amounts="、".join(amounts) or _("nothing open"),
        whose=wording.OWED_BY[line.own][0],
        at=line.as_of and f"{line.as_of:%Y-%m-%d %H:%M}",
    )


def codes(
    person: Annotated[list[str], typer.Argument(help="宛名番号(複数可)")],
    municipality: Annotated[str, typer.Option(help="市区町村コード(6桁)")],
    link: LinkFile = None,
    as_json: AsJson = False,
) -> None:
    """符号(演習だけ): 宛名番号から符号を得ます。本番では各機関が自分の番号から符号を得ます。"""
    from kokuho.linkage.exchange import party_of
    from kokuho.linkage.inquiring import codes_of
    from kokuho.linkage.transport import transport_of

    stated = link_of(link)
    found = codes_of(party_of(stated), transport_of(stated), municipality, person)
    if as_json:
        typer.echo(json.dumps({"codes": found}, ensure_ascii=False))
    else:
        for number in person:
            typer.echo(f"{number},{found.get(number, '')}")
    raise typer.Exit(1 if set(person) - set(found) else 0)
