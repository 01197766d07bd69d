"""People are found as they are typed: any script, any width, either calendar."""

from __future__ import annotations

from datetime import date

import pytest

from kokuho.office.register.models import Identity
from kokuho.office.search.finding import MOST, search
from kokuho.office.search.folding import fold
from kokuho.office.search.words import words_of
from kokuho.office.store.recording import amend, record
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, Store
from tests.office.people import add_household, add_insurer, add_resident, moment

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("試辻\U000e0101　例子", "試辻例子"),
        ("例葛\U000e0100", "例葛"),
        ("𠮷例", "吉例"),
        ("架髙", "架高"),
        ("見﨑", "見崎"),
        ("カクウ　タロウ", "かくう たろう"),
        ("ガッコウ", "ｶﾞﾂｺｳ"),
        ("ミホーン", "みほん"),
        ("NGUYEN VĂN ĐỨC", "nguyen van duc"),
        ("ＳＡＭＰＬＥ　ＡＮＨ", "Sample Anh"),
        ("SMITH-JONES", "smith jones"),
    ],
)
def test_a_name_is_the_same_however_it_is_written(stored: str, typed: str) -> None:
    assert fold(stored) == fold(typed)


def test_different_names_stay_different() -> None:
    names = ["カキ", "ガキ", "ハハ", "ババ", "パパ", "架空", "仮空", "SAMPLE", "SIMPLE"]
    assert len({fold(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    "text",
    ["S61.4.2", "s61.4.2", "S610402", "昭和61年4月2日", "1986-04-02", "1986/4/2", "Ｓ６１．４．２"],
)
def test_a_birth_date_is_read_in_either_calendar(text: str) -> None:
    (word,) = words_of(text)
    assert word.born == "1986-04-02"


def test_a_number_is_tried_with_and_without_leading_zeros() -> None:
    (word,) = words_of("００１６")
    assert {"16", "0016", "00000016"} <= set(word.numbers)
    assert words_of("　 ・ - ") == []


@pytest.fixture
def people(store: Store) -> None:
    add_insurer()
    with seeing([INSURER], writing=True):
        when = moment()
        first = add_resident(
            "0000000101", when, kanji="試辻\U000e0101　花子", kana="タメシツジ　ハナコ",
            birth_date="1986-04-02",
        )  # fmt: skip
        second = add_resident(
            "0000000102", when, latin="SAMPLE VAN ANH", kana="サンプル　バン　アン",
            common_name="架空　想美", common_name_kana="カクウ　ソウミ", birth_date="1990-05-00",
        )  # fmt: skip
        add_household("00000016", when, first, second)


def found(text: str) -> list[str]:
    with seeing([INSURER]):
        return [one.number[-3:] for one in search(text, TODAY).found]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("試辻", ["101"]),
        ("辻\U000e0101", ["101"]),
        ("ためしつじ", ["101"]),
        ("花子 S61.4.2", ["101"]),
        ("花子 S61.4.3", []),
        ("S61.4.2", ["101"]),
        ("1990-05-00", ["102"]),
        ("anh sample", ["102"]),
        ("架空", ["102"]),
        ("そうみ", ["102"]),
        ("16", ["102", "101"]),
        ("00000016", ["102", "101"]),
        ("101", ["101"]),
        ("16 花子", ["101"]),
        ("%", []),
        ("_", []),
        ("だれでもない", []),
    ],
)
def test_search(people: None, text: str, numbers: list[str]) -> None:
    assert found(text) == numbers


def test_a_former_name_is_found_and_the_present_one_shown(people: None) -> None:
    with seeing([INSURER], writing=True):
        known = Identity.objects.known().get(resident__address_number="0000000101")
        later = Identity(
            resident=known.resident, kanji="例田　花子", kana="レイダ　ハナコ",
            birth_date=known.birth_date, valid_from=date(2026, 5, 1),
        )  # fmt: skip
        record(moment(), [later])
    with seeing([INSURER]):
        (one,) = search("試辻", TODAY).found
        assert one.identity.kanji == "例田　花子"


def test_a_name_that_was_a_mistake_is_found_no_more(people: None) -> None:
    with seeing([INSURER], writing=True):
        known = Identity.objects.known().get(resident__address_number="0000000101")
        amend(moment(), known, kanji="仮谷　花子", kana="カリヤ　ハナコ")
    assert found("試辻") == []
    assert found("仮谷") == ["101"]


def test_recording_the_same_name_again_changes_nothing(people: None) -> None:
    with seeing([INSURER], writing=True):
        known = Identity.objects.known().get(resident__address_number="0000000101")
        same = known.again(known.valid_from, known.valid_to)
        assert not record(moment(), [same])


def test_more_people_than_a_list_shows_are_counted(store: Store) -> None:
    add_insurer()
    with seeing([INSURER], writing=True):
        when = moment()
        for number in range(MOST + 3):
            add_resident(f"9{number:03}", when, kanji="多数　太郎")
    with seeing([INSURER]):
        result = search("多数", TODAY)
        assert (len(result.found), result.total, result.more) == (MOST, MOST + 3, True)
        result = search("多数 9001", TODAY)
        assert (len(result.found), result.total, result.more) == (1, 1, False)


def test_a_list_that_stops_short_begins_with_the_first_by_kana(store: Store) -> None:
    add_insurer()
    with seeing([INSURER], writing=True):
        when = moment()
        for number in range(MOST + 3):
            add_resident(f"9{number:03}", when, kanji="多数　太郎", kana="タスウ　タロウ")
        add_resident("9999", when, kanji="多数　愛", kana="タスウ　アイ")
        add_resident("9998", when, latin="MANY ALICE", kanji="多数")
    with seeing([INSURER]):
        assert [one.number for one in search("多数", TODAY).found][:3] == ["9998", "9999", "9000"]
