"""Files as the way: whole or not at all, and put away when they were recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from kokuho.base.errors import LinkageError
from kokuho.linkage.link import Link, load_link
from kokuho.linkage.transport import FolderTransport, transport_of


def test_a_message_appears_whole_under_its_name(tmp_path: Path) -> None:
    way = FolderTransport(tmp_path / "out", tmp_path / "in")
    assert way.send("992011-000001-0001", "a.b.c", "any") is None
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["992011-000001-0001.jws"]
    with pytest.raises(LinkageError, match="evil"):
        way.send("../evil", "a.b.c", "any")


def test_results_are_read_in_order_and_put_away(tmp_path: Path) -> None:
    way = FolderTransport(tmp_path / "out", tmp_path)
    for name in ("b.jws", "a.jws", "c.jws.part"):
        (tmp_path / name).write_text("x.y.z\n")
    assert list(way.results()) == [("a.jws", "x.y.z"), ("b.jws", "x.y.z")]
    way.taken("a.jws")
    assert [name for name, _text in way.results()] == ["b.jws"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file in the way")
    with pytest.raises(LinkageError, match="out"):
        FolderTransport(tmp_path / "out", tmp_path).send("x", "a.b.c", "any")


def test_the_file_of_a_link_is_checked_and_its_paths_are_its_own(tmp_path: Path) -> None:
    file = tmp_path / "link.yaml"
    file.write_text("client: a\ntransport: {form: files, out: o, results: r}\n", encoding="utf-8")
    link = load_link(file)
    way = transport_of(link)
    assert isinstance(way, FolderTransport)
    assert (way.out, way.results_folder) == (tmp_path / "o", tmp_path / "r")
    with pytest.raises(LinkageError, match="keys"):
        link.ring()
    with pytest.raises(LinkageError, match="transport"):
        transport_of(Link())
    file.write_text("client: a\nfreshness: {full_by: '25:00'}\nmesh: x\n", encoding="utf-8")
    with pytest.raises(LinkageError, match=r"full_by(.|\n)*mesh"):
        load_link(file)
