"""A case moves by recorded steps of persons alone, and only where they fit."""

from __future__ import annotations

import inspect
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kokuho.base.errors import LinkageError
from kokuho.linkage import bureau
from kokuho.linkage.bureau import (
    KINDS,
    STATES,
    Answer,
    Step,
    check,
    lacking,
    open_kinds,
    scheme,
    standing,
    state_of,
    unpaid,
)

RULE = scheme().on(date(2026, 4, 1))
TODAY = date(2026, 11, 25)
DAY = date(2026, 11, 2)
ALL = tuple(Answer(item.code, "架空の内容", "heard") for item in RULE.items)


class Story:
    """The steps of one case, each checked as it is recorded."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def tell(self, kind: str, code: str = "", **more: Any) -> Story:
        step = Step(len(self.steps) + 1, kind, more.pop("day", DAY), "係員", code, **more)
        check(RULE, step, self.steps, TODAY)
        self.steps.append(step)
        return self

    @property
    def state(self) -> str:
        return state_of(RULE, self.steps)


def interviewed() -> Story:
    return Story().tell("interview", answers=ALL)


def notified() -> Story:
    return interviewed().tell("decision", "notify", text="通学していない")


def sent() -> Story:
    return notified().tell("sending", to="架空出入国在留管理局", papers=("聴取書",))


def revoked() -> Story:
    return (
        sent()
        .tell("reply", "status_revoked")
        .tell("qualification", "revoked", text="在留資格の取消し", since=date(2026, 10, 1))
    )


def test_the_whole_way_to_a_recovery_that_is_paid() -> None:
    story = Story()
    assert story.state == "interview"
    story.tell("interview", answers=ALL[:5])
    assert (story.state, lacking(RULE, story.steps)) == ("interview", ("employment", "school"))
    story.tell("interview", answers=ALL[5:])
    assert story.state == "deciding"
    story.tell("decision", "notify", text="通学していない")
    assert story.state == "to_send"
    story.tell("sending", to="架空出入国在留管理局")
    story.tell("reply", "investigating")
    assert story.state == "waiting"
    story.tell("reply", "status_revoked")
    assert story.state == "to_act"
    story.tell("qualification", "revoked", text="取消し", since=DAY)
    story.tell("recovery", "claim", amount=300_000, text="令和8年6月分")
    story.tell("recovery", "paid", amount=100_000)
    assert (story.state, unpaid(story.steps)) == ("recovering", 200_000)
    with pytest.raises(LinkageError, match="200,000"):
        story.tell("recovery", "paid", amount=200_001)
    story.tell("recovery", "paid", amount=200_000)
    assert story.state == "done"


def test_not_to_notify_ends_a_case_and_needs_a_reason() -> None:
    with pytest.raises(LinkageError, match="理由"):
        interviewed().tell("decision", "not_notify", text="  ")
    story = interviewed().tell("decision", "not_notify", text="通学を確認した")
    assert story.state == "done"
    assert open_kinds(RULE, story.steps) == ("correction",)


def test_nobody_decides_before_all_seven_items_were_checked() -> None:
    for place in range(7):
        story = Story().tell("interview", answers=ALL[:place] + ALL[place + 1 :])
        with pytest.raises(LinkageError, match="聴き取り待ち"):
            story.tell("decision", "notify", text="疑い")


def test_an_item_that_could_not_be_checked_is_said_with_its_reason() -> None:
    answer = Answer("employment", "勤務先が答えなかった", "unknown")
    assert Story().tell("interview", answers=(*ALL[:5], answer, ALL[6])).state == "deciding"
    with pytest.raises(LinkageError, match="確認できない理由"):
        Story().tell("interview", answers=(replace(answer, value=" "),))
    with pytest.raises(LinkageError, match="確認の方法"):
        Story().tell("interview", answers=(replace(answer, how="guessed"),))
    with pytest.raises(LinkageError, match="overdue"):
        Story().tell("interview", answers=(replace(answer, code="overdue"),))
    with pytest.raises(LinkageError, match="二度"):
        Story().tell("interview", answers=(answer, answer))


@pytest.mark.parametrize(
    ("story", "kind", "more", "says"),
    [
        (Story, "sending", {"to": "局"}, "聴き取り待ち"),
        (interviewed, "reply", {"code": "no_finding"}, "判断待ち"),
        (notified, "sending", {}, "送付先"),
        (notified, "qualification", {"code": "revoked", "text": "x", "since": DAY}, "送付待ち"),
        (sent, "reply", {"code": "guilty"}, "guilty"),
        (sent, "reply", {"code": "other"}, "理由・内容"),
        (sent, "recovery", {"code": "claim", "amount": 1, "text": "x"}, "回答待ち"),
        (revoked, "recovery", {"code": "claim", "text": "x"}, "金額"),
        (revoked, "recovery", {"code": "claim", "text": "x", "amount": -1}, "金額"),
        (sent, "correction", {"text": "誤り", "refers": 1}, "最後"),
        (sent, "closing", {}, "理由"),
        (sent, "arrest", {}, "arrest"),
        (sent, "reply", {"code": "no_finding", "day": TODAY + timedelta(days=1)}, "先の日"),
        (sent, "reply", {"code": "no_finding", "day": DAY - timedelta(days=1)}, "より前"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(
    story: Any, kind: str, more: dict[str, Any], says: str
) -> None:
    with pytest.raises(LinkageError, match=says):
        story().tell(kind, **more)


def test_a_revocation_waits_for_the_bureau_to_have_revoked_the_status() -> None:
    for code in ("no_finding", "investigating"):
        story = sent().tell("reply", code)
        assert "qualification" not in open_kinds(RULE, story.steps)
    with pytest.raises(LinkageError, match="資格を取り消す日"):
        sent().tell("reply", "status_revoked").tell("qualification", "revoked", text="x")


def test_only_the_last_step_is_taken_back_and_it_stays_readable() -> None:
    story = notified().tell("correction", refers=2, text="別の人の記録だった")
    assert story.state == "deciding"
    assert [one.number for one in standing(story.steps)] == [1]
    assert len(story.steps) == 3
    story.tell("correction", refers=1, text="誤り")
    assert story.state == "interview"


def test_no_function_takes_a_nationality_or_what_is_owed_and_no_step_holds_it() -> None:
    """Which country somebody is of can change nothing here: nobody is told it."""
    for name in ("check", "state_of", "open_kinds", "lacking", "unpaid", "answers", "standing"):
        given_ = inspect.signature(getattr(bureau, name)).parameters
        assert {"rule", "step", "steps", "earlier", "today"} >= set(given_), name
    held = {field.name for field in fields(Step)}
    assert not held & {"nationality", "status", "overdue", "arrears", "unpaid"}
    inside = inspect.signature(type(RULE).within).parameters
    assert set(inside) == {"self", "acquired_on", "day"}


@settings(deadline=None)
@given(st.data())
def test_whatever_is_tried_a_case_never_skips_a_person_s_decision(data: st.DataObject) -> None:
    story = Story()
    for _turn in range(data.draw(st.integers(0, 14))):
        before = list(story.steps)
        fitting = open_kinds(RULE, story.steps)
        kind = data.draw(st.sampled_from([*fitting * 6, *KINDS]))
        code = data.draw(st.sampled_from(sorted(KINDS[kind].codes or {"": ""})))
        more = data.draw(
            st.fixed_dictionaries({
                "text": st.sampled_from(["理由", "理由", "理由", ""]),
                "answers": st.sampled_from([ALL, ALL, ALL[:3], ()]),
                "amount": st.sampled_from([1_000, 1, 0, None]),
                "to": st.sampled_from(["局", "局", ""]),
                "since": st.sampled_from([DAY, None]),
                "refers": st.sampled_from([len(before), 1, None]),
            })
        )  # fmt: skip
        try:
            story.tell(kind, code, **more)
        except LinkageError:
            assert story.steps == before
        stand = standing(story.steps)
        kinds = [step.kind for step in stand]
        assert story.state in STATES
        if "sending" in kinds:
            decided = [step for step in stand if step.kind == "decision"]
            assert [step.code for step in decided] == ["notify"]
            assert not lacking(RULE, stand)
            assert all(step.text and step.actor for step in decided)
        if "recovery" in kinds:
            assert "status_revoked" in [step.code for step in stand]
            assert "revoked" in [step.code for step in stand]
        assert unpaid(stand) >= 0
