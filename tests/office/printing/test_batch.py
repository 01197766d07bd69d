"""A batch of notices: its order, its totals, what it leaves out, what goes on after a stop."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from kokuho.base.errors import FormError, InputError, StoreError
from kokuho.forms import press
from kokuho.office.jobs.runs import ask_to_cancel
from kokuho.office.printing import batch
from kokuho.office.printing.kinds import LEVY
from kokuho.office.register.models import Residence
from kokuho.office.store.recording import record, retract
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import BEFORE, at
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer
from tests.office.printing.town import (
    billed,
    household,
    office,
    order,
    planned,
    printed,
    run,
    telling,
    text_of,
)


@pytest.fixture
def city(sqlite: Store) -> None:
    """Six households at three postcodes; one reads Vietnamese, one is protected."""
    add_insurer()
    with telling() as told:
        household(told, 1, "999-0003")
        household(told, 2, "999-0001", "vi", identity={"kanji": "", "latin": "EXAMPLE LONG NAME"})
        household(told, 3, "999-0002")
        household(told, 4, "999-0001")
        household(told, 5, "999-0001", protected=True)
        household(told, 6, "999-0002", "xx")
    billed()


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "out" / "control.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.mark.usefixtures("city")
def test_papers_are_sorted_by_postcode_then_number_and_the_protected_stand_apart(
    tmp_path: Path,
) -> None:
    done = run(tmp_path, per_file=3)
    assert done.state == "done"
    order = [(row.payer.address_number, row.file) for row in planned()]
    assert order == [("p02", 1), ("p04", 1), ("p03", 1), ("p06", 2), ("p01", 2), ("p05", 3)]
    pages = text_of(tmp_path / "out" / "levy-0001.pdf")
    # two Japanese pages and two Vietnamese, then two of each other reader
    assert "EXAMPLELONGNAME様" in pages[0]
    assert "参考訳(ベトナム語)" in pages[2]
    assert "架空p04様" in pages[4]
    last = text_of(tmp_path / "out" / "levy-0003.pdf")
    assert "架空p05様" in last[0]


@pytest.mark.usefixtures("city")
def test_the_control_list_says_where_each_paper_is_and_adds_up_to_the_bills(
    tmp_path: Path,
) -> None:
    done = run(tmp_path, per_file=3)
    listed = rows(tmp_path)
    with seeing([INSURER]):
        booked = LEVY.control(INSURER, order(tmp_path).asked, date(2026, 7, 15))
    assert sum(int(row["amount"]) for row in listed) == booked == done.counts["amount"]
    assert [(row["file"], row["page"], row["pages"]) for row in listed] == [
        ("1", "1", "4"), ("1", "5", "2"), ("1", "7", "2"), ("2", "1", "2"), ("2", "3", "2"),
        ("3", "1", "2"),
    ]  # fmt: skip
    assert [row["languages"] for row in listed][:2] == ["ja vi", "ja"]
    for row in listed:
        pages = text_of(tmp_path / "out" / f"levy-{int(row['file']):04d}.pdf")
        first = pages[int(row["page"]) - 1]
        assert f"{int(row['amount']):,}円" in first
    cover = "".join(text_of(tmp_path / "out" / "control.pdf"))
    assert f"{booked:,}円" in cover
    assert "6通14ページ3ファイル" in cover


@pytest.mark.usefixtures("city")
def test_nobody_protected_is_named_in_the_control_list(tmp_path: Path) -> None:
    run(tmp_path)
    row = rows(tmp_path)[-1]
    assert {row[name] for name in ("postal_code", "payer", "household", "reference")} == {"非表示"}
    content = (tmp_path / "out" / "control.csv").read_text("utf-8-sig")
    assert "p05" not in content
    assert "h05" not in content
    assert "p05" not in "".join(text_of(tmp_path / "out" / "control.pdf"))


@pytest.mark.usefixtures("city")
def test_what_is_recorded_is_who_got_which_version_when_and_by_whom(tmp_path: Path) -> None:
    run(tmp_path)
    papers = printed()
    assert len(papers) == 6
    assert {paper.actor for paper in papers} == {"試験"}
    assert len({paper.digest for paper in papers}) == 6
    assert all(len(paper.digest) == 64 and paper.batch == "levy" for paper in papers)
    by_payer = {paper.payer.address_number: paper for paper in papers}
    assert by_payer["p02"].languages == "ja vi"
    assert by_payer["p06"].languages == "ja"  # no papers in the language that is asked for


@pytest.mark.usefixtures("city")
def test_a_second_batch_prints_nobody_twice(tmp_path: Path) -> None:
    run(tmp_path)
    again = run(tmp_path, name="second")
    assert again.counts["papers"] == 0
    assert {row.state for row in planned()[6:]} <= {"before"}
    assert len(printed()) == 6


@pytest.mark.usefixtures("city")
def test_who_has_no_address_is_listed_and_takes_nobody_with_them(tmp_path: Path) -> None:
    with telling() as told:
        home = Residence(resident=at("p03"), valid_from=BEFORE, address="", postal_code="")
        record(told.moment, [home])
    done = run(tmp_path)
    assert done.counts["papers"] == 5
    last = planned()[-1]
    assert (last.payer.address_number, last.state, last.file) == ("p03", "no_address", 0)
    listed = rows(tmp_path)[-1]
    assert "p03" in listed["reason"]
    # the sum of all, printed or not, is still that of the books
    with seeing([INSURER]):
        booked = LEVY.control(INSURER, order(tmp_path).asked, date(2026, 7, 15))
    assert sum(int(row["amount"]) for row in rows(tmp_path)) == booked


@pytest.mark.usefixtures("city")
def test_a_difference_to_the_books_refuses_the_batch_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with seeing([INSURER]):
        booked = LEVY.control(INSURER, order(tmp_path).asked, date(2026, 7, 15))
    monkeypatch.setattr(LEVY, "control", lambda *_args: booked + 1, raising=False)
    with pytest.raises(StoreError, match=f"{booked + 1:,}"):
        run(tmp_path)
    assert not (tmp_path / "out").exists()
    assert printed() == []


@pytest.mark.usefixtures("city")
def test_a_batch_that_failed_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def breaks(papers: list[press.Sides], made_on: date) -> press.Pressed:
        calls.append(len(papers))
        if len(calls) == 2:
            raise FormError("out of paper")
        return press.press(papers, made_on)

    monkeypatch.setattr(batch, "press_apart", breaks)
    with pytest.raises(FormError, match="out of paper"):
        run(tmp_path, per_file=2)
    assert len(printed()) == 2
    done = run(tmp_path, per_file=2)
    assert done.state == "done"
    assert len(printed()) == 6
    # the first file was recorded, and is not made again
    files = [[row.file for row in planned()].count(file) for file in (1, 2, 3, 4)]
    assert files == [2, 2, 1, 1]
    assert calls[-3:] == files[1:]


@pytest.mark.usefixtures("city")
def test_a_batch_that_is_cancelled_stops_after_a_file_and_goes_on_when_asked(
    tmp_path: Path,
) -> None:
    asked = order(tmp_path, per_file=2)
    done = batch.print_batch(asked, lambda run: ask_to_cancel(INSURER, "print", run.key))
    assert done.state == "cancelled"
    assert len(printed()) == 2
    assert not (tmp_path / "out" / "control.csv").exists()
    assert batch.print_batch(asked).state == "done"
    assert len(printed()) == 6


@pytest.mark.usefixtures("city")
def test_a_batch_does_not_go_on_with_other_slots_or_another_day(tmp_path: Path) -> None:
    asked = order(tmp_path, per_file=2)
    batch.print_batch(asked, lambda run: ask_to_cancel(INSURER, "print", run.key))
    with pytest.raises(InputError, match="slots"):
        run(tmp_path, per_file=2, office=office(tmp_path, "hours: 9-17\n"))
    with pytest.raises(InputError, match="issued_on"):
        run(tmp_path, per_file=2, issued_on=date(2026, 7, 16))


@pytest.mark.usefixtures("city")
def test_all_papers_go_into_one_pdf_when_that_is_asked_for(tmp_path: Path) -> None:
    run(tmp_path, per_file=0)
    assert {row.file for row in planned()} == {1, 2}  # who is protected stands apart even so
    assert len(text_of(tmp_path / "out" / "levy-0001.pdf")) == 12


@pytest.mark.usefixtures("city")
def test_a_kind_that_is_not_fully_asked_for_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--run"):
        run(tmp_path, "slip")
    with pytest.raises(InputError, match="nothing"):
        run(tmp_path, "nothing")


def test_a_resident_who_left_without_an_address_is_listed_with_the_reason(
    sqlite: Store, tmp_path: Path
) -> None:
    add_insurer()
    with telling() as told:
        household(told, 1)
    billed()
    with telling() as told:
        left = date(2026, 7, 1)
        retract(told.moment, [Residence(resident=at("p01"), valid_from=left)])
        told.living("p01", until=left, ended_by="moved_abroad")
    run(tmp_path)
    (row,) = planned()
    assert (row.state, row.file) == ("no_address", 0)
