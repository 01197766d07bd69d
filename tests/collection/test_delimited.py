"""Files whose fields stand between separators: the same checks, named by record and column.

With KOKUHO_FULL_SIZE=1 ten thousand damaged files in the slow test.
"""

from __future__ import annotations

import csv
import io
import random
from dataclasses import replace as changed
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base.errors import CollectionError
from kokuho.collection import (
    BrokenFileError,
    FileProblem,
    incoming_receipts,
    load_book,
    match,
    read_file,
    write_file,
)
from kokuho.collection.delimited import QuoteError, join, split
from tests.collection.agent import TITLES, Payment, bar_code, comma_file, weight_3
from tests.collection.town import FULL, INSURER, OWED, READ_ON, REAL

LAYOUT, BOOK = load_book("rehearsal_store_csv")
SHIPPED = Path(__file__).parents[2] / "src/kokuho/collection/data/rehearsal_store_csv.yaml"


def paid(number: int, **more: Any) -> Payment:
    return Payment(bar_code(50 + number, 1000 + number, "261228", 10_000 + 100 * number), **more)


SOUND = comma_file([paid(number) for number in range(1, 13)])


def taken(content: bytes) -> pl.DataFrame:
    return incoming_receipts(read_file(content, LAYOUT, BOOK, "a.csv"), READ_ON)


def problem(content: bytes) -> FileProblem:
    with pytest.raises(BrokenFileError) as error:
        taken(content)
    return error.value.problems[0]


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_file_with_commas_is_matched_like_any_other(end: str) -> None:
    content = comma_file([paid(1), paid(2, stage="01"), paid(3, stage="03")], end)
    matched = match(taken(content), OWED, INSURER)
    assert matched.lines["outcome"].to_list() == ["exact", "announced", "cancelled"]
    # with or without the last line end
    assert taken(content.removesuffix(end.encode())).height == 3


@pytest.mark.parametrize(
    ("old", "new", "record", "column", "code"),
    [
        ("20261201,0915", "20261301,0915", 2, 3, "date"),
        ("20261201,0915", "20261201,9915", 2, 4, "time"),
        ("20261201,0915", "2026121,0915", 2, 3, "length"),
        ("2,02,", "2,09,", 2, 2, "code"),
        ("2,02,", "3,02,", 2, 1, "record_kind"),
        ("2,02,", "2,,02,", 2, 8, "columns"),
        ("MISE000001", "mise000001", 2, 5, "character"),
        ("MISE000001", "MI\tE000001", 2, 5, "character"),
        ("見本店", "見本\t店", 2, 6, "character"),
        ('"架空', "架空", 2, 8, "quote"),
        ('見本店"', '見本店"x', 2, 6, "quote"),
        (",10100\r\n", ",10101\r\n", 2, 8, "constant"),
        (",10100\r\n", ",1010000\r\n", 2, 8, "length"),
        (",10100\r\n", ",\r\n", 2, 8, "digits"),
        (",10200\r\n8,2,20300", ",10200\r\n8,2,20301", 4, 3, "total"),
        (",10200\r\n8,2,20300", ",10200\r\n8,3,20300", 4, 2, "total"),
        ("8,2,20300\r\n", "", 4, 1, "order"),
        ("店名", "店号", 1, 1, "constant"),
        ("20261201,0915", "20370101,0915", 2, 3, "future"),
    ],
)  # fmt: skip
def test_damage_is_named_by_record_and_column(
    old: str, new: str, record: int, column: int, code: str
) -> None:
    text = comma_file([paid(1), paid(2)]).decode("cp932")
    if code == "quote" and record == 2 and column == 8:
        column = 7  # the comma of the name parts it: a mark stands behind a plain value
    assert old in text
    found = problem(text.replace(old, new, 1).encode("cp932"))
    assert (found.record, found.byte, found.code, found.unit) == (record, column, code, "column")


def test_the_message_speaks_of_the_column_and_names_the_field() -> None:
    found = problem(SOUND.replace(b",20261201,", b",20261301,", 1))
    assert "2 レコード目、3 列目 (収納日)" in found.message()


def test_a_byte_that_is_no_character_and_a_line_too_long_are_refused() -> None:
    assert problem(SOUND.replace("見本店".encode("cp932"), b"\x81", 1)).code in (
        "character", "quote",
    )  # fmt: skip
    assert problem(SOUND.replace(b"MISE000001", b"M" * 500, 1)).code == "length"
    assert problem(b"\r\n").code == "empty"


@given(st.lists(st.text(alphabet='ab",; ', max_size=6), min_size=2, max_size=5),
       st.sampled_from(["optional", "always"]), st.sampled_from([",", ";"]))  # fmt: skip
def test_values_come_back_as_they_were_and_any_reader_of_csv_agrees(
    values: list[str], quotes: str, delimiter: str
) -> None:
    layout = LAYOUT.model_copy(update={"quotes": quotes, "delimiter": delimiter})
    text = join(values, layout)
    assert split(text, layout) == values
    assert next(csv.reader([text], delimiter=delimiter)) == values


def test_quotation_marks_are_as_the_layout_has_them() -> None:
    always = LAYOUT.model_copy(update={"quotes": "always"})
    never = LAYOUT.model_copy(update={"quotes": "none"})
    for text, layout in (('"a",b', always), ('a,"b"', never), ('a"b', never), ('"a', always)):
        with pytest.raises(QuoteError):
            split(text, layout)
    with pytest.raises(QuoteError):
        join(["a,b"], never)


def test_what_is_written_is_read_again() -> None:
    rows = [
        {"stage": "02", "paid_on": "20261201", "paid_at": "0915", "store": "MISE000001",
         "store_name": '架空 "見本", 店', "payer": 51, "reference": 1001, "amount": 10_100,
         "due": READ_ON, "reissue": 0, "stamp": "0"}
    ]  # fmt: skip
    content = write_file(LAYOUT, {"data": rows}, BOOK)
    delivery = read_file(content, LAYOUT, BOOK, "a.csv")
    [(number, row)] = delivery.of_kind("data")
    assert (number, row["store_name"], row["amount"]) == (2, '架空 "見本", 店', "10100")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("line_ends: [crlf, lf]", "line_ends: [none]"),
        ("offset: 4", "offset: 5"),
        ('delimiter: ","', ""),
        ("kind: receipts", "kind: barcode"),
        ("name: store_name, title: 店名, offset: 6, length: 40, type: any",
         "name: store_name, title: 店名, offset: 6, length: 1, type: check"),
        ("of: rehearsal_barcode", "of: rehearsal_store_csv"),
    ],
)  # fmt: skip
def test_a_layout_that_does_not_hold_together_is_refused(
    tmp_path: Path, old: str, new: str
) -> None:
    path = tmp_path / "mine.yaml"
    text = SHIPPED.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(CollectionError):
        load_book(path)


def must_refuse(content: bytes) -> bool:
    """What a reader with the text of the layout and a CSV reader of its own finds wrong."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode("cp932"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return True
    if not rows or rows[0] != TITLES or any(len(row) != 8 for row in rows[1:-1]):
        return True
    if len(rows[-1]) != 3 or rows[-1][0] != "8":
        return True
    data, last = rows[1:-1], rows[-1]
    codes, yen = [row[6] for row in data], [row[7] for row in data]
    if any(not (one.isascii() and one.isdecimal()) for one in (*codes, *yen, *last)):
        return True
    bad = any(len(one) != 44 or weight_3(one[:43]) != int(one[43]) for one in codes)
    beside = any(int(one[37:43]) != int(y) for one, y in zip(codes, yen, strict=True))
    return bad or beside or [int(last[1]), int(last[2])] != [len(data), sum(map(int, yen))]


def damaged(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content))
    kind = chance.randrange(6)
    byte = bytes([chance.choice(b'0123456789,,"" \r\nA') if chance.random() < 0.7
                  else chance.randrange(256)])  # fmt: skip
    if kind <= 1:
        return content[:place] + byte + content[place + 1 :]
    if kind == 2:
        return content[:place] + byte + content[place:]
    if kind == 3:
        return content[:place] + content[place + chance.choice([1, 1, 2, 9, 60]) :]
    if kind == 4:
        return content[:place] + content[place : place + 2][::-1] + content[place + 2 :]
    lines = content.splitlines(keepends=True)
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one if chance.random() < 0.5 else two]
    return b"".join(lines)


def run(seed: int, count: int) -> tuple[int, int]:
    chance = random.Random(seed)
    refused = held = 0
    for number in range(count):
        content = damaged(SOUND, chance)
        note = f"{seed}/{number}"
        try:
            incoming = taken(content)
        except BrokenFileError as error:
            refused += all(one.record >= 1 and 1 <= one.byte <= 9 for one in error.problems)
            continue
        held += 1
        assert not must_refuse(content), note
        matched = match(incoming, OWED, INSURER)
        posted = matched.post()
        assert set(posted.select("demand_id", "amount").rows()) <= REAL, note
        assert posted["demand_id"].is_unique().all(), note
        both = posted["amount"].sum() + matched.suspense()["amount"].sum()
        assert incoming.filter(pl.col("stage") == "final")["amount"].sum() == both, note
    assert refused + held == count
    return refused, held


def test_a_damaged_file_is_refused_or_harmless() -> None:
    refused, held = run(1, 200)
    assert (refused > 100, held > 5) == (True, True)


@pytest.mark.slow
def test_a_damaged_file_is_refused_or_harmless_ten_thousand_times() -> None:
    refused, held = run(2, FULL)
    assert (refused > FULL // 2, held > FULL // 50) == (True, True)


def test_a_payment_of_another_day_is_another_payment() -> None:
    one, two = paid(1), changed(paid(1), time="0916")
    matched = match(taken(comma_file([one, two])), OWED, INSURER)
    assert matched.lines["outcome"].to_list() == ["exact", "duplicate"]
