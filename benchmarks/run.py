"""``make bench``: our levy beside its peers, in one run on the same synthetic households.

Makes an environment of its own for openfisca-core (AGPL-3.0, no dependency of ours) and Numba,
lets all engines agree to the yen on every household before anything is timed, and writes
docs/performance.md. ``--quick`` takes 10 thousand households alone and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT / "benchmarks"
BUILD = ROOT / "build"
VENV = BUILD / "bench-venv"
PYTHON = VENV / "bin" / "python"
ENGINES = ("kokuho", "numpy", "numba", "openfisca_array")
TITLES = {
    "kokuho": "Kokuho (Polars)",
    "numpy": "NumPy",
    "numba": "compiled loop (Numba)",
    "openfisca_array": "openfisca-core, arrays",
    "openfisca_dict": "openfisca-core, dict",
}
CLAIMS = {
    "kokuho": "Kokuho: counts, cost, high-cost benefits, shares; every row checked",
    "read": "the same columns read once and summed (Polars)",
    "duckdb": "the plainest equal query (DuckDB)",
    "kokuho_persons": "Kokuho, with the persons behind the claims (distinct)",
    "read_persons": "the same columns read once and summed, with persons",
    "duckdb_persons": "the plainest equal queries (DuckDB), with persons",
}
SMALL, LARGE = 10_000, 1_000_000
VECTORS = 1_000

Report = list[str]


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def run(command: list[str | Path], *, own: Path = PYTHON) -> str:
    """Run a script of the benchmark in a fresh process and give what it printed last."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{BENCH}"}
    done = subprocess.run(
        [own, *command], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}:\n{done.stderr}{done.stdout}")
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def make_environment() -> None:
    uv = ROOT / ".venv" / "bin" / "uv"
    if not PYTHON.exists():
        subprocess.run([uv, "venv", "--quiet", VENV], check=True)
    wanted = ["pip", "install", "--quiet", "--python", PYTHON, "-r", BENCH / "requirements.txt"]
    subprocess.run([uv, *wanted], check=True)


def population(households: int) -> Path:
    folder = BUILD / "bench-data" / str(households)
    code = (
        f"import population, pathlib; population.write(pathlib.Path({str(folder)!r}), {households})"
    )
    run(["-c", code])
    return folder


def agree(folder: Path, engines: tuple[str, ...]) -> None:
    """All engines on every household: reduction, each part and the total; else stop."""
    files = {}
    for engine in engines:
        files[engine] = folder / f"answers_{engine}.parquet"
        run([BENCH / "engine.py", engine, folder, "answers", files[engine]])
    code = (
        "import sys, polars as pl\n"
        "frames = [pl.read_parquet(f) for f in sys.argv[1:]]\n"
        "same = all(f.equals(frames[0]) for f in frames)\n"
        "print(frames[0].height, frames[0]['total'].sum()) if same else sys.exit('no agreement')"
    )
    answer = run(["-c", code, *files.values()])
    say(f"{', '.join(engines)} agree to the yen: households and yen in all: {answer}")


def timed(folder: Path, rounds: int, reps: int) -> dict[str, list[dict[str, Any]]]:
    """Engines take turns, each time in a fresh process."""
    results: dict[str, list[dict[str, Any]]] = {engine: [] for engine in ENGINES}
    for number in range(rounds):
        order = ENGINES if number % 2 == 0 else ENGINES[::-1]
        for engine in order:
            out = run([BENCH / "engine.py", engine, folder, "time", str(reps)])
            results[engine].append(json.loads(out))
            say(f"  round {number + 1} {engine}: {median(results[engine][-1]['times']):.3f} s")
    return results


def ratio(over: list[dict[str, Any]], under: list[dict[str, Any]], piece: str = "") -> float:
    """The median of the ratios of same-round medians."""

    def seconds(one: dict[str, Any]) -> float:
        return float(median(one["pieces"][piece] if piece else one["times"]))

    return float(median(seconds(a) / median(b["times"]) for a, b in zip(over, under, strict=True)))


def table(results: dict[str, list[dict[str, Any]]], persons: int) -> Report:
    lines = [
        "| engine | median s | fastest–slowest | first call s | threads | peak MiB "
        "| persons/s | its time / Kokuho's |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for engine, rounds in results.items():
        middle = median(median(one["times"]) for one in rounds)
        every = [value for one in rounds for value in one["times"]]
        lines.append(
            f"| {TITLES[engine]} | {middle:.4f} | {min(every):.4f}–{max(every):.4f} "
            f"| {median(one['first'] for one in rounds):.2f} | {rounds[0]['threads']} "
            f"| {max(one['peak_mib'] for one in rounds):,.0f} | {persons / middle:,.0f} "
            f"| {ratio(rounds, results['kokuho']):.2f} |"
        )
    arrays = results["openfisca_array"]
    for piece in ("build", "calculation"):
        middle = median(median(one["pieces"][piece]) for one in arrays)
        share = ratio(arrays, results["kokuho"], piece)
        lines.append(f"| – its {piece} alone | {middle:.4f} | | | | | | {share:.2f} |")
    return lines


def verdict(what: str, value: float, bound: float, *, at_least: bool = False) -> str:
    met = value >= bound if at_least else value <= bound
    sign = "at least" if at_least else "at most"
    return f"| {what} | {sign} {bound:g} | {value:.2f} | {'met' if met else '**not met**'} |"


def single(folder: Path, times: int) -> tuple[float, float, float]:
    """Imports alone, one household explained, and the median of their same-turn ratios."""
    code = (
        "import sys, polars as pl\n"
        "f = sys.argv[1]\n"
        "h = pl.read_parquet(f + '/households.parquet').head(1)\n"
        "p = pl.scan_parquet(f + '/persons.parquet')\n"
        "p = p.filter(household_id=h['household_id'][0]).collect()\n"
        "h.write_parquet(f + '/one_households.parquet')\n"
        "p.write_parquet(f + '/one_persons.parquet')\n"
    )
    run(["-c", code, folder])
    pairs = [
        (
            float(run([BENCH / "single.py", "imports"])),
            float(run([BENCH / "single.py", "explain", folder])),
        )
        for _ in range(times)
    ]
    return (
        median(a for a, _ in pairs),
        median(b for _, b in pairs),
        median(b / a for a, b in pairs),
    )


def machine() -> str:
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return (
        f"{model}, {os.cpu_count()} CPUs, {platform.system()}, Python {platform.python_version()}"
    )


def people_of(folder: Path) -> int:
    code = "import sys, polars as pl; print(pl.read_parquet(sys.argv[1], columns=['head']).height)"
    return int(run(["-c", code, folder / "persons.parquet"]))


def section(households: int, rounds: int, reps: int) -> tuple[Path, Report, dict[str, Any]]:
    folder = population(households)
    agree(folder, ENGINES)
    results = timed(folder, rounds, reps)
    persons = people_of(folder)
    title = f"## {households:,} households, {persons:,} persons, every step kept as a column"
    return folder, [title, "", *table(results, persons), ""], results


def dict_route(folder: Path) -> Report:
    """openfisca's dict route once: it looks every person up in a list, so its time is quadratic."""
    agree(folder, ("kokuho", "openfisca_dict"))
    one = json.loads(run([BENCH / "engine.py", "openfisca_dict", folder, "time", "1"]))
    return [
        f"openfisca-core by its dict route, 10,000 households: {one['times'][0]:.1f} s "
        f"(building {one['pieces']['build'][0]:.1f} s, calculation "
        f"{one['pieces']['calculation'][0]:.3f} s), peak {one['peak_mib']:,.0f} MiB, one thread. "
        "Its time grows with the square of the persons (each value looks its person up in a "
        "list); a million households were not run by this route.",
        "",
    ]


def ledger(receipts: int) -> tuple[float, Report]:
    """Receipts posted on PostgreSQL against COPY of their entries, by the project's own Python."""
    own = ROOT / ".venv" / "bin" / "python"
    out = json.loads(run([BENCH / "ledger.py", str(receipts)], own=own))
    if out["findings"]:
        raise SystemExit("the books do not hold together")
    shares = "; ".join(f"{name} {share:.0%}" for name, share in out["shares"].items())
    return out["ratio"], [
        f"## {out['receipts']:,} receipts posted, {out['entries']:,} entries, PostgreSQL",
        "",
        f"Posting {out['posting']:.1f} s, COPY of the very entries into the same table with its "
        f"indexes, constraints and triggers {out['copy']:.1f} s. Load average at the end "
        f"{out['load']:.1f}. Share of each step: {shares}.",
        "",
    ]


def linkage(inquiries: int, records: int) -> tuple[Report, Report]:
    """The rehearsal mesh: targets, and its section."""
    own = ROOT / ".venv" / "bin" / "python"
    out = json.loads(run([BENCH / "linkage.py", str(inquiries), str(records)], own=own))
    put, quiet, stamped = out["register"], out["quiet"], out["while_stamped"]
    slowest = max(one["microseconds_a_record"] for one in out["logs"])
    linear = slowest / min(one["microseconds_a_record"] for one in out["logs"])
    a_record = put["batch_in_echoes"] * len(range(0, put["records"], 1_000)) / put["records"]
    targets = [
        f"| one inquiry / one empty message | published | {quiet['ratio']:.2f} | |",
        f"| the same while the log is time-stamped | published | {stamped['ratio']:.2f} | |",
        f"| one record registered / one empty message | published | {a_record:.4f} | |",
        verdict("a log verified, time a record: slowest size / fastest", linear, 1.5),
    ]
    rows = [
        ("a batch of 1,000 records", put["batch"]),
        ("– empty message, taking turns", put["echo"]),
        ("an inquiry", quiet["inquire"]),
        ("– empty message, taking turns", quiet["echo"]),
        ("an inquiry while the log is time-stamped", stamped["inquire"]),
        ("– empty message, taking turns", stamped["echo"]),
    ]
    sizes = "; ".join(
        f"{one['records']:,} records {one['seconds']:.1f} s "
        f"({one['microseconds_a_record']:.0f} µs each)"
        for one in out["logs"]
    )
    return targets, [
        f"## Linkage: the rehearsal mesh, {put['records']:,} records",
        "",
        "`benchmarks/linkage.py`: one server over TLS, one client at a time, a new connection for "
        f"each message. {put['records_per_second']:,.0f} records registered per second.",
        "",
        "| message | per second | p50 ms | p99 ms |",
        "|---|---|---|---|",
        *(
            f"| {what} | {one['per_second']:.1f} | {one['p50_ms']:.1f} | {one['p99_ms']:.1f} |"
            for what, one in rows
        ),
        "",
        f"{stamped['seals_stamped_meanwhile']} seals were time-stamped meanwhile. A log verified: "
        f"{sizes}. Load average at the end {out['load']:.1f}.",
        "",
    ]


def claims(count: int, rounds: int, reps: int) -> tuple[float, Report]:
    """The claim measures beside reading the columns once and DuckDB; the highest peak, in MiB."""
    out = json.loads(run([BENCH / "claims.py", str(count), str(rounds), str(reps)]))
    peak = max(out["peak_mib"]["kokuho"], out["peak_mib"]["kokuho_persons"])
    lines = [
        f"## {out['claims']:,} claims of {out['insurers']:,} insurers, {out['mib']:,.0f} MiB of "
        "Parquet",
        "",
        "Claim measures, the sums of each insurer and the figures of all, "
        f"{rounds} rounds of {reps}; first compared: "
        f"{out['counted']:,} claims in the measures, equal in Kokuho and DuckDB for "
        f"every insurer, year, kind, foreign or not. Load average at the end {out['load']:.1f}.",
        "",
        "| | median s | fastest–slowest | peak MiB | Kokuho's time / its |",
        "|---|---|---|---|---|",
    ]
    for name, title in CLAIMS.items():
        low, high = out["spread"][name]
        ours = "kokuho_persons" if name.endswith("_persons") else "kokuho"
        share = out["ratios"].get(f"{ours}/{name}", 1.0)
        lines.append(
            f"| {title} | {out['seconds'][name]:.3f} | {low:.3f}–{high:.3f} "
            f"| {out['peak_mib'][name]:,.0f} | {share:.2f} |"
        )
    return peak, [*lines, ""]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10 thousand households alone")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reps", type=int, default=3)
    parser.add_argument("--claims", type=int, default=100_000_000, help="how many, generated")
    parser.add_argument("--claims-only", action="store_true", help="print that part alone")
    parser.add_argument("--no-dict", action="store_true", help="leave openfisca's dict route out")
    given = parser.parse_args()
    make_environment()
    if given.claims_only:
        say("\n".join(claims(given.claims, given.rounds, given.reps)[1]))
        return
    load = os.getloadavg()[0]
    folder, lines, results = section(SMALL, given.rounds, given.reps)
    if not given.no_dict:
        lines += dict_route(folder)
    targets: Report = ["| target | bound | measured | |", "|---|---|---|---|"]
    imports, explained, share = single(folder, 5)
    if not given.quick:
        large, more, results = section(LARGE, given.rounds, given.reps)
        lines += more
        ours = results["kokuho"]
        full = median(median(one["times"]) for one in ours)
        arrays = results["openfisca_array"]
        targets += [
            verdict("openfisca-core arrays / Kokuho", ratio(arrays, ours), 4, at_least=True),
            f"| – its calculation alone / Kokuho | | {ratio(arrays, ours, 'calculation'):.2f} | |",
            verdict("Kokuho / NumPy", ratio(ours, results["numpy"]), 1.2),
            f"| Kokuho / compiled loop | published | {ratio(ours, results['numba']):.2f} | |",
        ]
        for rounding in ("household", "person"):
            out = json.loads(run([BENCH / "vectors.py", large, rounding, str(VECTORS)]))
            say(f"{VECTORS} vectors, {rounding}: {out['seconds']:.2f} s")
            what = (
                f"{VECTORS:,} rate vectors, {out['insured']:,} insured, rounded per {rounding}: "
                f"{out['seconds']:.2f} s / one full levy of 1 M households {full:.2f} s"
            )
            targets.append(verdict(what, out["seconds"] / full, 15))
    what = (
        f"one household explained, {explained:.3f} s / "
        f"importing Polars and Pydantic, {imports:.3f} s"
    )
    targets += [verdict(what, share, 3)]
    factor, more = ledger(SMALL if given.quick else LARGE)
    targets += [verdict("receipts posted / COPY of their entries", factor, 10)]
    lines += more
    marks, more = linkage(200, 4_000) if given.quick else linkage(1_000, 20_000)
    targets += marks
    lines += more
    peak, more = claims(LARGE if given.quick else given.claims, given.rounds, given.reps)
    targets += [verdict("claim measures, peak memory in MiB", peak, 4_096), ""]
    lines += more
    versions = ", ".join((BENCH / "requirements.txt").read_text().split())
    head = [
        "# Performance",
        "",
        "Written by `make bench` (`benchmarks/run.py`); do not edit, but for the last section.",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}. {machine()}. {versions}. Load average at the start "
        f"{load:.1f}.",
        "",
        f"Each engine in fresh processes, taking turns, {given.rounds} rounds of {given.reps} "
        "(after one call that is not counted); the median of the rounds' medians, ratios of the "
        "same round. Inputs are loaded, results stay in memory. Before anything was timed, all "
        "engines agreed to the yen on every household (reduction, four parts, total). The "
        "population is synthetic (`benchmarks/population.py`), the ordinance 小金井市's of "
        "fiscal year 2026. One household is measured from the start of a fresh process, imports, "
        "ordinance and text of the explanation included.",
        "",
    ]
    page = "\n".join([*head, "## Targets", "", *targets, *lines])
    say(page)
    if not given.quick:
        kept = ROOT / "docs" / "performance.md"
        # what other benchmarks measured stands behind, and stays
        _own, mark, others = kept.read_text(encoding="utf-8").partition("\n## Printing a city")
        kept.write_text(page.rstrip() + "\n" + mark + others, encoding="utf-8")


if __name__ == "__main__":
    main()
