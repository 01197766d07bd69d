import subprocess
import sys

import pytest
from typer.testing import CliRunner

from kokuho.cli.city import app

RUN = CliRunner()


def command(*args):
    return RUN.invoke(app, ["generate", *map(str, args)])


def test_the_command_names_what_it_wrote(tmp_path):
    result = command("--persons", 500, "--seed", 1, "--out", tmp_path / "city")
    assert result.exit_code == 0
    for name in ("persons.csv", "households.csv", "ordinance.yaml"):
        assert str(tmp_path / "city" / name) in result.stdout
        assert (tmp_path / "city" / name).is_file()
    assert "被保険者 500人" in result.stdout


def test_the_command_speaks_english_when_asked(tmp_path, monkeypatch):
    monkeypatch.setenv("KOKUHO_LANG", "en")
    result = command("--persons", 50, "--seed", 1, "--out", tmp_path)
    assert "50 of them insured" in result.stdout
    assert "fictional rates" in result.stdout


def test_the_command_writes_parquet(tmp_path):
    result = command("--persons", 50, "--seed", 1, "--out", tmp_path, "--format", "parquet")
    assert result.exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        "persons.parquet", "households.parquet", "ordinance.yaml",
    }  # fmt: skip


def test_the_command_takes_an_insurer_code(tmp_path):
    command("--persons", 5, "--seed", 1, "--out", tmp_path, "--insurer-code", "990019")
    assert (tmp_path / "persons.csv").read_text("utf-8-sig").splitlines()[1].startswith("990019,")


@pytest.mark.parametrize("persons", [0, -5])
def test_no_persons_are_refused(tmp_path, persons):
    result = command("--persons", persons, "--seed", 1, "--out", tmp_path)
    assert result.exit_code == 2


def test_a_wrong_year_is_said_in_one_line(tmp_path):
    args = ["--persons", "5", "--seed", "1", "--out", str(tmp_path), "--fiscal-year", "2019"]
    done = subprocess.run(
        [sys.executable, "-c", "from kokuho.cli import main; main()", "city", "generate", *args],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "令和元年度" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_loads_nothing_heavy_before_it_runs():
    code = "import sys, kokuho.cli.city; print('polars' in sys.modules, 'rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == "False"
