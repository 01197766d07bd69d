"""Lists of arrears: off until set, two other hands each time, never stale, all written down."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import DatabaseError
from django.utils import timezone

from kokuho.arrears import Act
from kokuho.base.errors import LinkageError
from kokuho.linkage.sharing import REQUIRED
from kokuho.office.accounts import rights
from kokuho.office.accounts.looks import Look
from kokuho.office.arrears.recording import record as record_acts
from kokuho.office.register.models import Handling, Resident
from kokuho.office.sharing import making
from kokuho.office.sharing.history import history
from kokuho.office.sharing.lists import ArrearsList, ListEvent, ListRow
from kokuho.office.sharing.models import SettingsEvent, Stated
from kokuho.office.sharing.output import FORMS, as_csv, as_xlsx
from kokuho.office.store.recording import record
from kokuho.office.tenancy import seeing
from tests.office.arrears.town import SINCE, pay
from tests.office.conftest import INSURER, Store
from tests.office.people import moment
from tests.office.sharing.town import COLUMNS, TO, Hands, folder, open_city, stated, user


@pytest.fixture
def hands(store: Store) -> Hands:
    return open_city()


def preview(number: int) -> making.Preview:
    with seeing([INSURER]):
        return making.preview(INSURER, number)


def written(hands: Hands, number: int, **more: Any) -> bytes:
    given = {"recipient": TO, "purpose": "架空の照会", "user": hands.maker, "render": as_csv}
    return making.write(INSURER, number, **{**given, **more})


def test_without_approved_settings_no_list_is_made_and_each_missing_one_is_named(
    hands: Hands,
) -> None:
    for _stage in ("nothing", "proposed", "one approval"):
        with pytest.raises(LinkageError) as error:
            hands.made()
        assert all(name in str(error.value) for name in REQUIRED)
        if _stage == "nothing":
            making.propose(INSURER, stated(), hands.maker)
        elif _stage == "proposed":
            assert not making.approve_settings(INSURER, 1, hands.first)
    with seeing([INSURER]):
        assert not ArrearsList.objects.exists()
    with pytest.raises(LinkageError, match="columns"):
        making.propose(INSURER, stated(columns=[]), hands.maker)


def test_who_proposed_or_made_it_does_not_approve_and_nobody_approves_twice(hands: Hands) -> None:
    number = making.propose(INSURER, stated(), hands.maker)
    with pytest.raises(LinkageError, match="作った人"):
        making.approve_settings(INSURER, number, hands.maker)
    making.approve_settings(INSURER, number, hands.first)
    with pytest.raises(LinkageError, match="すでに承認"):
        making.approve_settings(INSURER, number, hands.first)
    assert making.approve_settings(INSURER, number, hands.second)
    made = hands.made()
    with pytest.raises(LinkageError, match="作った人"):
        making.approve(INSURER, made, hands.maker)
    assert not making.approve(INSURER, made, hands.first)
    with pytest.raises(LinkageError, match="承認待ち"):
        written(hands, made)
    with pytest.raises(LinkageError, match="すでに承認"):
        making.approve(INSURER, made, hands.first)
    assert making.approve(INSURER, made, hands.second)
    with pytest.raises(LinkageError, match="承認待ちではありません"):
        making.approve(INSURER, made, hands.second)


def test_a_list_has_the_columns_that_are_set_and_no_other(hands: Hands) -> None:
    hands.set_up()
    number = hands.approved()
    lines = list(csv.reader(io.StringIO(written(hands, number).decode("utf-8-sig"))))
    assert lines[0] == ["世帯番号", "氏名", "納期限の過ぎた未納(円)", "最も古い納期限",
                        "納期限からの月数", "世帯の状態"]  # fmt: skip
    # 77 is Japanese; 78 to 80 are headed by foreign nationals
    assert [line[0] for line in lines[1:]] == ["78", "79", "80"]
    assert {len(line) for line in lines} == {len(COLUMNS)}
    sheet = openpyxl.load_workbook(io.BytesIO(written(hands, number, render=as_xlsx))).active
    assert sheet is not None
    assert (sheet.max_row, sheet.max_column) == (4, len(COLUMNS))
    assert [cell.value for cell in sheet["A"]] == ["世帯番号", "78", "79", "80"]
    assert isinstance(sheet["C2"].value, int)
    with seeing([INSURER]):
        assert all(list(row.shown) == COLUMNS or set(row.shown) == set(COLUMNS)
                   for row in ListRow.objects.all())  # fmt: skip
    assert set(FORMS) == {".csv", ".xlsx"}


def test_a_text_that_a_spreadsheet_would_compute_stays_a_text(hands: Hands) -> None:
    from kokuho.office.register.models import Identity

    with seeing([INSURER], writing=True):
        resident = Resident.objects.get(address_number="1078")
        row = Identity.objects.known().get(resident=resident)
        again = row.again(row.valid_from, row.valid_to)
        again.kanji = "=1+1"
        record(moment(), [again])
    hands.set_up()
    content = written(hands, hands.approved()).decode("utf-8-sig")
    assert ",'=1+1," in content.replace('"', "")


def test_money_that_came_after_the_list_was_made_stops_it(hands: Hands, tmp_path: Path) -> None:
    hands.set_up()
    number = hands.approved()
    written(hands, number)
    pay(folder(tmp_path), timezone.localdate(), ("79", 1, 100))
    with pytest.raises(LinkageError, match="1 世帯"):
        written(hands, number)
    making.reject(INSURER, hands.made(), "作り直す", hands.first)
    with pytest.raises(LinkageError, match="却下"):
        written(hands, 2)


def test_coming_to_terms_after_the_list_was_made_stops_it_too(hands: Hands) -> None:
    hands.set_up()
    number = hands.approved()
    today = timezone.localdate()
    talk = Act(0, "consultation", today, "78", code="counter", text="月末に払う", actor="試験")
    record_acts(INSURER, [talk], today=today)
    with pytest.raises(LinkageError, match="1 世帯"):
        written(hands, number)


def test_money_that_arrived_and_is_not_posted_keeps_a_household_off_the_list(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands.set_up()
    monkeypatch.setattr(
        "kokuho.office.sharing.households.arrived", lambda _insurer: {"78": {"": 5}}
    )
    found = preview(hands.made())
    assert [row["household"] for row in found.rows] == ["79", "80"]
    assert found.left_out == {"arrived": 1}


def test_protected_people_are_on_no_list(hands: Hands) -> None:
    with seeing([INSURER], writing=True):
        resident = Resident.objects.get(address_number="1079")
        record(moment(), [Handling(resident=resident, valid_from=SINCE, protected=True)])
    hands.set_up()
    found = preview(hands.made())
    assert [row["household"] for row in found.rows] == ["78", "80"]
    assert found.left_out == {"protected": 1}


def test_settings_that_name_nobody_make_no_list(hands: Hands) -> None:
    hands.set_up(criteria={"heads": "foreign", "months_overdue": 99})
    with pytest.raises(LinkageError, match="当てはまる世帯"):
        hands.made()


def test_stopping_takes_one_person_and_holds_at_once(hands: Hands) -> None:
    number = hands.set_up()
    made = hands.approved()
    with pytest.raises(LinkageError, match="理由"):
        making.stop(INSURER, " ", hands.first)
    assert making.stop(INSURER, "根拠の見直し", hands.first) == 1
    with pytest.raises(LinkageError, match="止められました"):
        written(hands, made)
    with pytest.raises(LinkageError, match="legal_basis"):
        hands.made()
    with pytest.raises(LinkageError, match="止められました"):
        making.approve_settings(INSURER, number, hands.second)


def test_who_got_it_why_and_whom_it_names_is_written_down_for_good(hands: Hands) -> None:
    hands.set_up()
    number = hands.approved()
    for given, says in (({"purpose": " "}, "何のため"), ({"recipient": "知らない課"}, "提供先")):
        with pytest.raises(LinkageError, match=says):
            written(hands, number, **given)
    content = written(hands, number)
    events = history(INSURER, hands.first)
    assert [(one["what"], one["kind"], one["actor"]) for one in events] == [
        ("settings", "proposed", "kakari"), ("settings", "approved", "kacho"),
        ("settings", "approved", "bucho"), ("list", "made", "kakari"),
        ("list", "approved", "kacho"), ("list", "approved", "bucho"),
        ("list", "written", "kakari"),
    ]  # fmt: skip
    assert (events[-1]["recipient"], events[-1]["text"]) == (TO, "架空の照会")
    assert events[-1]["digest"] == making._digest(content)
    with seeing([INSURER]):
        rows = set(
            Look.objects.values_list("user__username", "page", "resident__address_number",
                                     "purpose")
        )  # fmt: skip
    people = ("1078", "1079", "1080")
    assert rows == {("kakari", page, one, "架空の目的")
                    for page in ("sharing_made", "sharing_written") for one in people}  # fmt: skip
    for model in (Stated, SettingsEvent, ArrearsList, ListRow, ListEvent):
        with pytest.raises(DatabaseError), seeing([INSURER], writing=True):
            model.objects.all()._raw_delete("default")


def test_each_act_needs_its_own_right(hands: Hands) -> None:
    number = hands.set_up()
    made = hands.approved()
    none = user("none", rights.BUREAU_NOTICE, rights.FOREIGN_ARREARS)
    maker_only = user("maker", rights.SHARING_MAKE)
    makes = (
        lambda who: making.propose(INSURER, stated(), who),
        lambda who: making.make(INSURER, who),
        lambda who: written(hands, made, user=who),
    )
    approves = (
        lambda who: making.approve_settings(INSURER, number, who),
        lambda who: making.approve(INSURER, made, who),
        lambda who: making.reject(INSURER, made, "x", who),
    )
    either = (
        lambda who: making.stop(INSURER, "x", who),
        lambda who: making.look(INSURER, made, who, "sharing_show"),
        lambda who: history(INSURER, who),
    )
    for acts, who in ((makes, hands.first), (approves, maker_only), (makes, none),
                      (approves, none), (either, none)):  # fmt: skip
        for act in acts:
            with pytest.raises(LinkageError, match="権限"):
                act(who)
