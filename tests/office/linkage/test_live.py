"""City, rehearsal mesh and examiner together, by the commands that people type, over real TLS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from typer.testing import CliRunner, Result

from kokuho.base.errors import InputError, LinkageError
from kokuho.cli import app
from kokuho.mesh.founding import Wanted, make
from kokuho.mesh.rehearsal import Rehearsal
from kokuho.office.register import insurers
from tests.mesh.serving import free_port, served
from tests.office.arrears.town import INSURER, pay
from tests.office.conftest import Store
from tests.office.linkage.city import EVENING, TODAY, officer, open_city

OF = ("--insurer", INSURER)
MUNICIPALITY = "139998"
PURPOSE = ("--purpose", "K-RESIDENCE", "--officer", "officer-7")


@pytest.fixture
def mesh(tmp_path: Path) -> Iterator[Rehearsal]:
    port = free_port()
    made = make(tmp_path / "mesh", Wanted(port=port))
    with served(made, port):
        yield made


@pytest.fixture(autouse=True)
def _city(sqlite: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kokuho.office.start.start", lambda **_more: None)
    began = datetime.now(UTC)  # the books have their day, the messages the real time
    monkeypatch.setattr(timezone, "now", lambda: EVENING + (datetime.now(UTC) - began))
    open_city()
    insurers.add(INSURER, "架空市", "架空県", MUNICIPALITY)
    for name in ("kakari", "kacho"):
        officer(name)


def called(*words: str) -> Result:
    result = CliRunner().invoke(app, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def run(*words: str, exit_code: int = 0) -> str:
    result = called("linkage", *words)
    assert result.exit_code == exit_code, result.output
    return result.stdout


@pytest.fixture
def city(mesh: Rehearsal) -> tuple[str, ...]:
    return (*OF, "--user", "kakari", "--link", str(mesh.client("city") / "link.yaml"))


@pytest.fixture
def agency(mesh: Rehearsal) -> tuple[str, ...]:
    return ("--link", str(mesh.client("immigration") / "link.yaml"))


def first_load(city: tuple[str, ...]) -> None:
    made = json.loads(run("register", *city, "--json"))
    for name in ("kakari", "kacho"):
        run("approve", str(made["ordinary"]), *OF, "--user", name)
    run("send", *city)


def code_of(agency: tuple[str, ...], person: str) -> str:
    line = run("codes", person, "--municipality", MUNICIPALITY, *agency)
    return line.strip().split(",")[1]


def test_the_whole_way_and_back(
    mesh: Rehearsal, city: tuple[str, ...], agency: tuple[str, ...], tmp_path: Path
) -> None:
    first_load(city)
    assert json.loads(run("reconcile", *city, "--json"))["differences"] == []

    code = code_of(agency, "1078")
    out = tmp_path / "answers"
    asked = (code, *PURPOSE, "--case", "case-1", *agency)
    told = run("inquire", *asked, "--out", str(out))
    assert "滞納  90,000  納期限を過ぎても納付されていない額です。" in told
    assert "世帯主が納める額" in told
    assert "この人の滞納と読まないでください" in told
    [evidence] = out.glob("*.json")
    assert f"verify-log {evidence.name}" in told
    assert [path.read_text(encoding="utf-8") for path in out.glob("*.txt")] == [told]
    checked = ("mesh", "verify-log", str(evidence), "--keys", str(mesh.folder / "ring.json"))
    assert called(*checked).exit_code == 0
    changed = json.loads(evidence.read_text(encoding="utf-8"))
    changed["record"]["outcome"] = "other"
    evidence.write_text(json.dumps(changed), encoding="utf-8")
    assert called(*checked).exit_code == 1

    files = tmp_path / "receipts"
    files.mkdir()
    pay(files, TODAY, ("78", 1, 30_000))
    assert json.loads(run("register", *city, "--touched", "--json"))["urgent"]
    run("send", *city)
    [answer] = json.loads(run("inquire", *asked, "--json"))["answers"]
    sums = answer["persons"][0]["household_head"]
    assert (sums["paid"], sums["overdue"], sums["later"]) == (30_000, 60_000, 0)
    assert json.loads(run("reconcile", *city, "--json"))["differences"] == []


def test_the_timer_alone_keeps_the_copies_fresh(
    city: tuple[str, ...], agency: tuple[str, ...], tmp_path: Path
) -> None:
    made = json.loads(run("tick", *city, "--json"))
    assert (made["ordinary"], made["sent"], made["alarm"]) == (1, 0, False)
    for name in ("kakari", "kacho"):
        run("approve", "1", *OF, "--user", name)
    assert json.loads(run("tick", *city, "--json"))["taken"] == 3
    files = tmp_path / "receipts"
    files.mkdir()
    pay(files, TODAY, ("78", 2, 30_000))
    assert "登録 1 件" in run("tick", *city)
    asked = (code_of(agency, "1078"), *PURPOSE, "--case", "case-1", *agency)
    [answer] = json.loads(run("inquire", *asked, "--json"))["answers"]
    assert answer["persons"][0]["household_head"]["overdue"] == 60_000


def test_bad_codes_leave_good_ones_alone(
    city: tuple[str, ...], agency: tuple[str, ...], tmp_path: Path
) -> None:
    first_load(city)
    code = code_of(agency, "1078")
    table = tmp_path / "persons.csv"
    table.write_text(
        f"符号,案件番号\n{code},case-1\n{'f' * 32},case-1\n,case-2\nno code,case-2\n{code},\n",
        encoding="utf-8",
    )
    result = called("linkage", "inquire", "--file", str(table), *PURPOSE, *agency, "--json")
    assert result.exit_code == 1
    told: dict[str, Any] = json.loads(result.stdout)
    [answer] = told["answers"]
    assert answer["case"] == "case-1"
    assert [one["state"] for one in answer["persons"]] == ["found", "unknown"]
    assert len(told["refused"]) == 3
    assert any("案件の番号" in one for one in told["refused"])


def test_no_inquiry_without_purpose_officer_and_case(agency: tuple[str, ...]) -> None:
    code = "0" * 32
    assert called("linkage", "inquire", code, "--case", "1", *agency).exit_code == 2
    with pytest.raises(InputError, match="案件の番号"):
        run("inquire", code, *PURPOSE, *agency)
    with pytest.raises(LinkageError, match="事務"):
        run("inquire", code, "--case", "1", "--purpose", " ", "--officer", "7", *agency)


def test_a_purpose_that_is_not_allowed_is_told_with_its_code(agency: tuple[str, ...]) -> None:
    wrong = ("--purpose", "K-OTHER", "--officer", "officer-7")
    told = called("linkage", "inquire", "0" * 32, "--case", "1", *wrong, *agency)
    assert told.exit_code == 1
    assert "wrong_purpose" in told.output


def test_who_has_no_right_is_told_no_more_than_that(mesh: Rehearsal) -> None:
    link = ("--link", str(mesh.client("hospital") / "link.yaml"))
    with pytest.raises(LinkageError, match="nhi:collection:inquire"):
        run("inquire", "0" * 32, "--case", "1", *PURPOSE, *link)


def test_the_evidence_of_an_answer_is_given_to_whom_the_answer_was_given_alone(
    mesh: Rehearsal, city: tuple[str, ...], agency: tuple[str, ...], tmp_path: Path
) -> None:
    from kokuho.linkage.exchange import ask, open_answer, party_of
    from kokuho.linkage.link import load_link
    from kokuho.linkage.messages import digest_of_text
    from kokuho.linkage.messages.bodies import SCOPES, Evidence
    from kokuho.linkage.transport import transport_of

    first_load(city)
    out = tmp_path / "answers"
    run("inquire", code_of(agency, "1078"), *PURPOSE, "--case", "1", *agency, "--out", str(out))
    [file] = out.glob("*.json")
    sealed = json.loads(file.read_text(encoding="utf-8"))["message"]

    def evidence(who: str) -> str:
        link = load_link(mesh.client(who) / "link.yaml")
        party, way = party_of(link), transport_of(link)
        body = Evidence(content=digest_of_text(sealed))
        answer = way.send("x", ask(party, way, "evidence", body).sealed, SCOPES["evidence"])
        assert answer is not None
        return str(open_answer(party, way, answer, "evidence").body["seal"])

    assert evidence("immigration")
    assert evidence("city") == ""
