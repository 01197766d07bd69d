"""Writing: in full or not at all, readable by Excel and by ourselves."""

import csv
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from kokuho.base.errors import TableError
from kokuho.tables import Refusal, in_place, write_csv, write_parquet, write_refusals

FRAME = pl.DataFrame({"氏名": ["架空 花子", 'a,"b"\nc'], "額": [1, -2]})


def test_a_csv_has_a_byte_order_mark_unless_refused(tmp_path: Path) -> None:
    write_csv(FRAME, tmp_path / "new" / "a.csv")
    assert (tmp_path / "new" / "a.csv").read_bytes().startswith("\ufeff氏名".encode())
    write_csv(FRAME, tmp_path / "b.csv", bom=False)
    assert (tmp_path / "b.csv").read_bytes().startswith("氏名".encode())
    assert pl.read_csv(tmp_path / "b.csv").equals(FRAME)


def test_parquet_is_read_back_as_it_was(tmp_path: Path) -> None:
    write_parquet(FRAME, tmp_path / "a.parquet")
    assert pl.read_parquet(tmp_path / "a.parquet").equals(FRAME)


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import polars as pl
from kokuho.base.errors import TableError
from kokuho.tables import write_csv, write_parquet
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
write = write_csv if sys.argv[1].endswith("csv") else write_parquet
try:
    write(pl.DataFrame({"a": range(1_000_000)}), Path(sys.argv[1]))
except TableError as error:
    print(error)
    sys.exit(7)
"""


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_nothing_is_half_written_when_the_disk_takes_no_more(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("as it was", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True
    )
    assert done.returncode == 7, done.stderr
    assert name in done.stdout
    assert path.read_text(encoding="utf-8") == "as it was"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_left_when_writing_breaks_off(tmp_path: Path) -> None:
    def write(part: Path) -> None:
        part.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_place(tmp_path / "a.csv", write)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(TableError, match=r"a\.csv"):
        write_csv(FRAME, tmp_path / "file" / "a.csv")


def test_a_new_file_has_the_rights_of_new_files(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_csv(FRAME, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_the_error_file_names_everything_and_runs_nothing_in_a_spreadsheet(tmp_path: Path) -> None:
    refusals = [
        Refusal("p.csv", 3, "amount", '=HYPERLINK("x")', "not_a_number", "整数", "金額"),
        Refusal("p.csv", 4, "amount", "-1,001", "too_small", "整数", "金額"),
    ]
    write_refusals(tmp_path / "e.csv", refusals)
    with (tmp_path / "e.csv").open(encoding="utf-8-sig", newline="") as file:
        header, first, second = csv.reader(file)
    assert header == ["ファイル", "行", "列", "項目", "値", "コード", "理由", "正しい値"]
    assert first == ["p.csv", "3", "amount", "金額", "'=HYPERLINK(\"x\")", "not_a_number",
                     "整数ではありません", "整数"]  # fmt: skip
    assert second[4] == "-1,001"


def test_an_error_file_without_refusals_is_a_header(tmp_path: Path) -> None:
    write_refusals(tmp_path / "e.csv", [])
    assert pl.read_csv(tmp_path / "e.csv").height == 0
