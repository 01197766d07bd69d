"""The way by files (団体内統合宛名のフォルダー): questions from one folder, answers into another.

Killed at any moment it goes on when it is asked again. An answer is on the disk, under the name of
a part, before what it answers is committed; the name is made right afterwards.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.messages import LARGEST
from kokuho.mesh.exchange import Exchange
from kokuho.mesh.tracing import stated_number

_ = translator("mesh")


@dataclass
class Taken:
    """What became of the files of a folder.

    Attributes:
        answered: names of files that were answered.
        refused: names of those that were refused, each with the status as of HTTP.
        unanswered: of those whose sender is not known; nobody gets an answer.
    """

    answered: list[str] = field(default_factory=list)
    refused: list[tuple[str, int]] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)


def take(exchange: Exchange, questions: Path, results: Path) -> Taken:
    """Answer each file ``*.jws`` of a folder, by name, and move it into the folder ``taken``.

    Raises:
        LinkageError: a folder cannot be read or written.
    """
    done = Taken()
    try:
        results.mkdir(parents=True, exist_ok=True)
        (questions / "taken").mkdir(parents=True, exist_ok=True)
        for file in sorted(questions.glob("*.jws")):
            _take(exchange, file, results, done)
            file.replace(questions / "taken" / file.name)
    except OSError as error:
        raise LinkageError(
            _("{file} cannot be read: {reason}").format(file=error.filename, reason=error.strerror)
        ) from error
    return done


def _take(exchange: Exchange, file: Path, results: Path, done: Taken) -> None:
    part, result = results / f"{file.name}.part", results / file.name
    with file.open(encoding="ascii", errors="replace") as lines:
        sealed = lines.read(LARGEST + 1).strip()
    if part.exists() and exchange.knows(stated_number(sealed)):
        # killed after the commit: what was answered then is the answer
        part.replace(result)
        done.answered.append(file.name)
        return
    reply = exchange.take_file(sealed, lambda text: _write(part, text), datetime.now(UTC))
    if reply.text:
        part.replace(result)
        if reply.status == 200:
            done.answered.append(file.name)
        else:
            done.refused.append((file.name, reply.status))
    else:
        part.unlink(missing_ok=True)
        done.unanswered.append(file.name)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
