"""``kokuho print`` as a clerk runs it, and its words in Japanese."""

from __future__ import annotations

import ast
import json
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from typer.testing import CliRunner

from kokuho.base.errors import KokuhoError
from kokuho.base.messages import LOCALE_DIR
from kokuho.cli import app
from kokuho.office.assessment.deciding import Decided, decide
from kokuho.office.printing.serving import WAYS
from kokuho.office.printing.states import STATES
from kokuho.office.tenancy import seeing
from tests.office.billing.town import bill_again
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer
from tests.office.printing.town import SLOTS, billed, household, printed, telling, text_of

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def slots(sqlite: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr("kokuho.office.start.start", lambda: None)  # the store is in use already
    monkeypatch.setenv("KOKUHO_LANG", "en")
    add_insurer()
    with telling() as told:
        household(told, 1)
        household(told, 2, address="", postal="")
    billed()
    path = tmp_path / "sender.yaml"
    path.write_text(SLOTS, "utf-8")
    return path


def kokuho(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["print", *words, "--insurer", INSURER])
    if isinstance(done.exception, KokuhoError):
        return 2, str(done.exception)
    return done.exit_code, done.output


def test_a_batch_a_list_and_a_reprint(slots: Path, tmp_path: Path) -> None:
    batch = ("batch", "levy", "--sender", str(slots), "--out", str(tmp_path / "o"),
             "--fiscal-year", "2026", "--issued-on", "R8.7.15")  # fmt: skip
    status, said = kokuho(*batch, "--json")
    answer = json.loads(said)
    # one waits for an address: a finding
    assert (status, answer["state"], answer["papers"]) == (1, "done", 1)
    assert [one["state"] for one in answer["left_out"]] == ["no_address"]
    assert kokuho(*batch)[0] == 1
    status, said = kokuho("list", "--json")
    (row,) = json.loads(said)["printed"]
    assert (row["household"], row["copy"]) == ("h01", 0)
    out = tmp_path / "again.pdf"
    status, said = kokuho("again", str(row["id"]), "--sender", str(slots), "--out", str(out))
    assert status == 0, said
    assert "(再発行1)" in text_of(out)[0]
    assert kokuho("cancel") == (0, "0 batches were asked to stop\n")


def test_one_paper_and_what_is_missing(slots: Path, tmp_path: Path) -> None:
    one = ("one", "levy", "--sender", str(slots), "--out", str(tmp_path / "p.pdf"),
           "--fiscal-year", "2026", "--issued-on", "2026-07-15")  # fmt: skip
    assert kokuho(*one, "--household", "h01")[0] == 0
    status, said = kokuho(*one, "--household", "h02")
    assert status == 2
    assert "no known address" in said
    assert kokuho(*one, "--household", "h99")[0] == 2
    assert kokuho("batch", "levy", "--sender", str(slots), "--out", str(tmp_path))[0] == 2


def test_of_several_papers_those_that_can_be_printed_are(slots: Path, tmp_path: Path) -> None:
    day = date(2026, 10, 5)
    with seeing([INSURER], writing=True):
        for since, given in ((9, {"amount": 3_000}), (10, {"share_ppm": 500_000})):
            first = date(2026, since, 1)
            decide(INSURER, Decided("exemption", "h01", first, decided_on=first, **given), "試験")
    bill_again(day)
    out = tmp_path / "relief.pdf"
    one = ("one", "relief", "--sender", str(slots), "--out", str(out), "--household", "h01",
           "--issued-on", day.isoformat())  # fmt: skip
    status, said = kokuho(*one)
    assert status == 1
    assert "wrote" in said
    assert "billing.household_exemption" in said
    assert len(printed()) == 1
    assert "減免する額3,000円" in "".join(text_of(out))
    # a second time nothing is left to print: both are said, and no file is written
    out.unlink()
    status, said = kokuho(*one)
    assert status == 2
    assert "was printed on" in said
    assert "billing.household_exemption" in said
    assert not out.exists()


def test_every_message_has_its_japanese() -> None:
    with (LOCALE_DIR / "ja" / "LC_MESSAGES" / "printing.po").open("rb") as lines:
        known = {message.id for message in read_po(lines) if message.id and message.string}
    files = [
        *(ROOT / "src/kokuho/office/printing").rglob("*.py"), ROOT / "src/kokuho/cli/printing.py",
    ]  # fmt: skip
    said = (
        {
            call.args[0].value
            for file in files
            for call in ast.walk(ast.parse(file.read_text("utf-8")))
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id == "_"
            and isinstance(call.args[0], ast.Constant)
        }
        | set(STATES.values())
        | set(WAYS.values())
    )
    assert said - known == set()
    assert known - said == set()
