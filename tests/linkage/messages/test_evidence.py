"""Evidence: an export that was tampered with is told record by record."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kokuho.linkage import messages
from tests.linkage.messages.parties import (
    AGENCY,
    CITY,
    CLOCK,
    KEYS,
    MESH,
    NOW,
    RING,
    Log,
    letter,
    log_of,
)  # fmt: skip

SIZES = [4, 1, 6]
GOOD = log_of(SIZES, unsealed=3)


def found(lines: list[str]) -> set[tuple[str, int]]:
    report = messages.verify_log(lines, RING, whole=True)
    return {(one.code, one.number) for one in report.findings}


def line_of(number: int, log: Log = GOOD) -> int:
    return next(
        place
        for place, text in enumerate(log.lines)
        if json.loads(text).get("record", {}).get("number") == number
    )


def with_row(number: int, /, **change: Any) -> list[str]:
    lines = list(GOOD.lines)
    place = line_of(number)
    row = json.loads(lines[place])["record"] | change
    lines[place] = json.dumps({"record": row})
    return lines


def test_an_untouched_export_holds() -> None:
    report = messages.verify_log(GOOD.lines, RING, whole=True)
    assert report.findings == []
    assert (report.records, report.seals, report.stamped) == (14, 3, 3)
    assert (report.unsealed, report.closed, report.first, report.log) == (3, True, 1, MESH)


@given(number=st.integers(1, 14))
@settings(deadline=None)
def test_a_changed_record_is_named(number: int) -> None:
    assert found(with_row(number, outcome="no_right")) == {("changed", number)}


@given(number=st.integers(1, 11))
@settings(deadline=None)
def test_a_changed_record_is_named_though_its_digest_was_made_again(number: int) -> None:
    row = GOOD.records[number - 1].as_json() | {"outcome": "no_right"}
    row["digest"] = messages.digest_of({k: v for k, v in row.items() if k != "digest"})
    assert found(with_row(number, **row)) == {("changed", number)}


@given(number=st.integers(1, 14))
@settings(deadline=None)
def test_a_removed_record_is_named(number: int) -> None:
    lines = list(GOOD.lines)
    del lines[line_of(number)]
    assert found(lines) == {("removed", number)}


@given(number=st.integers(1, 11), target=st.integers(1, 11))
@settings(deadline=None)
def test_a_moved_record_is_named(number: int, target: int) -> None:
    lines = list(GOOD.lines)
    text = lines.pop(line_of(number))
    lines.insert(line_of(target), text)
    records = [text for text in lines if "record" in text]
    codes = found(lines)
    if number == target or records == [text for text in GOOD.lines if "record" in text]:
        assert {code for code, _number in codes} <= {"moved"}  # past a seal, or not at all
        return
    # of two that changed places either may be named
    assert codes in [{("moved", number)}, {("moved", number + 1)}, {("moved", number - 1)}]


def test_an_inserted_record_is_named() -> None:
    lines = list(GOOD.lines)
    stranger = messages.next_record(
        MESH, GOOD.records[1], messages.Happening(NOW, "in", "inquiry", AGENCY)
    )
    lines.insert(line_of(2) + 1, json.dumps({"record": stranger.as_json()}))
    assert found(lines) == {("inserted", 3)}


def test_a_removed_seal_is_told_and_its_records_are_still_followed() -> None:
    lines = [text for text in GOOD.lines if text != GOOD.lines[line_of(4) + 1]]
    codes = {code for code, _number in found(lines)}
    assert "seal_removed" in codes
    assert codes <= {"seal_removed", "stamp"}


def test_a_forged_seal_is_not_valid() -> None:
    lines = list(GOOD.lines)
    forged = messages.seal_records(GOOD.records[:4], messages.START, KEYS[CITY], NOW)
    lines[line_of(4) + 1] = json.dumps({"seal": forged})
    assert ("seal", 1) in found(lines)


def test_a_log_does_not_stamp_itself_and_no_stamp_is_older_than_its_seal() -> None:
    seal = json.loads(GOOD.lines[line_of(4) + 1])["seal"]
    digest = messages.digest_of_text(seal)
    for key, at in ((KEYS[MESH], NOW + timedelta(hours=2)), (KEYS[CLOCK], NOW)):
        lines = list(GOOD.lines)
        lines[line_of(4) + 2] = json.dumps({"stamp": messages.stamp_of(digest, 1, key, at)})
        assert found(lines) == {("stamp", 4)}


def test_records_cut_off_at_the_end_are_named() -> None:
    lines = list(GOOD.lines)
    del lines[line_of(13) : line_of(14) + 1]
    assert found(lines) == {("removed", 13), ("removed", 14)}


def test_without_a_closing_the_report_says_so() -> None:
    report = messages.verify_log(GOOD.lines[:-1], RING, whole=True)
    assert report.findings == []
    assert not report.closed


def test_a_log_goes_on_while_the_time_stamp_service_is_down() -> None:
    log = log_of([3, 3], stamped=False)
    report = messages.verify_log(log.lines, RING, whole=True)
    assert report.findings == []
    assert (report.seals, report.stamped) == (2, 0)


def test_a_line_that_is_no_part_of_a_log_is_told_with_its_place() -> None:
    lines = ["what?", *GOOD.lines]
    report = messages.verify_log(lines, RING, whole=True)
    assert [(one.code, one.line) for one in report.findings] == [("unreadable", 1)]


def test_a_key_withdrawn_later_leaves_the_seals_good_that_it_made_before() -> None:
    later = RING.with_revoked(KEYS[MESH].public.number, NOW + timedelta(days=30))
    assert messages.verify_log(GOOD.lines, later, whole=True).findings == []
    before = RING.with_revoked(KEYS[MESH].public.number, NOW)
    assert messages.verify_log(GOOD.lines, before, whole=True).findings


def evidence(**change: Any) -> messages.MessageEvidence:
    sealed = messages.seal(letter(number="m2"), KEYS[AGENCY])
    first = messages.next_record(MESH, None, messages.Happening(NOW, "event", "start"))
    happening = messages.Happening(
        NOW, "in", "inquiry", AGENCY, "m2", messages.digest_of_text(sealed), "residence"
    )
    record = messages.next_record(MESH, first, happening)
    seal = messages.seal_records([first, record], messages.START, KEYS[MESH], NOW)
    stamp = messages.stamp_of(messages.digest_of_text(seal), 1, KEYS[CLOCK], NOW)
    whole = {"message": sealed, "record": record.as_json(), "seal": seal, "stamp": stamp}
    return messages.MessageEvidence(**(whole | change))


def test_a_message_is_verified_by_its_record_seal_and_stamp_alone() -> None:
    envelope, findings = messages.verify_message(evidence(), RING)
    assert findings == []
    assert envelope == letter(number="m2")


def test_evidence_with_another_message_or_record_does_not_hold() -> None:
    other = messages.seal(letter(number="m3"), KEYS[AGENCY])
    codes = {one.code for one in messages.verify_message(evidence(message=other), RING)[1]}
    assert codes == {"content"}
    row = dict(evidence().record) | {"purpose": "other"}
    codes = {one.code for one in messages.verify_message(evidence(record=row), RING)[1]}
    assert codes == {"changed"}


@pytest.mark.parametrize("part", ["seal", "stamp"])
def test_evidence_with_a_foreign_seal_or_stamp_does_not_hold(part: str) -> None:
    foreign = {
        "seal": messages.seal_records(GOOD.records[:1], messages.START, KEYS[MESH], NOW),
        "stamp": messages.stamp_of("00" * 32, 1, KEYS[CLOCK], NOW),
    }
    assert messages.verify_message(evidence(**{part: foreign[part]}), RING)[1]


def test_a_record_whose_own_digest_was_changed_is_named() -> None:
    assert found(with_row(3, digest="0" * 64)) == {("changed", 3)}
