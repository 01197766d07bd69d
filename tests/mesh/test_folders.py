"""The way by files: the same signatures and rights, whatever is killed, doubled or slipped in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kokuho.cli import app
from kokuho.linkage.messages import Expected, unseal
from kokuho.linkage.messages.bodies import Register
from kokuho.mesh import folders
from kokuho.mesh.folders import Taken
from tests.mesh.clients import AGENCY, CITY, Mesh, now, record


@pytest.fixture
def out(tmp_path: Path) -> Path:
    made = tmp_path / "out"
    made.mkdir()
    return made


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return tmp_path / "results"


def letter(mesh: Mesh, who: str = CITY, kind: str = "register", **other: Any) -> str:
    body = mesh.batch([record()])
    Register.model_validate(body)
    return mesh.letter(who, kind, body, **({"certificate": ""} | other))


def take(mesh: Mesh, out: Path, results: Path) -> Taken:
    return folders.take(mesh.service.exchange, out, results)


def answer(mesh: Mesh, file: Path, who: str = CITY) -> tuple[str, Mapping[str, Any]]:
    expected = Expected(who, "mesh", "", frozenset({"registered", "refused"}), None)
    found = unseal(file.read_text(), mesh.service.rehearsal.ring(), expected, now())
    return found.kind, found.body


def copies(mesh: Mesh) -> int:
    [count] = mesh.service.database.connection().execute("SELECT count(*) FROM copy").fetchone()
    return int(count)


def test_a_file_is_registered_and_its_result_is_signed(
    mesh: Mesh, out: Path, results: Path
) -> None:
    (out / "a.jws").write_text(letter(mesh))
    (out / "b.jws.part").write_text("half")
    assert take(mesh, out, results).answered == ["a.jws"]
    kind, body = answer(mesh, results / "a.jws")
    assert (kind, body["taken"], body["refused"]) == ("registered", 1, [])
    assert sorted(one.name for one in out.iterdir()) == ["b.jws.part", "taken"]
    assert [one.name for one in results.iterdir()] == ["a.jws"]
    assert [one["outcome"] for one in mesh.log()] == ["taken", "taken"]


def test_a_file_that_comes_twice_is_taken_once(mesh: Mesh, out: Path, results: Path) -> None:
    sealed = letter(mesh)
    for name in ("a.jws", "b.jws"):
        (out / name).write_text(sealed)
    done = take(mesh, out, results)
    assert (done.answered, done.refused) == (["a.jws"], [("b.jws", 409)])
    assert answer(mesh, results / "b.jws") == ("refused", {"code": "replayed"})
    assert copies(mesh) == 1


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"sent_at": now() - timedelta(days=8)}, "stale"),
        ({"sent_at": now() + timedelta(hours=1)}, "future"),
        ({"certificate": "ab" * 32}, "wrong_certificate"),
        ({"receiver": CITY}, "wrong_receiver"),
        ({"who": AGENCY}, "no_right"),
        ({"kind": "codes"}, "unknown_kind"),
    ],
)
def test_what_is_not_right_is_refused_with_its_code_and_logged(
    mesh: Mesh, out: Path, results: Path, other: dict[str, Any], code: str
) -> None:
    (out / "a.jws").write_text(letter(mesh, **other))
    done = take(mesh, out, results)
    assert (done.answered, copies(mesh)) == ([], 0)
    assert mesh.log()[0]["outcome"] == code
    if code == "no_right":
        assert answer(mesh, results / "a.jws", AGENCY) == ("refused", {"code": code})


def test_a_file_that_may_lie_for_days_is_taken(mesh: Mesh, out: Path, results: Path) -> None:
    (out / "a.jws").write_text(letter(mesh, sent_at=now() - timedelta(days=6)))
    assert take(mesh, out, results).answered == ["a.jws"]


def test_what_nobody_signed_gets_no_answer(mesh: Mesh, out: Path, results: Path) -> None:
    (out / "a.jws").write_text("no message")
    head, payload, signature = letter(mesh).split(".")
    (out / "b.jws").write_text(f"{head}.{payload}.{signature[::-1]}")
    assert take(mesh, out, results).unanswered == ["a.jws", "b.jws"]
    assert list(results.iterdir()) == []
    assert [one["outcome"] for one in mesh.log()] == ["malformed", "bad_signature"]


def test_killed_after_the_commit_the_first_answer_stays_the_answer(
    mesh: Mesh, out: Path, results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (out / "a.jws").write_text(letter(mesh))

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            take(mesh, out, results)
    assert copies(mesh) == 1
    assert take(mesh, out, results).answered == ["a.jws"]
    assert answer(mesh, results / "a.jws")[1]["taken"] == 1


def test_killed_before_the_commit_it_is_taken_anew(
    mesh: Mesh, out: Path, results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (out / "a.jws").write_text(letter(mesh))
    write = folders._write

    def killed(path: Path, text: str) -> None:
        write(path, text)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(folders, "_write", killed)
        with pytest.raises(KeyboardInterrupt):
            take(mesh, out, results)
    assert copies(mesh) == 0
    assert take(mesh, out, results).answered == ["a.jws"]
    assert copies(mesh) == 1


def test_the_command_tells_what_was_refused(mesh: Mesh, out: Path, results: Path) -> None:
    made = mesh.service.rehearsal
    words = ["mesh", "take", str(made.folder), "--secrets", str(made.secrets)]
    words += ["--from", str(out), "--to", str(results)]
    (out / "a.jws").write_text(letter(mesh))
    done = CliRunner().invoke(app, [*words, "--json"])
    assert (done.exit_code, json.loads(done.output)["answered"]) == (0, ["a.jws"])
    (out / "b.jws").write_text("no message")
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 1
    assert "b.jws" in done.output
