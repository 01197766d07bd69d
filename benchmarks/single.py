"""One household with its explanation, and what importing Polars and Pydantic alone takes.

Run in a fresh process each time: ``single.py imports`` or ``single.py explain FOLDER``.
"""

from __future__ import annotations

import sys
import time

BEGAN = time.perf_counter()


def explain(folder: str) -> None:
    from datetime import date
    from pathlib import Path

    import polars as pl

    from kokuho.levy.explain import explain as explained
    from kokuho.levy.explain import text
    from kokuho.levy.kernel import levy
    from kokuho.ordinance.loading import load

    data = Path(__file__).parents[1] / "src/kokuho/ordinance/data/koganei.yaml"
    ordinance = load(data).year(2026)
    persons = pl.read_parquet(Path(folder) / "one_persons.parquet")
    houses = pl.read_parquet(Path(folder) / "one_households.parquet")
    result = levy(persons, houses, [ordinance])
    made = explained(result, houses["household_id"][0], ordinance, made_on=date(2026, 7, 1))
    assert len(text(made)) > 100


if __name__ == "__main__":
    if sys.argv[1] == "imports":
        import polars  # noqa: F401
        import pydantic  # noqa: F401
    else:
        explain(sys.argv[2])
    print(time.perf_counter() - BEGAN)
