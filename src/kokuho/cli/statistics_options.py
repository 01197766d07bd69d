"""Options that the commands of statistics share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Threshold = Annotated[
    int, typer.Option(min=1, help="秘匿: これより少ない人数・世帯数・件数を伏せます。")
]
Percent = Annotated[
    int, typer.Option(min=0, max=100, help="秘匿: 伏せた金額が推計されうる幅の下限(金額に対する%)")
]
Log = Annotated[
    Path | None, typer.Option("--log", help="公表の記録を置くフォルダー(省略時は出力先)")
]
