"""``kokuho plan form``, ``plan read`` of a form, ``plan collect``, as a clerk runs them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from kokuho.base.errors import InputError, PlanError
from kokuho.cli import app
from kokuho.plan import load_plan, plan_to_yaml
from tests.plan.city import city_plan


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(plan_to_yaml(city_plan()), encoding="utf-8")
    return path


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["plan", *map(str, arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


@pytest.mark.parametrize("name", ["form.pdf", "form.xlsx", "FORM.PDF"])
def test_a_form_is_written(name: str, plan_file: Path, tmp_path: Path) -> None:
    status, said = run("form", plan_file, "--out", tmp_path / name)
    assert status == 0
    assert (tmp_path / name).stat().st_size > 5_000
    assert said.endswith(f"wrote {tmp_path / name}\n")


def test_computed_rates_come_with_the_reason_for_those_that_stay_blank(
    plan_file: Path, tmp_path: Path
) -> None:
    status, said = run("form", plan_file, "--out", tmp_path / "f.pdf", "--with-rates")
    assert status == 0
    assert "[rate-base-uncertain]" in said


def test_a_form_comes_back_as_the_same_plan(plan_file: Path, tmp_path: Path) -> None:
    form, back = tmp_path / "form.xlsx", tmp_path / "back.yaml"
    run("form", plan_file, "--out", form, "--with-rates", "--progress")
    status, _said = run("read", form, "--out", back)
    assert status == 0
    assert load_plan(back) == city_plan()
    assert back.read_bytes() == plan_file.read_bytes()


def test_a_form_that_shows_what_does_not_hold_ends_with_1(plan_file: Path, tmp_path: Path) -> None:
    text = plan_file.read_text(encoding="utf-8")
    unknown = text.replace("{other_transfer: 90000,", "{other_transfer: null,", 1)
    plan_file.write_text(unknown, encoding="utf-8")
    status, said = run("form", plan_file, "--out", tmp_path / "f.pdf")
    assert status == 1
    assert "[amount-unknown]" in said
    assert (tmp_path / "f.pdf").exists()


def test_another_ending_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.pdf, \.xlsx"):
        run("form", tmp_path / "none.yaml", "--out", tmp_path / "form.docx")


def test_a_missing_plan_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(PlanError):
        run("form", tmp_path / "none.yaml", "--out", tmp_path / "form.pdf")
    assert not (tmp_path / "form.pdf").exists()


@pytest.mark.parametrize("ending", ["xlsx", "csv", "pdf"])
def test_plans_are_collected_and_a_broken_file_ends_with_1(
    ending: str, plan_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / f"table.{ending}"
    assert run("collect", tmp_path, "--out", out, "--year", 2026)[0] == 0
    (tmp_path / "broken.yaml").write_text("x: 1", encoding="utf-8")
    status, said = run("collect", tmp_path, "--out", out)
    assert status == 1
    assert "broken.yaml: not taken." in said
    assert "plans: 1, broken files: 1" in said
    assert out.exists()
    assert plan_file.exists()


def test_two_plans_of_one_insurer_end_with_1(plan_file: Path, tmp_path: Path) -> None:
    (tmp_path / "again.yaml").write_bytes(plan_file.read_bytes())
    status, said = run("collect", tmp_path, "--out", tmp_path / "t.csv", "--year", 2026)
    assert status == 1
    assert "架空県 見本市 has more than one plan: again.yaml, plan.yaml" in said
