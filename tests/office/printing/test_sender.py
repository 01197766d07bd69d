"""The file of the operator's slots: what it says, what is missing, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from kokuho.base.errors import InputError
from kokuho.office import demo
from kokuho.office.printing.sender import load_office
from tests.office.conftest import INSURER
from tests.office.printing.town import SLOTS, office

PNG = b"\x89PNG\r\n\x1a\n"


def test_what_is_missing_is_named_and_the_paper_says_so(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(f'insurer_code: "{INSURER}"\n', "utf-8")
    found = load_office(path, INSURER)
    assert found.missing == [
        "authority", "office", "telephone", "seal", "window", "residence", "slip.pay_at",
        "slip.layouts",
    ]  # fmt: skip
    sender = found.sender("架空市", "架空市長")
    assert (sender.office, sender.telephone) == ("(未設定:担当課)", "(未設定:電話番号)")
    assert found.pay_at == ("(未設定:払える場所)",)
    assert found.residence is None


def test_seal_window_and_approval_come_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "seal.png").write_bytes(PNG)
    found = office(
        tmp_path,
        "seal: seal.png\nwindow: {left_mm: 22, top_mm: 15, width_mm: 90, height_mm: 45}\n"
        "residence: {approved_by: 架空市国保年金課長, approved_on: 2026-06-01}\n",
    )
    sender = found.sender("架空市", "架空市長")
    assert sender.seal == PNG
    assert (sender.window.left_mm, sender.window.height_mm) == (22, 45)
    assert found.residence is not None
    assert found.residence.approved


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("colour: red\n", "colour"),
        ("languages_for_all: [klingon]\n", "klingon"),
        ("window: {left_mm: 900, top_mm: 1, width_mm: 90, height_mm: 40}\n", "window.left_mm"),
        ("seal: gone.png\n", "gone.png"),
        ("office: again\n", "office"),
    ],
)
def test_a_wrong_file_is_refused_with_field_and_value(tmp_path: Path, more: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        office(tmp_path, more)


def test_a_seal_that_is_no_picture_and_another_insurers_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "seal.png").write_text("no picture", "utf-8")
    with pytest.raises(InputError, match="PNG or SVG"):
        office(tmp_path, "seal: seal.png\n")
    path = tmp_path / "other.yaml"
    path.write_text(SLOTS, "utf-8")
    with pytest.raises(InputError, match="992029"):
        load_office(path, "992029")


def test_the_demonstration_fills_the_slots_that_a_paper_cannot_do_without(tmp_path: Path) -> None:
    demo._sender(tmp_path, INSURER)
    found = load_office(tmp_path / "sender.yaml", INSURER)
    assert found.missing == ["seal", "window", "slip.layouts"]
    assert found.slot("weeks_before", "return_home") == 2
    assert found.slot("notice_month", "enrolment") == 7
    assert found.residence is not None
    assert not found.residence.approved  # printed as a draft (文案)
