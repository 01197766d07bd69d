"""Disposal of the files of the exchange, with proof."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.utils import timezone

from kokuho.base.errors import LinkageError
from kokuho.linkage.link import Folders, Link
from kokuho.linkage.messages import digest_of_text
from kokuho.linkage.transport import FolderTransport
from kokuho.office.linkage.disposing import dispose
from kokuho.office.linkage.event import BatchEvent
from kokuho.office.linkage.sending import results, send
from kokuho.office.tenancy import seeing
from tests.office.arrears.town import INSURER
from tests.office.conftest import Store
from tests.office.linkage.city import both_approve, look, open_city
from tests.office.linkage.other_side import PARTY, OtherSide


@pytest.fixture
def link(store: Store, tmp_path: Path) -> Link:
    """The first load went out as a file, and its result came as one."""
    open_city()
    (tmp_path / "results").mkdir()
    way = FolderTransport(tmp_path / "out", tmp_path / "results")
    both_approve(look().ordinary)
    send(INSURER, PARTY, way, actor="夜間")
    there = OtherSide(certificate="", as_files=True)
    for file in (tmp_path / "out").glob("*.jws"):
        there.send(file.stem, file.read_text(), "")
    for name, sealed in there.results():
        (tmp_path / "results" / name).write_text(sealed)
    return Link(transport=Folders(form="files", out=way.out, results=way.results_folder))


def files(link: Link) -> list[Path]:
    assert isinstance(link.transport, Folders)
    return [*link.transport.out.glob("*.jws"), *link.transport.results.glob("**/*.jws")]


def proofs() -> dict[str, str]:
    with seeing([INSURER]):
        rows = BatchEvent.objects.filter(insurer_id=INSURER, kind="disposed")
        return {one.detail["digest"]: one.actor for one in rows}


def record(link: Link) -> None:
    assert isinstance(link.transport, Folders)
    way = FolderTransport(link.transport.out, link.transport.results)
    results(INSURER, PARTY, way, actor="夜間")


def test_what_is_not_recorded_yet_stays(link: Link) -> None:
    assert dispose(INSURER, link, actor="係", days=0) == []
    assert len(files(link)) == 2


def test_what_is_recorded_is_deleted_after_its_days_and_proved(link: Link) -> None:
    record(link)
    digests = {digest_of_text(one.read_text().strip()) for one in files(link)}
    assert dispose(INSURER, link, actor="係") == []
    week_ago = timezone.now().timestamp() - 8 * 86_400
    for one in files(link):
        os.utime(one, (week_ago, week_ago))
    done = dispose(INSURER, link, actor="係")
    assert {one.digest for one in done} == digests
    assert files(link) == []
    assert proofs() == dict.fromkeys(digests, "係")


def test_killed_after_the_proof_the_file_is_deleted_by_the_next_call(
    link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(link)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", _fails)
        with pytest.raises(LinkageError):
            dispose(INSURER, link, actor="係", days=0)
    assert len(files(link)) == 2
    dispose(INSURER, link, actor="係", days=0)
    assert files(link) == []
    assert len(proofs()) == 2


def _fails(*_given: object, **_more: object) -> None:
    raise OSError(5, "no power")


def test_a_file_that_nobody_knows_is_left(link: Link) -> None:
    record(link)
    assert isinstance(link.transport, Folders)
    strange = link.transport.out / "strange.jws"
    strange.write_text("a.b.c")
    dispose(INSURER, link, actor="係", days=0)
    assert files(link) == [strange]


def test_a_link_without_files_has_nothing_to_dispose_of(store: Store) -> None:
    with pytest.raises(LinkageError, match="ファイル"):
        dispose(INSURER, Link(), actor="係")
