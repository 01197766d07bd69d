"""The bulk engine: claims and insured of a nation summed by chunks of whole insurers.

The definitions are those of one city (:mod:`kokuho.statistics.claims`, ``insured``), over lazy
frames that stream from Parquet. A chunk's result is a file of its own whose name follows from the
chunk's files and the definitions: what is there already is not made again, and nothing is doubled,
wherever a run was ended. A chunk that fails is tried insurer by insurer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import polars as pl

from kokuho.base.errors import StatisticsError
from kokuho.base.messages import translator
from kokuho.statistics import cells as cells_module
from kokuho.statistics import claims as claims_module
from kokuho.statistics import insured as insured_module
from kokuho.statistics.catalogue import HERE
from kokuho.statistics.claims import patients_cells, seen, summed
from kokuho.statistics.datasets import (
    CLAIMS_LAYOUT,
    INSURED_LAYOUT,
    PATIENTS_LAYOUT,
    UNREADABLE,
    Layout,
    files_of,
    first_broken,
    first_wrong,
    scan,
)
from kokuho.statistics.insured import Days, cells
from kokuho.statistics.insured import summed as insured_summed
from kokuho.tables import write_parquet

_ = translator("statistics")

CHUNK_BYTES = 32 * 2**20
"""Files of a chunk, together at most so large where no insurer alone is larger."""


@dataclass(frozen=True)
class Task:
    """What is made of a dataset.

    Attributes:
        name: of the task, in file names and messages.
        layout: of the dataset.
        queries: over the rows of a chunk, all answered in one pass.
        finish: their answers as one frame of whole numbers with ``insurer_code``, whose rows may
            be put below those of other chunks.
        back: how many years before the first one are read too.
    """

    name: str
    layout: Layout
    queries: Callable[[pl.LazyFrame, range], list[pl.LazyFrame]]
    finish: Callable[[Sequence[pl.DataFrame], range], pl.DataFrame]
    back: int = 0


def _counted(years: range) -> list[tuple[str, int]]:
    return [(measure, year) for year in years for measure in Days(year).by_measure()]


def _insured_queries(rows: pl.LazyFrame, years: range) -> list[pl.LazyFrame]:
    sums = [
        insured_summed(
            rows.filter(pl.col("day") == Days(year).by_measure()[measure]), measure, year
        )
        for measure, year in _counted(years)
    ]
    return [*sums, rows.select("insurer_code", "day").unique()]


def _insured_finish(answers: Sequence[pl.DataFrame], years: range) -> pl.DataFrame:
    *sums, there = answers
    days = {(measure, year): Days(year).by_measure()[measure] for measure, year in _counted(years)}
    return pl.concat(
        cells(found, *key, there.filter(day=day)["insurer_code"])
        for found, (key, day) in zip(sums, days.items(), strict=True)
    )


CLAIMS = Task(
    "claims",
    CLAIMS_LAYOUT,
    lambda rows, _years: [summed(rows)],
    lambda answers, _years: answers[0],
)
PATIENTS = Task(
    "patients",
    PATIENTS_LAYOUT,
    lambda rows, _years: [seen(rows)],
    lambda answers, _years: patients_cells(answers[0]),
)
INSURED = Task("insured", INSURED_LAYOUT, _insured_queries, _insured_finish, back=1)


@dataclass
class Outcome:
    """What a task made.

    Attributes:
        frame: the results of all chunks.
        insurers: those that have files.
        failed: insurer to the reason; nothing of it is in the frame.
        made, kept: chunks that were made now, and that were there already.
        stopped: whether somebody stopped it before its end.
        state: which files and definitions it was made from, as a digest, for the log.
    """

    frame: pl.DataFrame = field(default_factory=pl.DataFrame)
    insurers: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    made: int = 0
    kept: int = 0
    stopped: bool = False
    state: str = ""


Progress = Callable[[str, int, int], None]
"""Told after each chunk: the task, insurers done, insurers in all."""


def run(
    task: Task,
    root: Path,
    years: range,
    work: Path,
    *,
    chunk_bytes: int = CHUNK_BYTES,
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Do a task over a dataset, or the rest of it.

    Args:
        task: which.
        root: the folder of the dataset.
        years: fiscal years.
        work: where the results of chunks are kept.
        chunk_bytes: how large a chunk's files are together; an insurer is never cut.
        progress: told of each chunk.
        stop: asked before each chunk.

    Raises:
        KokuhoError: the dataset is none, or a result cannot be written.
    """
    span = range(years.start - task.back, years.stop)
    files = files_of(root, span)
    outcome = Outcome(insurers=list(files), state=f"sha256:{_key(task, files, span, root)}")
    parts: list[Path] = []
    done = 0
    for chunk in chunks(files, chunk_bytes):
        if stop():
            outcome.stopped = True
            return outcome
        parts += _parts(task, {code: files[code] for code in chunk}, span, root, work, outcome)
        done += len(chunk)
        if progress:
            progress(task.name, done, len(files))
    if parts:
        outcome.frame = pl.concat(pl.read_parquet(part, glob=False) for part in parts)
    return outcome


def chunks(files: Mapping[str, Sequence[Path]], most: int) -> Iterator[list[str]]:
    """Whole insurers, several together while their files are small."""
    codes: list[str] = []
    held = 0
    for code, paths in files.items():
        size = sum(path.stat().st_size for path in paths)
        if codes and held + size > most:
            yield codes
            codes, held = [], 0
        codes.append(code)
        held += size
    if codes:
        yield codes


def _parts(
    task: Task,
    files: Mapping[str, Sequence[Path]],
    years: range,
    root: Path,
    work: Path,
    outcome: Outcome,
) -> list[Path]:
    """The result of a chunk as a file; of one that fails, those of its insurers that do not."""
    part = work / f"{task.name}-{_key(task, files, years, root)[:32]}.parquet"
    if part.exists():
        outcome.kept += 1
        return [part]
    paths = [path for some in files.values() for path in some]
    try:
        frame = _made(task, paths, years)
    except (StatisticsError, *UNREADABLE) as error:
        if len(files) > 1:
            alone = ({code: some} for code, some in files.items())
            return [made for one in alone for made in _parts(task, one, years, root, work, outcome)]
        reason = str(error)
        if not isinstance(error, StatisticsError):
            reason = _("{file} cannot be read: {reason}").format(
                file=first_broken(paths, task.layout), reason=reason
            )
        outcome.failed |= dict.fromkeys(files, f"{task.name}: {reason}")
        return []
    write_parquet(frame, part)
    outcome.made += 1
    return [part]


def _made(task: Task, paths: Sequence[Path], years: range) -> pl.DataFrame:
    rows = scan(paths, task.layout)
    wrong = rows.select(task.layout.bad.sum())
    *answers, refused = pl.collect_all([*task.queries(rows, years), wrong], engine="streaming")
    if refused.item():
        raise StatisticsError(first_wrong(paths, task.layout))
    return task.finish(answers, years)


def _key(task: Task, files: Mapping[str, Sequence[Path]], years: range, root: Path) -> str:
    """What the result of a chunk depends on: its files, the years, the definitions."""
    told = [task.name, repr(years), *_definitions()]
    for path in (path for paths in files.values() for path in paths):
        state = path.stat()
        told.append(f"{path.relative_to(root)} {state.st_size} {state.st_mtime_ns}")
    return sha256("\n".join(told).encode()).hexdigest()


def _definitions() -> list[str]:
    """Digests of what says how the measures are made."""
    modules = (cells_module, claims_module, insured_module)
    places = [Path(str(module.__file__)) for module in modules]
    places += [Path(__file__), *sorted(HERE.glob("*.yaml"))]
    return [sha256(place.read_bytes()).hexdigest() for place in places]
