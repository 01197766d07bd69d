"""The claim measures over a fictional nation's Parquet, beside reading it and a plain DuckDB query.

Fresh processes take turns; before anything is timed, both say the same of every insurer, year, kind
and nationality. Each once without and once with the persons behind the claims (distinct counts).
Run by the benches' own environment (``make bench`` makes it). Printed last: JSON.

    build/bench-venv/bin/python benchmarks/claims.py [CLAIMS] [ROUNDS] [REPETITIONS]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl

ROOT = Path(__file__).resolve().parents[1]
INSURERS, SEED, YEAR = 1_741, 20_260_401, 2025
CODE = "99"
SCOPE = "medical_dpc_dispensing"
COLUMNS = ("month", "kind", "cost", "high_cost", "foreign")
NAMES = ("kokuho", "read", "duckdb", "kokuho_persons", "read_persons", "duckdb_persons")

SUMS = """
SELECT insurer_code, year(month) - (month(month) < 3)::INT AS year, kind, "foreign",
       count(*) AS claims, sum(cost) AS cost,
       count(*) FILTER (high_cost > 0) AS high_cost_claims, sum(high_cost) AS high_cost
FROM claims WHERE kind IN ('medical', 'dpc', 'dispensing') GROUP BY ALL
"""
PERSONS = """
SELECT insurer_code, fiscal AS year, kind, count(DISTINCT person_id) AS patients,
       count(DISTINCT person_id) FILTER ("foreign") AS foreign_patients
FROM (SELECT *, year(month) - (month(month) < 3)::INT AS fiscal FROM claims)
WHERE kind IN ('medical', 'dpc', 'dispensing')
GROUP BY GROUPING SETS ((insurer_code, fiscal), (insurer_code, fiscal, kind))
"""

Frames = list[pl.DataFrame]


def kokuho(folder: Path, *, persons: bool) -> Frames:
    """The measures as ``kokuho statistics bulk`` makes them: rows checked, chunks kept, figures."""
    from datetime import date

    from kokuho.statistics.bulk import CLAIMS, PATIENTS, run
    from kokuho.statistics.national import national

    years = range(YEAR, YEAR + 1)
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        tasks = (CLAIMS, PATIENTS) if persons else (CLAIMS,)
        made = {task.name: run(task, folder, years, Path(work)) for task in tasks}
    national(CODE, date(YEAR + 1, 3, 31), years, made)
    if any(one.failed for one in made.values()):
        raise SystemExit(str([one.failed for one in made.values()]))
    return [one.frame for one in made.values()]


def read(folder: Path, *, persons: bool) -> Frames:
    """Every column that the measures need read once, and something summed of each."""
    rows = pl.scan_parquet(sorted(folder.glob("*/*/*.parquet")), hive_partitioning=False)
    texts = ("kind", "person_id") if persons else ("kind",)
    return [
        rows.select(
            pl.col("cost", "high_cost", "foreign").sum(),
            pl.col("month").cast(pl.Int32).sum(),
            pl.col(*texts).str.len_bytes().sum(),
        ).collect(engine="streaming")
    ]


def duckdb(folder: Path, *, persons: bool) -> Frames:
    """The plainest equal queries."""
    import duckdb as peer

    link = peer.connect()
    link.execute(
        f"CREATE VIEW claims AS SELECT * FROM read_parquet('{folder}/*/*/*.parquet', "
        "hive_partitioning = true, hive_types = {'insurer_code': VARCHAR})"
    )
    queries = (SUMS, PERSONS) if persons else (SUMS,)
    return [pl.DataFrame(rows_of(link, one), infer_schema_length=None) for one in queries]


def rows_of(link: Any, query: str) -> list[dict[str, Any]]:
    found = link.execute(query)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


ENGINES: dict[str, Callable[..., Frames]] = {"kokuho": kokuho, "read": read, "duckdb": duckdb}


def frames_of(name: str, folder: Path) -> Frames:
    return ENGINES[name.partition("_")[0]](folder, persons=name.endswith("_persons"))


def answers(folder: Path) -> int:
    """Kokuho and DuckDB must say the same; gives how many claims are in the measures."""
    sums, cells = frames_of("kokuho_persons", folder)
    peer_sums, peer_persons = frames_of("duckdb_persons", folder)
    keys = ["insurer_code", "year", "kind", "foreign"]
    peer_sums = peer_sums.select(
        pl.col(name).cast(kind, strict=True) for name, kind in sums.schema.items()
    )
    if not sums.sort(keys).equals(peer_sums.sort(keys)):
        raise SystemExit("the sums differ")
    wanted = {
        (row["insurer_code"], f"{who}_{SCOPE}[year={row['year']}{kind}]"): row[who]
        for row in peer_persons.iter_rows(named=True)
        for kind in [f",kind={row['kind']}" if row["kind"] else ""]
        for who in ("patients", "foreign_patients")
        if row[who]
    }
    if {(code, name): number for code, name, number in cells.iter_rows()} != wanted:
        raise SystemExit("the persons differ")
    return int(sums["claims"].sum())


def one(name: str, folder: Path, repetitions: int) -> dict[str, Any]:
    times = []
    for _ in range(repetitions + 1):  # the first, with cold memory, is not counted
        began = time.perf_counter()
        frames_of(name, folder)
        times.append(time.perf_counter() - began)
    return {"times": times[1:], "peak_mib": peak_mib()}


def peak_mib() -> float:
    """Of this process alone; ``ru_maxrss`` begins with that of the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in status if line.startswith("VmHWM:"))) / 1024


def fresh(*arguments: object) -> Any:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, __file__, *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr + done.stdout)
    return json.loads(done.stdout.strip().splitlines()[-1])


def data(claims: int) -> Path:
    """The claims, made once for each number of them."""
    folder = ROOT / "build" / "bench-data" / f"claims-{claims}"
    if not (folder / "made").exists():
        from kokuho.sample.nation import write_claims

        write_claims(folder, claims, INSURERS, SEED, YEAR)
        (folder / "made").touch()
    return folder


def main(claims: int, rounds: int, repetitions: int) -> dict[str, Any]:
    folder = Path(fresh("data", claims))
    counted = fresh("answers", folder)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
    for number in range(rounds):
        for name in NAMES if number % 2 == 0 else NAMES[::-1]:
            found[name].append(fresh("one", name, folder, repetitions))
    middle = {name: median(median(each["times"]) for each in made) for name, made in found.items()}
    ratios = {
        f"{ours}/{other}": median(
            median(a["times"]) / median(b["times"])
            for a, b in zip(found[ours], found[other], strict=True)
        )
        for ours, others in (("kokuho", NAMES[1:3]), ("kokuho_persons", NAMES[4:]))
        for other in others
    }
    return {
        "claims": claims,
        "counted": counted,
        "insurers": INSURERS,
        "mib": sum(path.stat().st_size for path in folder.glob("*/*/*.parquet")) / 2**20,
        "seconds": middle,
        "spread": {
            name: [f(t for each in made for t in each["times"]) for f in (min, max)]
            for name, made in found.items()
        },
        "peak_mib": {name: max(each["peak_mib"] for each in made) for name, made in found.items()},
        "ratios": ratios,
        "load": os.getloadavg()[0],
    }


if __name__ == "__main__":
    given = sys.argv[1:]
    if given[:1] == ["data"]:
        print(json.dumps(str(data(int(given[1])))))
    elif given[:1] == ["answers"]:
        print(answers(Path(given[1])))
    elif given[:1] == ["one"]:
        print(json.dumps(one(given[1], Path(given[2]), int(given[3]))))
    else:
        sizes = [int(text) for text in given]
        print(json.dumps(main(*(sizes + [100_000_000, 3, 3][len(sizes) :]))))
