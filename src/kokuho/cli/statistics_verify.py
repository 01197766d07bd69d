"""``kokuho statistics verify``: whether printed shares and measure files can be right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.messages import translator
from kokuho.cli.statistics_options import Percent, Threshold

if TYPE_CHECKING:
    from kokuho.statistics.verification import Finding

_ = translator("statistics")


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("verify")(verify)


def verify(
    files: Annotated[
        list[Path] | None, typer.Argument(help="指標ファイル(省略すると国の参考系列)")
    ] = None,
    threshold: Threshold = 10,
    percent: Percent = 20,
    as_json: Annotated[bool, typer.Option("--json", help="JSON で出力します。")] = False,
) -> None:
    """割合・前年比・合計を計算し直し、印刷された数や伏せた数に合わないところを示します。"""
    from kokuho.statistics import read_measures
    from kokuho.statistics.confidentiality import Rules
    from kokuho.statistics.verification import recomputed, verify_file, verify_reference

    found: list[Finding] = []
    if files:
        for path in files:
            file = read_measures(path)
            own = verify_file(file, Rules(threshold, percent))
            found += own
            if not as_json:
                _tell(own)
                counts = {
                    "figures": len(file.measures),
                    "suppressed": sum(one.suppressed for one in file.measures),
                    "count": len(own),
                }
                words = _("{file}: {figures} figures, {suppressed} suppressed, {count} findings")
                typer.echo(words.format(file=path, **counts))
    else:
        found = verify_reference()
        if not as_json:
            _tell(found)
            typer.echo(
                _("{tested} derived numbers recomputed: {count} cannot follow").format(
                    tested=sum(1 for _one in recomputed()), count=len(found)
                )
            )
    if as_json:
        findings = {"findings": [one.as_dict() for one in found]}
        typer.echo(json.dumps(findings, ensure_ascii=False, indent=1))
    if any(one.severity == "error" for one in found):
        raise typer.Exit(1)


def _tell(found: list[Finding]) -> None:
    for one in found:
        typer.echo(one.line())
