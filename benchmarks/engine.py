"""One engine in a process of its own: load, check or time, print one line of JSON.

``engine.py NAME FOLDER answers FILE`` writes every household's amounts; ``... time REPETITIONS``
times the levy with its inputs loaded and its results kept in memory.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PARTS = ("reduction", "medical", "support", "care", "child", "total")
ORDINANCE = Path(__file__).parents[1] / "src/kokuho/ordinance/data/koganei.yaml"
Timed = Callable[[], tuple[Any, dict[str, float]]]


def _kokuho(folder: Path) -> tuple[Timed, int]:
    import polars as pl

    from kokuho.levy.kernel import levy
    from kokuho.ordinance.loading import load

    persons = pl.read_parquet(folder / "persons.parquet").rechunk()
    households = pl.read_parquet(folder / "households.parquet").rechunk()
    ordinance = load(ORDINANCE).year(2026)

    def run() -> tuple[Any, dict[str, float]]:
        return levy(persons, households, [ordinance], steps=True).households, {}

    return run, pl.thread_pool_size()


def _arrays(module: str, folder: Path) -> tuple[Timed, int]:
    import rules

    peer = __import__(module)
    persons, households = rules.load(folder)

    def run() -> tuple[Any, dict[str, float]]:
        _steps, result = kept = peer.levy(persons, households)
        assert kept
        return result, {}

    return run, 1


def _openfisca(route: str, folder: Path) -> tuple[Timed, int]:
    import peer_openfisca as peer
    import rules

    persons, households = rules.load(folder)
    system = peer.system()
    people = peer.situation(persons, households) if route == "dict" else None

    def run() -> tuple[Any, dict[str, float]]:
        began = time.perf_counter()
        if people is None:
            simulation = peer.build_arrays(system, persons, households)
        else:
            simulation = peer.build_dict(system, people)
        built = time.perf_counter()
        steps = peer.calculate(simulation)
        return steps, {"build": built - began, "calculation": time.perf_counter() - built}

    return run, 1


def _open(name: str, folder: Path) -> tuple[Timed, int]:
    if name == "kokuho":
        return _kokuho(folder)
    if name.startswith("openfisca"):
        return _openfisca(name.removeprefix("openfisca_"), folder)
    return _arrays(f"peer_{name}", folder)


def _write(result: Any, file: Path) -> None:
    import polars as pl

    if isinstance(result, pl.DataFrame):
        columns = {name: result[name].cast(pl.Int64) for name in PARTS}
    else:
        columns = {name: pl.Series(name, result[name]).cast(pl.Int64) for name in PARTS}
    pl.DataFrame(columns).write_parquet(file)


def main(name: str, folder: str, what: str, argument: str) -> None:
    run, threads = _open(name, Path(folder))
    if what == "answers":
        result, _ = run()
        _write(result, Path(argument))
        print(json.dumps({"engine": name}))
        return
    times: list[float] = []
    pieces: dict[str, list[float]] = {}
    for _ in range(int(argument) + 1):  # the first, with compiling and cold memory, is not counted
        began = time.perf_counter()
        result, parts = run()
        times.append(time.perf_counter() - began)
        for piece, seconds in parts.items():
            pieces.setdefault(piece, []).append(seconds)
        del result
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "first": times[0],
                "times": times[1:],
                "pieces": {name: values[1:] for name, values in pieces.items()},
                "peak_mib": peak,
                "threads": threads,
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
