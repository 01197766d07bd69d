"""The process in which the city's commands run: ``python -m kokuho.rehearsal.worker DIR``.

It reads one command a line (JSON) and runs it as ``kokuho`` would, with the same words; so it can
be killed at any moment without each command having to start Python anew. One thing is no command:
``record`` takes receipts in and does not post them, as when a file came and its posting waits. DIR
only tells whoever looks at the processes which rehearsal it is.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kokuho.base.errors import KokuhoError
from kokuho.rehearsal.clock import Clock, Pace

FAILED = 70
"""Exit status of a command that broke."""


def main() -> None:
    """Run what comes until the line ends."""
    channel, sys.stdout = sys.stdout, io.StringIO()
    clock: Clock | None = None
    for line in sys.stdin:
        asked = json.loads(line)
        pace = Pace.from_json(asked["pace"])
        if clock is None:
            clock = _open(pace)
        clock.pace = pace
        channel.write(json.dumps(_run(asked)) + "\n")
        channel.flush()


def _open(pace: Pace) -> Clock:
    """The office, once; its database was looked at then."""
    from kokuho.office import start as starting

    clock = Clock(pace)
    starting.start()
    starting.start = lambda **_more: None
    clock.install()
    return clock


def _run(asked: dict[str, Any]) -> dict[str, Any]:
    out, err = io.StringIO(), io.StringIO()
    outside = sys.stdin
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        sys.stdin = io.StringIO(asked.get("input", ""))
        try:
            code = _command(asked["words"])
        except KokuhoError as error:
            err.write(str(error))
            code = 2
        except Exception:
            err.write(traceback.format_exc())
            code = FAILED
        finally:
            sys.stdin = outside
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


def _command(words: Sequence[str]) -> int:
    if words and words[0] == "record":
        _record(Path(words[1]), words[2])
        return 0
    from click.exceptions import ClickException

    from kokuho.cli import app

    try:
        return int(app(list(words), standalone_mode=False) or 0)
    except ClickException as error:
        raise KokuhoError(error.format_message()) from error


def _record(path: Path, actor: str) -> None:
    import hashlib

    import polars as pl

    from kokuho.office.ledger.importing import record
    from kokuho.office.ledger.models import ReceiptFile
    from kokuho.office.tenancy import seeing
    from kokuho.tables import LINE

    frame = pl.read_csv(path, infer_schema=False)
    (insurer,) = set(frame["insurer_code"])
    with seeing([insurer]):
        if ReceiptFile.objects.filter(insurer_id=insurer, name=path.name).exists():
            return
    rows = frame.with_row_index(LINE, offset=2).select(
        "insurer_code", "reference", "household_id", "demand_id", LINE,
        amount=pl.col("amount").cast(pl.Int64), value_on=pl.col("received_on").str.to_date(),
        payer=pl.lit(None, pl.String),
    )  # fmt: skip
    record(insurer, rows, path.name, hashlib.sha256(path.read_bytes()).hexdigest(), actor)


if __name__ == "__main__":
    main()
