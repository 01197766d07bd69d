"""From files to files: what a run writes, how it is replayed, what it refuses."""

import json
from pathlib import Path

import polars as pl
import pytest

from kokuho.base.errors import InputError, KokuhoError, OrdinanceError
from kokuho.levy import RESULT_COLUMNS
from kokuho.levy.kept import inputs_folder
from kokuho.levy.run import Run, levy_one, replay, run, summary
from kokuho.sample import write_city

YEAR = 2026


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    write_city(folder, persons=600, seed=7, fiscal_year=YEAR)
    return folder


def levy_city(city: Path, out: Path, steps: bool = False) -> Path:
    run(
        [city / "ordinance.yaml"],
        city / "persons.csv",
        city / "households.csv",
        YEAR,
        out,
        steps=steps,
    )
    return out


def test_the_assessment_file_has_the_agreed_columns_sorted_by_household(
    city: Path, tmp_path: Path
) -> None:
    out = levy_city(city, tmp_path / "a.csv")
    frame = pl.read_csv(out, schema_overrides={"household_id": pl.String})
    assert frame.columns == list(RESULT_COLUMNS)
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    assert frame["household_id"].is_sorted()
    assert (
        frame["total"] == frame.select(pl.sum_horizontal(RESULT_COLUMNS[4:8])).to_series()
    ).all()


def test_steps_are_kept_as_columns_when_asked_for(city: Path, tmp_path: Path) -> None:
    out = levy_city(city, tmp_path / "a.parquet", steps=True)
    frame = pl.read_parquet(out)
    assert frame.columns[: len(RESULT_COLUMNS)] == list(RESULT_COLUMNS)
    assert {"judged_income", "threshold_5", "medical_gross", "medical_cap"} <= set(frame.columns)


def test_totals_are_the_same_with_and_without_steps(city: Path, tmp_path: Path) -> None:
    bare = pl.read_parquet(levy_city(city, tmp_path / "a.parquet"))
    full = pl.read_parquet(levy_city(city, tmp_path / "b.parquet", steps=True))
    assert bare.equals(full.select(RESULT_COLUMNS))


def test_a_replay_gives_the_same_yen_after_the_files_have_changed(
    city: Path, tmp_path: Path
) -> None:
    out = levy_city(city, tmp_path / "a.csv")
    result = replay(out)
    assert (result.different.height, result.law_changed) == (0, False)
    assert result.households == summary(pl.read_csv(out))["households"]


def test_a_replay_names_the_households_whose_amount_was_changed_by_hand(
    city: Path, tmp_path: Path
) -> None:
    out = levy_city(city, tmp_path / "a.parquet")
    frame = pl.read_parquet(out)
    changed = frame.with_columns(
        total=pl.when(pl.int_range(pl.len()) == 3).then(pl.col("total") + 100).otherwise("total")
    )
    changed.write_parquet(out)
    assert replay(out).different["household_id"].to_list() == [frame["household_id"][3]]


def test_inputs_that_were_tampered_with_are_refused(city: Path, tmp_path: Path) -> None:
    out = levy_city(city, tmp_path / "a.csv")
    ordinance = inputs_folder(out) / "ordinance-0000.yaml"
    ordinance.write_text(ordinance.read_text(encoding="utf-8") + "# x\n", encoding="utf-8")
    with pytest.raises(InputError, match="ordinance-0000"):
        replay(out)


def test_one_household_is_explained_from_its_assessment(city: Path, tmp_path: Path) -> None:
    out = levy_city(city, tmp_path / "a.csv")
    wanted = pl.read_csv(out, schema_overrides={"household_id": pl.String})
    result, ordinance = levy_one(out, wanted["household_id"][5], None)
    assert result.households["total"][0] == wanted["total"][5]
    assert ordinance.fiscal_year == YEAR
    with pytest.raises(InputError, match="nobody"):
        levy_one(out, "nobody", None)


def test_a_year_without_an_ordinance_is_refused_and_nothing_is_written(
    city: Path, tmp_path: Path
) -> None:
    with pytest.raises(OrdinanceError):
        run(
            [city / "ordinance.yaml"],
            city / "persons.csv",
            city / "households.csv",
            2024,
            tmp_path / "a.csv",
        )
    assert list(tmp_path.iterdir()) == []


def test_refused_rows_stand_in_an_error_file_and_good_households_are_levied(
    city: Path, tmp_path: Path
) -> None:
    persons = (city / "persons.csv").read_text(encoding="utf-8-sig").splitlines()
    broken = persons[3].split(",")
    broken[persons[0].split(",").index("birth_date")] = "1990-99-99"
    persons[3] = ",".join(broken)
    (tmp_path / "persons.csv").write_text("\n".join(persons), encoding="utf-8")
    made = run(
        [city / "ordinance.yaml"],
        tmp_path / "persons.csv",
        city / "households.csv",
        YEAR,
        tmp_path / "out" / "a.csv",
    )
    assert made.errors is not None
    errors = pl.read_csv(made.errors)
    assert errors["行"][0] in (4, errors["行"].min())
    assert "not_a_date" in errors["コード"].to_list()
    whole = summary(made.households)["households"]
    assert whole == pl.read_csv(city / "households.csv").height - 1


def test_the_manifest_says_which_law_and_files_an_assessment_was_made_from(
    city: Path, tmp_path: Path
) -> None:
    out = levy_city(city, tmp_path / "a.csv")
    manifest = json.loads((inputs_folder(out) / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["fiscal_year"] == YEAR
    assert len(manifest["law"]) == 64
    assert set(manifest["files"]) == {
        "persons.parquet",
        "households.parquet",
        "ordinance-0000.yaml",
    }


def _city_run(city: Path, out: Path, *, persons: Path | None = None, times: int = 1) -> Run:
    return run(
        [city / "ordinance.yaml"] * times,
        persons or city / "persons.csv",
        city / "households.csv",
        YEAR,
        out,
    )


def test_a_run_in_which_every_row_is_refused_says_why_and_writes_no_result(
    city: Path, tmp_path: Path
) -> None:
    header, *rows = (city / "persons.csv").read_text(encoding="utf-8-sig").splitlines()
    place = header.split(",").index("birth_date")
    cells = [row.split(",") for row in rows]
    broken = [",".join([*row[:place], "?", *row[place + 1 :]]) for row in cells]
    persons = tmp_path / "persons.csv"
    persons.write_text("\n".join([header, *broken]), encoding="utf-8")
    made = _city_run(city, tmp_path / "a.csv", persons=persons)
    assert made.out is None
    assert made.errors is not None
    assert pl.read_csv(made.errors)["コード"].value_counts().height >= 1
    assert sum(refusal.code == "not_a_date" for refusal in made.refusals) == len(rows)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.errors.csv", "persons.csv"]


def test_a_result_is_never_written_over_an_input(city: Path, tmp_path: Path) -> None:
    persons = tmp_path / "persons.csv"
    persons.write_bytes((city / "persons.csv").read_bytes())
    before = persons.read_bytes()
    with pytest.raises(InputError, match=r"persons\.csv"):
        _city_run(city, persons, persons=persons)
    errors = tmp_path / "a.errors.csv"
    persons.rename(errors)
    with pytest.raises(InputError, match=r"a\.errors\.csv"):
        _city_run(city, tmp_path / "a.csv", persons=errors)
    assert errors.read_bytes() == before


def test_two_results_of_one_name_do_not_share_their_inputs(city: Path, tmp_path: Path) -> None:
    first = levy_city(city, tmp_path / "a.csv")
    with pytest.raises(InputError, match=r"a\.inputs"):
        levy_city(city, tmp_path / "a.parquet")
    assert replay(first).different.height == 0
    levy_city(city, first)


def test_the_same_insurer_twice_is_refused_by_its_code(city: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="992011"):
        _city_run(city, tmp_path / "a.csv", times=2)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(city: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(KokuhoError, match="file"):
        _city_run(city, tmp_path / "file" / "a.csv")


@pytest.mark.parametrize("content", ["", "nothing of this kind\n", "household_id,total\n1,x\n"])
def test_a_file_that_is_no_assessment_is_refused_by_name(
    city: Path, tmp_path: Path, content: str
) -> None:
    out = levy_city(city, tmp_path / "a.csv")
    out.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.csv"):
        replay(out)


def test_a_household_that_stands_twice_in_an_assessment_is_named(
    city: Path, tmp_path: Path
) -> None:
    out = levy_city(city, tmp_path / "a.csv")
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    out.write_text("\n".join([*lines, lines[3]]), encoding="utf-8")
    for ask in (replay, lambda path: levy_one(path, lines[1].split(",")[1], None)):
        with pytest.raises(InputError, match=lines[3].split(",")[1]):
            ask(out)


@pytest.mark.parametrize("content", ["{}", "[]", "{"])
def test_a_manifest_that_was_changed_is_refused_by_name(
    city: Path, tmp_path: Path, content: str
) -> None:
    out = levy_city(city, tmp_path / "a.csv")
    (inputs_folder(out) / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"manifest\.json"):
        replay(out)
