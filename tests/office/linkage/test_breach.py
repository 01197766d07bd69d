"""Data for a breach report: from the logs, by period, user, page and person; people apart."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import kokuho
from kokuho.base.errors import InputError
from kokuho.cli import app
from kokuho.office.accounts import looks, rights
from kokuho.office.accounts.looks import Look
from kokuho.office.accounts.pages import pages
from kokuho.office.linkage.breach import Wanted, gather
from kokuho.office.register.models import Resident
from kokuho.office.tenancy import seeing
from kokuho.office.web.urls import urlpatterns
from tests.office.arrears.town import INSURER
from tests.office.conftest import Store
from tests.office.linkage.city import deliver, first_load, officer, open_city
from tests.office.linkage.other_side import OtherSide

ALWAYS = Wanted(date(2000, 1, 1), date(2100, 1, 1))


@pytest.fixture(autouse=True)
def _city(sqlite: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kokuho.office.start.start", lambda **_more: None)
    open_city()
    for user, page, *people in (
        ("kakari", "household", "1077", "1078"),
        ("kakari", "search", "1077"),
        ("kacho", "household", "1079"),
    ):
        with seeing([INSURER]):
            keys = [Resident.objects.get(address_number=one).pk for one in people]
        looks.note(officer(user), page, [looks.Seen(INSURER, key) for key in keys])


def found(**more: object) -> dict[tuple[str, str], set[str]]:
    wanted = Wanted(**({"first": ALWAYS.first, "last": ALWAYS.last} | more))  # type: ignore[arg-type]
    with seeing([INSURER]):
        return {(one.page, one.user): one.persons for one in gather(INSURER, wanted).seen}


def test_looks_are_found_by_user_page_person_and_period() -> None:
    assert found() == {
        ("household", "kakari"): {"1077", "1078"},
        ("search", "kakari"): {"1077"},
        ("household", "kacho"): {"1079"},
    }
    assert set(found(users=["kacho"])) == {("household", "kacho")}
    assert set(found(pages=["search"])) == {("search", "kakari")}
    assert found(persons=["1078"]) == {("household", "kakari"): {"1078"}}
    assert found(last=date(2000, 1, 2)) == {}
    with pytest.raises(InputError, match="household"):
        found(pages=["nothing"])
    with pytest.raises(InputError):
        found(last=date(1999, 1, 1))


def test_what_was_sent_to_the_other_side_counts_once() -> None:
    there = OtherSide()
    first_load(there)
    deliver(there, again=[1])
    [sent] = [people for (page, _user), people in found(users=["夜間"]).items()]
    assert {"1077", "1078"} <= sent


def test_the_report_names_nobody_and_the_list_stands_apart(tmp_path: Path) -> None:
    rights.allow("kacho", rights.BREACH, INSURER, actor="試験")
    out = tmp_path / "breach"
    words = ["breach", "--insurer", INSURER, "--user", "kacho", "--from", "2000-01-01",
             "--until", "2100-01-01", "--by", "kakari", "--out", str(out)]  # fmt: skip
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    text = (out / "report.txt").read_text(encoding="utf-8")
    assert "2 人(100 人を超える: いいえ)" in text
    assert [f"{number}. " in text for number in range(1, 10)] == [True] * 9
    assert "宛名番号、氏名、生年月日" in text
    assert not {"1077", "1078"} & set(text.replace("、", " ").split())
    listed = (out / "persons" / "persons.csv").read_text(encoding="utf-8-sig")
    assert "1077,2" in listed
    assert "1078,1" in listed
    assert (out / "persons").stat().st_mode & 0o077 == 0
    with seeing([INSURER]):
        assert Look.objects.filter(page="breach", user__username="kacho").count() == 2
    with pytest.raises(InputError, match="breach"):
        CliRunner().invoke(app, words, catch_exceptions=False)


def test_nobody_gathers_it_without_the_right(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="権限"):
        CliRunner().invoke(
            app,
            ["breach", "--insurer", INSURER, "--user", "kacho", "--from", "2026-01-01",
             "--until", "2026-12-31", "--out", str(tmp_path / "x")],
            catch_exceptions=False,
        )  # fmt: skip
    assert not (tmp_path / "x").exists()


NOTING = ("looks.note", "_note", "look")
"""Functions that write a look down under a name that they are given."""


def test_the_table_says_what_every_page_shows_that_writes_down_who_was_seen() -> None:
    named = {one.name for one in urlpatterns if getattr(one.callback, "looking", False)}
    for file in Path(kokuho.__file__).parent.glob("[co]*/**/*.py"):
        text = file.read_text(encoding="utf-8")
        if "looks.note(" not in text and "import look" not in text:
            continue
        tree = ast.parse(text)
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in NOTING:
                named |= set(_names(node.args, constants))
    assert named - set(pages()) == set()
    assert set(pages()) - named == {"linkage_send"}


def _names(given: Sequence[ast.expr], constants: Mapping[str, object]) -> Iterator[str]:
    """The texts among arguments, given as they are or by a constant of the file."""
    for one in given:
        said = one.value if isinstance(one, ast.Constant) else None
        if isinstance(one, ast.Name):
            said = constants.get(one.id)
        if isinstance(said, str):
            yield said
