import polars as pl
import pytest
from polars.testing import assert_frame_equal

from kokuho.base.errors import InputError, KokuhoError
from kokuho.ordinance import examine, load
from kokuho.sample import generate, ordinance_text, write_city, writing


def written(folder, *args, **kwargs):
    city = write_city(folder, *args, **kwargs)
    return [path.read_bytes() for path in (city.persons, city.households, city.ordinance)]


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_the_same_arguments_give_the_same_bytes(tmp_path, file_format):
    one = written(tmp_path / "one", 3000, 9, file_format=file_format)
    assert one == written(tmp_path / "two", 3000, 9, file_format=file_format)
    assert one[0] != written(tmp_path / "other", 3000, 10, file_format=file_format)[0]


def test_csv_files_open_in_excel(tmp_path):
    city = write_city(tmp_path, 200, 1)
    for path in (city.persons, city.households):
        text = path.read_bytes()
        assert text.startswith(b"\xef\xbb\xbfinsurer_code,household_id,")
        assert text.count(b"\xef\xbb\xbf") == 1
        assert text.count(b"insurer_code") == 1


def test_a_csv_says_yes_and_no_and_leaves_out_what_is_nothing(tmp_path):
    city = write_city(tmp_path, 2000, 1)
    read = pl.read_csv(city.persons, infer_schema=False)
    persons = generate(2000, 1)[0]
    assert set(read["head"]) == {"yes", "no"}
    assert (read["insured"] == "yes").to_list() == persons["insured"].to_list()
    assert read["business"].null_count() == (persons["business"] == 0).sum()
    assert "0" not in read["asset_tax"].drop_nulls().to_list()


def test_parquet_files_hold_what_was_generated(tmp_path):
    city = write_city(tmp_path, 2000, 1, file_format="parquet")
    persons, households = generate(2000, 1)
    assert_frame_equal(pl.read_parquet(city.persons), persons)
    assert_frame_equal(pl.read_parquet(city.households), households)


def test_the_counts_are_those_of_the_files(tmp_path):
    city = write_city(tmp_path, 1234, 1)
    persons = pl.read_csv(city.persons, infer_schema=False)
    assert city.insured_count == 1234 == (persons["insured"] == "yes").sum()
    assert city.person_count == persons.height
    assert city.household_count == pl.read_csv(city.households, infer_schema=False).height


def test_progress_reaches_the_whole_and_never_goes_back(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(writing.blocks, "__kwdefaults__", {"first_household": 1, "block": 300})
    write_city(tmp_path, 2000, 1, progress=lambda done, total: told.append((done, total)))
    assert [total for _done, total in told] == [2000] * len(told)
    done = [done for done, _total in told]
    assert len(done) > 3
    assert done == sorted(set(done))
    assert done[-1] == 2000


@pytest.mark.parametrize("fiscal_year", [2025, 2026])
def test_the_ordinance_is_whole_and_says_that_it_is_fictional(tmp_path, fiscal_year):
    city = write_city(tmp_path, 10, 1, fiscal_year)
    _ordinance, findings = examine(city.ordinance)
    assert [finding for finding in findings if finding.severity == "error"] == []
    ordinance = load(city.ordinance)
    year = ordinance.year(fiscal_year)
    assert (ordinance.insurer.name, year.source, year.status) == ("架空市", *["fictional"] * 2)
    assert (year.method, len(year.terms), year.prepayment.adopted) == (2, 8, fiscal_year >= 2026)
    codes = pl.read_csv(city.persons, infer_schema=False)["insurer_code"]
    assert set(codes) == {ordinance.insurer.code}


def test_the_ordinance_takes_the_insurers_code():
    assert 'code: "shop-7"' in ordinance_text(2026, "shop-7")
    assert 'municipality_code: "992011"' in ordinance_text(2026, "shop-7")


@pytest.mark.parametrize("code", ["", "a b", "12\n34", 'x"', "1" * 21])
def test_a_code_that_no_file_could_hold_is_refused(tmp_path, code):
    with pytest.raises(InputError):
        write_city(tmp_path, 10, 1, insurer_code=code)
    assert list(tmp_path.iterdir()) == []


def test_a_year_without_a_fictional_ordinance_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(InputError, match="令和6年度"):
        write_city(tmp_path / "city", 10, 1, 2024)
    assert not (tmp_path / "city").exists()


def test_what_fails_half_way_leaves_no_half_file(tmp_path, monkeypatch):
    write_city(tmp_path, 100, 1)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def failing(*args, **kwargs):
        yield from generate_once
        raise OSError(28, "No space left on device")

    generate_once = list(writing.blocks(50, 2))
    monkeypatch.setattr(writing, "blocks", failing)
    with pytest.raises(KokuhoError):
        write_city(tmp_path, 100, 2)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
