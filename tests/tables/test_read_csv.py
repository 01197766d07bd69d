"""CSV: encodings, broken lines, headers. Every line is either a row or named."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kokuho.base.errors import TableError
from kokuho.tables import LINE, Column, Table, read_table
from tests.tables.conftest import COLUMNS, Read


def refused(table: Table) -> list[tuple[int, str, str, str]]:
    return [(r.line, r.column, r.value, r.code) for r in table.refusals]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_is_read(read: Read, encoding: str, line_end: str) -> None:
    table = read(line_end.join(["番号,氏名,金額", "001,架空 花子,5", "002,﨑髙①,6", ""]), encoding)
    assert table.refusals == []
    assert table.frame["id"].to_list() == ["001", "002"]
    assert table.frame["name"].to_list() == ["架空 花子", "﨑髙①"]
    assert table.frame["amount"].to_list() == [5, 6]
    assert table.frame[LINE].to_list() == [2, 3]


def test_a_byte_of_no_encoding_is_refused_with_its_line_in_utf8(read: Read) -> None:
    content = "id,name\n1,架空\n2,架".encode() + b"\xff\n" + "3,架空\n".encode()
    table = read(content)
    assert refused(table) == [(3, "", "2,架\ufffd", "undecodable")]
    assert "0xFF" in table.refusals[0].expected
    assert table.frame["name"].to_list() == ["架空", "架空"]
    assert table.refused_keys.rows() == [(3, "2", None)]


@pytest.mark.parametrize("byte", [b"\x80", b"\xa0", b"\xfd", b"\xff", b"\x81\x20"])
def test_a_byte_of_no_encoding_is_refused_with_its_line_in_cp932(read: Read, byte: bytes) -> None:
    good = "1,架空\n3,国保\n4,世帯\n".encode("cp932")
    table = read(b"id,name\n" + good + b"2," + byte + b"\n")
    assert [(r.line, r.code) for r in table.refusals] == [(5, "undecodable")]
    assert f"0x{byte[0]:02X}" in table.refusals[0].expected
    assert table.frame["name"].to_list() == ["架空", "国保", "世帯"]


def test_utf8_with_one_bad_byte_is_not_taken_for_cp932(read: Read) -> None:
    # as a whole these bytes also decode as CP932, into other characters
    content = "id,name\n1,ああ\n2,ああ\n".encode() + b"3,\xc0\xb1\n"
    content.decode("cp932")
    table = read(content)
    assert table.frame["name"].to_list() == ["ああ", "ああ"]
    assert [(r.line, r.code) for r in table.refusals] == [(4, "undecodable")]


def test_a_header_that_cannot_be_decoded_is_an_error_with_line_and_byte(read: Read) -> None:
    with pytest.raises(TableError, match=r"1行目.*0xFF"):
        read(b"id,\xff\n1,2\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("id\n1\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04\x00\x00", "テキスト"),
        (b"", "空"),
        (b"\xef\xbb\xbf", "空"),
        (b"\n \n,,\n", "空"),
        (b'id,"name\n1,2\n', "引用符"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(read: Read, content: bytes, words: str) -> None:
    with pytest.raises(TableError, match=words):
        read(content)


def test_a_header_alone_is_a_table_without_rows(read: Read) -> None:
    table = read("id,amount\n")
    assert table.frame.height == 0
    assert table.frame.schema["amount"].is_integer()


def test_too_few_and_too_many_cells_are_refused_alone(read: Read) -> None:
    table = read("id,name,amount\n1,a,1\n2,b\n3,c,1,234\n4,d,4\n")
    assert refused(table) == [
        (3, "", "2,b", "wrong_cell_count"),
        (4, "", "3,c,1,234", "wrong_cell_count"),
    ]
    assert table.frame["id"].to_list() == ["1", "4"]
    assert table.refused_keys["id"].to_list() == ["2", "3"]


def test_empty_cells_beyond_the_header_are_no_fault(read: Read) -> None:
    table = read("id,amount,,\n1,5,,\n2,6\n3,7,,,,\n")
    assert table.refusals == []
    assert table.frame["amount"].to_list() == [5, 6, 7]


def test_empty_lines_are_no_rows_but_are_counted(read: Read) -> None:
    table = read('\nid,amount\n\n1,5\n,\n"",""\n2,x\n\n')
    assert table.frame[LINE].to_list() == [4]
    assert refused(table) == [(7, "amount", "x", "not_a_number")]


def test_quotes_hold_commas_quotes_and_line_ends(read: Read) -> None:
    table = read('id,name,amount\r\n1,"a, ""b""\r\nc","1,234"\r\n2,d,x\r\n')
    assert table.frame["name"].to_list() == ['a, "b"\nc']
    assert table.frame["amount"].to_list() == [1234]
    assert refused(table) == [(4, "amount", "x", "not_a_number")]


def test_a_header_in_quotes_with_a_line_end_is_read(read: Read) -> None:
    table = read('id,"金\n額"\n1,5\n2,x\n')
    assert table.frame["amount"].to_list() == [5]
    assert refused(table) == [(4, "amount", "x", "not_a_number")]


def test_a_quote_left_open_takes_only_its_own_line(read: Read) -> None:
    table = read('id,name,amount\n1,"open,1\n2,b,2\n3,c,3\n4,"open,4\n5,e,5\n')
    assert [(r.line, r.code) for r in table.refusals] == [
        (2, "broken_quotes"),
        (5, "broken_quotes"),
    ]
    assert table.frame["id"].to_list() == ["2", "3", "5"]
    assert table.refused_keys["id"].to_list() == ["1", "4"]


def test_a_quote_within_a_cell_is_refused_alone(read: Read) -> None:
    table = read('id,name,amount\n1,a"b"c,1\n2,b,2\n')
    assert [(r.line, r.code) for r in table.refusals] == [(2, "broken_quotes")]
    assert table.frame["id"].to_list() == ["2"]


def test_headers_are_known_in_any_width_and_with_spaces(read: Read) -> None:
    table = read(" ＩＤ ,金　額（円）,生 年月日\n1,5,\n")
    assert table.frame["amount"].to_list() == [5]
    assert read("コード\n7\n").frame["id"].to_list() == ["7"]


def test_an_unknown_column_is_named_with_the_nearest_known_one(read: Read) -> None:
    with pytest.raises(TableError, match=r"amout.*amount"):
        read("id,amout\n1,5\n")
    with pytest.raises(TableError, match=r"世帯主か.*世帯主"):
        read("id,世帯主か\n1,5\n")


def test_a_nameless_column_with_cells_is_an_error(read: Read) -> None:
    with pytest.raises(TableError, match="2"):
        read("id,,amount\n1,surplus,5\n")


def test_a_column_that_stands_twice_is_an_error_even_under_two_names(read: Read) -> None:
    with pytest.raises(TableError, match="amount"):
        read("id,amount,金額\n1,5,6\n")


def test_a_missing_required_column_is_named_with_all_its_names(read: Read) -> None:
    with pytest.raises(TableError, match=r"id \(番号、コード\)"):
        read("amount\n1\n")


def test_a_missing_optional_column_has_its_default(read: Read) -> None:
    (row,) = read("id\n1\n").frame.iter_rows(named=True)
    assert (row["amount"], row["head"], row["share"]) == (0, False, 0)
    assert row["day"] is row["kind"] is row["name"] is None


def test_a_missing_file_and_an_unknown_kind_of_file_are_errors(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"none\.csv"):
        read_table(tmp_path / "none.csv", COLUMNS)
    (tmp_path / "a.docx").write_text("id\n")
    with pytest.raises(TableError, match=r"\.xlsx"):
        read_table(tmp_path / "a.docx", COLUMNS)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lines=st.lists(
        st.sampled_from(
            ["{n},a,1", '{n},"a",2', "{n},a", "{n},a,1,2", '{n},"a,3', "", '{n},a,"4"', '{n}",a,5']
        ),
        max_size=12,
    )
)
def test_every_line_is_a_row_or_named_or_empty(tmp_path: Path, lines: list[str]) -> None:
    """Whatever stands in other lines, a good line is read and a broken one is named."""
    written = [line.format(n=number) for number, line in enumerate(lines, start=2)]
    path = tmp_path / "lines.csv"
    path.write_text("\n".join(["id,name,amount", *written]), encoding="utf-8")
    columns = [Column(name, "text", name, nullable=True) for name in ("id", "name", "amount")]
    table = read_table(path, columns)
    named = {refusal.line for refusal in table.refusals}
    rows = set(table.frame[LINE])
    spanned = {
        line + n
        for line, *cells in table.frame.rows()
        for n in range(sum((cell or "").count("\n") for cell in cells) + 1)
    }
    whole = {n for n, line in enumerate(written, start=2) if line.count('"') in (0, 2) and
             line.replace('"', "").count(",") == 2 and '{n}"' not in line}  # fmt: skip
    assert whole <= rows
    assert not named & rows
    assert named | spanned == {n for n, line in enumerate(written, start=2) if line}
