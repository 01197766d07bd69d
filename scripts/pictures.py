"""The charts of docs/ja/forecast.md, from the council paper of the example (some minutes).

`.venv/bin/python scripts/pictures.py [FOLDER]`: FOLDER is one of `kokuho plan solve` or an earlier
paper of the example, and spares the searches.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from kokuho.cli.plan_forecast import read_variants
from kokuho.forms.charts import chart_svg
from kokuho.plan.paper import compose, make_runs, patterns
from kokuho.plan.scenario import load_scenarios

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "koganei" / "scenario.yaml"
PICTURES = ROOT / "docs" / "ja" / "img"
CHARTS = {"図3": "forecast_deficit", "図5": "forecast_patterns", "図6": "forecast_households"}
"""The charts of the paper that the guide shows, by their label."""


def main(solved: Path | None) -> None:
    """Write the SVG files in place."""
    chosen = patterns(load_scenarios(EXAMPLE))
    inputs = read_variants(EXAMPLE, [one.variant for one in chosen])
    runs = make_runs(chosen, inputs, solved=solved, note=print)
    for section in compose(runs, date(2026, 11, 25))["sections"]:
        for block in section["blocks"]:
            if block["type"] == "chart" and block["label"] in CHARTS:
                path = PICTURES / f"{CHARTS[block['label']]}.svg"
                path.write_text(chart_svg(block) + "\n", encoding="utf-8")
                print(path.relative_to(ROOT))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
