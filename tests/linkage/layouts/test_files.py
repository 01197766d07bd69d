"""Files of collection records: what is written is read, in every form; damage is told."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kokuho.linkage.messages.layout_files import BrokenFileError, read_file, write_files
from kokuho.linkage.messages.layout_values import FieldError, carried
from tests.linkage.layouts.records import ASSUMED, RECORDS, in_form, record

FORMS = ("csv", "fixed", "xml", "json")


@pytest.mark.parametrize("form", FORMS)
@given(records=st.lists(RECORDS, max_size=8))
@settings(max_examples=60, deadline=None)
def test_records_come_back_as_their_layout_carries_them(form: str, records: list) -> None:  # type: ignore[type-arg]
    layout = in_form(form, split=3)
    files = list(write_files(layout, records))
    assert len(files) == -(-len(records) // 3)
    read = [read_file(layout, content) for content in files]
    assert [one for file in read for one in file.records] == [carried(layout, r) for r in records]
    assert all(not file.problems for file in read)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("line_end", ["crlf", "lf"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_every_encoding_and_line_end_is_written_and_read(
    form: str, line_end: str, encoding: str
) -> None:
    if (form, encoding) == ("fixed", "utf-8-sig"):
        return  # refused as a layout
    layout = in_form(form, line_end=line_end, encoding=encoding)
    [content] = write_files(layout, [record(), record(term=4)])
    assert (b"\r\n" in content) is (line_end == "crlf")
    assert content.startswith(b"\xef\xbb\xbf") is (encoding == "utf-8-sig")
    assert len(read_file(layout, content).records) == 2


@pytest.mark.parametrize("form", FORMS)
def test_no_change_of_one_byte_moves_money_or_a_key_unseen(form: str) -> None:
    """Totals vouch for the sums; what else a byte can change is told, or is another valid value."""
    layout = in_form(form)
    records = [record(term=term, paid=term) for term in (1, 2, 3)]
    [content] = write_files(layout, records)
    wanted = [carried(layout, one) for one in records]
    chance = random.Random(7)
    refused = told = 0
    for _each in range(500):
        changed = bytearray(content)
        changed[chance.randrange(len(changed))] = chance.choice(b'0123456789 ,"<{}x\xff\n')
        try:
            read = read_file(layout, bytes(changed))
        except BrokenFileError:
            refused += 1
            continue
        told += bool(read.problems)
        sums = [
            sum(int(one.fields[name] or 0) for one in read.records) for name in ("overdue", "paid")
        ]
        if not read.problems:
            assert sums == [
                sum(int(one.fields[name] or 0) for one in wanted) for name in ("overdue", "paid")
            ]
    assert refused > 50
    assert told > 5


@pytest.mark.parametrize("form", FORMS)
def test_a_record_that_cannot_be_read_leaves_the_others_alone(form: str) -> None:
    layout = in_form(form)
    [content] = write_files(layout, [record(), record(term=4, due=record().due.replace(day=29))])
    read = read_file(layout, content.replace(b"20260929", b"20260931"))
    assert [one.fields["term"] for one in read.records] == [3]
    assert [(one.record, one.field, one.code) for one in read.problems] == [(2, "due", "day")]


@pytest.mark.parametrize("form", FORMS)
def test_a_file_whose_totals_do_not_hold_is_refused(form: str) -> None:
    layout = in_form(form)
    [content] = write_files(layout, [record()])
    amount = content.rindex(b"19800", 0, content.rindex(b"19800"))  # the record's, not the total
    with pytest.raises(BrokenFileError, match="totals"):
        read_file(layout, content[:amount] + b"19900" + content[amount + 5 :])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("cut", [1, 10, 100])
def test_a_file_cut_off_is_refused(form: str, cut: int) -> None:
    layout = in_form(form)
    [content] = write_files(layout, [record(), record(term=4)])
    with pytest.raises(BrokenFileError):
        read_file(layout, content.rstrip()[:-cut])


def test_entities_in_xml_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]><collections>&a;</collections>'
    with pytest.raises(BrokenFileError):
        read_file(in_form("xml"), bomb)


def test_a_value_too_long_for_its_field_is_not_cut() -> None:
    with pytest.raises(FieldError) as caught:
        list(write_files(ASSUMED, [record(person="0" * 16)]))
    assert (caught.value.field, caught.value.code) == ("person", "length")


def test_what_a_record_says_does_not_hang_on_when_it_was_made() -> None:
    one, later = record(), record(version=2, as_of=record().as_of.replace(day=26))
    assert carried(ASSUMED, one).content == carried(ASSUMED, later).content
    assert carried(ASSUMED, one).content != carried(ASSUMED, record(paid=1)).content
    assert carried(ASSUMED, one).key == carried(ASSUMED, later).key == one.key
