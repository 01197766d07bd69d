"""Inquiries where something goes wrong between the answers: what was answered is not lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kokuho.base.errors import LinkageError
from kokuho.linkage.exchange import Party
from kokuho.linkage.inquiring import Asked, inquire, keep
from kokuho.linkage.messages import (
    Envelope,
    Expected,
    KeyRing,
    SigningKey,
    new_number,
    seal,
    unseal,
)

FROM, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
KEYS = {name: SigningKey.generate(name, FROM, UNTIL) for name in ("immigration", "mesh")}
RING = KeyRing.of(key.public for key in KEYS.values())
PARTY = Party("immigration", "mesh", KEYS["immigration"], RING)


@dataclass
class Way:
    """A mesh that knows nobody, hands out no evidence, and breaks after some inquiries."""

    certificate: str = "ab" * 32
    theirs: str | None = None
    breaks_after: int = 99
    refuses: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def send(self, name: str, sealed: str, scope: str) -> str:
        question = unseal(
            sealed, RING,
            Expected("mesh", "immigration", self.certificate, frozenset({"inquire", "evidence"})),
            datetime.now(UTC),
        )  # fmt: skip
        if question.kind == "evidence":
            raise LinkageError("no token for this scope")
        if len(self.asked) == self.breaks_after:
            raise LinkageError("the line is down")
        case = str(question.body["reason"])
        self.asked.append(case)
        persons = [{"code": code, "state": "none", "records": []}
                   for code in question.body["codes"]]  # fmt: skip
        answer: tuple[str, dict[str, Any]] = ("answer", {"persons": persons})
        if case in self.refuses:
            answer = ("refused", {"code": "wrong_purpose"})
        return seal(
            Envelope(answer[0], new_number(), "mesh", "immigration", datetime.now(UTC),
                     "cd" * 32, question.number, answer[1]),
            KEYS["mesh"],
        )  # fmt: skip

    def results(self) -> Iterator[tuple[str, str]]:
        return iter(())

    def taken(self, name: str) -> None:
        """Nothing."""


ASKED = Asked("K-RESIDENCE", "officer-7", {"c1": ["a", "b", "a"], "c2": ["c"], "c3": ["d"]})


def test_each_case_is_one_question_and_each_code_is_asked_once(tmp_path: Path) -> None:
    way = Way()
    found = inquire(PARTY, way, ASKED)
    assert way.asked == ["c1", "c2", "c3"]
    assert [one.code for one in found.answers[0].persons] == ["a", "b"]
    # without evidence the signed answer alone is kept
    written = keep(found.answers[0], tmp_path / "out", "回答\n")
    assert {path.suffix for path in written} == {".txt", ".jws"}
    assert {path.stat().st_mode & 0o077 for path in written} == {0}


def test_a_case_that_is_refused_leaves_the_others_alone() -> None:
    found = inquire(PARTY, Way(refuses={"c2"}), ASKED)
    assert [one.case for one in found.answers] == ["c1", "c3"]
    [(case, words)] = found.failures
    assert case == "c2"
    assert "wrong_purpose" in words


def test_what_was_answered_before_the_line_broke_is_not_lost() -> None:
    found = inquire(PARTY, Way(breaks_after=1), ASKED)
    assert [one.case for one in found.answers] == ["c1"]
    assert found.failures == [("c2", "the line is down")]
    with pytest.raises(LinkageError, match="the line is down"):
        inquire(PARTY, Way(breaks_after=0), ASKED)
