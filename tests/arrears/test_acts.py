"""Acts: what is refused, what stands, what is in force."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kokuho.arrears.acts import Act, Promise, check, in_force, standing
from kokuho.arrears.kinds import KINDS
from kokuho.base.errors import ArrearsError

TODAY = date(2026, 11, 25)
KNOWN = ("d1", "d2")


def act(number: int, kind: str, day: date = TODAY, **more: Any) -> Act:
    return Act(number, kind, day, "77", **more)


DEFERRAL = act(1, "deferral", date(2026, 1, 1), demands=("d1",), until=date(2026, 12, 31),
               code="sale_on_request")  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (act(2, "bribe"), "種類"),
        (act(2, "contact", date(2026, 11, 26), code="visit"), "未来"),
        (act(2, "contact"), "区分"),
        (act(2, "contact", code="dream"), "dream"),
        (act(2, "reminder"), "期別"),
        (act(2, "reminder", demands=("d9",)), "d9"),
        (act(2, "contact", code="visit", demands=("d1",)), "期別"),
        (act(2, "agreement", demands=("d1",)), "分納の計画"),
        (act(2, "agreement", demands=("d1",), plan=(Promise(date(2026, 11, 1), 1),)), "分納の期日"),
        (act(2, "agreement", demands=("d1",), plan=(Promise(TODAY, 0),)), "1円以上"),
        (act(2, "deferral_ended", text="不履行"), "番号"),
        (act(2, "deferral_ended", date(2025, 12, 1), refers=1, text="x"), "より前"),
        (act(2, "contact", code="visit", refers=1), "他の記録"),
        (act(2, "seizure", demands=("d1",), code="deposit", amount=0), "1円以上"),
        (act(2, "withdrawal", text="誤り", refers=9), "9"),
        (
            act(2, "deferral", date(2026, 6, 1), demands=("d1",), until=date(2026, 7, 1),
                code="sale_on_request"),
            "同じ期別",
        ),
        (
            act(2, "deferral", date(2026, 2, 1), demands=("d2",), until=date(2027, 2, 1),
                code="collection_hardship"),
            "令和9年1月31日まで",
        ),
        (
            act(2, "deferral", date(2026, 2, 1), demands=("d2",), until=date(2026, 1, 1),
                code="collection_hardship"),
            "より前",
        ),
    ],
)  # fmt: skip
def test_an_act_that_does_not_hold_together_is_refused(wrong: Act, says: str) -> None:
    with pytest.raises(ArrearsError, match=says):
        check(wrong, [DEFERRAL], KNOWN, TODAY)


@pytest.mark.parametrize(
    "right",
    [
        act(2, "contact", code="telephone"),
        act(2, "deferral_ended", refers=1, text="不履行"),
        act(2, "withdrawal", refers=1, text="誤り"),
        act(2, "deferral", date(2026, 2, 1), demands=("d2",), until=date(2027, 1, 31),
            code="collection_hardship"),
        act(2, "agreement", demands=KNOWN, plan=(Promise(TODAY, 5000),)),
    ],
)  # fmt: skip
def test_an_act_that_holds_together_is_taken(right: Act) -> None:
    check(right, [DEFERRAL], KNOWN, TODAY)


def test_a_deferral_is_extended_to_two_years_at_most() -> None:
    first = act(1, "deferral", date(2025, 1, 1), demands=("d1",), until=date(2025, 12, 31),
                code="sale_by_office")  # fmt: skip
    more = {"demands": ("d1",), "code": "sale_by_office"}
    check(act(2, "deferral", date(2026, 1, 1), until=date(2026, 12, 31), **more), [first],
          KNOWN, TODAY)  # fmt: skip
    again = act(2, "deferral", date(2026, 1, 1), until=date(2026, 9, 30), **more)
    with pytest.raises(ArrearsError, match="令和8年12月31日まで"):
        check(act(3, "deferral", date(2026, 10, 1), until=date(2027, 1, 1), **more),
              [first, again], KNOWN, TODAY)  # fmt: skip


def test_an_act_that_others_refer_to_is_withdrawn_after_them() -> None:
    ended = act(2, "deferral_ended", refers=1, text="不履行")
    with pytest.raises(ArrearsError, match="記録2"):
        check(act(3, "withdrawal", refers=1, text="誤り"), [DEFERRAL, ended], KNOWN, TODAY)
    gone = act(3, "withdrawal", refers=2, text="誤り")
    check(act(4, "withdrawal", refers=1, text="誤り"), [DEFERRAL, ended, gone], KNOWN, TODAY)


def test_what_was_withdrawn_stands_no_more_and_what_ended_is_out_of_force() -> None:
    ended = act(2, "deferral_ended", date(2026, 5, 1), refers=1, text="不履行")
    assert in_force("deferral", standing([DEFERRAL, ended]), date(2026, 5, 1)) == (DEFERRAL,)
    assert in_force("deferral", standing([DEFERRAL, ended]), date(2026, 5, 2)) == ()
    gone = act(3, "withdrawal", refers=2, text="誤り")
    assert standing([gone, ended, DEFERRAL]) == (DEFERRAL,)
    assert in_force("deferral", standing([DEFERRAL, ended, gone]), date(2026, 5, 2)) == (DEFERRAL,)


def test_every_kind_that_ends_another_names_kinds_there_are() -> None:
    assert all(end in KINDS for kind in KINDS.values() for end in kind.ends)
