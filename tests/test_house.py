"""The house itself: the command starts light, the public names are complete."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import kokuho


def test_the_help_imports_no_heavy_library() -> None:
    code = (
        "import sys\n"
        "import kokuho.cli\n"
        "print([m for m in ('polars', 'pydantic', 'django', 'openpyxl', 'typst') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "room",
    [
        *("law", "ordinance", "levy", "billing", "ledger", "collection", "tables", "forms"),
        *("plan", "plan.scenario", "plan.forecast", "plan.solve"),
    ],
)
def test_public_names_of_a_room_are_all_there_and_named_once(room: str) -> None:
    module = importlib.import_module(f"kokuho.{room}")
    names = module.__all__
    assert len(names) == len(set(names))
    assert all(hasattr(module, name) for name in names)


def test_no_module_asks_the_machine_for_the_day_that_japan_has() -> None:
    source = Path(kokuho.__file__).parent
    asking = [path for path in source.rglob("*.py") if "date.today()" in path.read_text("utf-8")]
    assert asking == []
