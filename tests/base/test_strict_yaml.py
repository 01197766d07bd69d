from pathlib import Path

import pytest

from kokuho.base.errors import CollectionError, PlanError
from kokuho.base.strict_yaml import read_yaml


def test_plain_values_are_read_with_and_without_a_byte_order_mark(tmp_path: Path) -> None:
    for name, mark in (("plain.yaml", b""), ("marked.yaml", b"\xef\xbb\xbf")):
        path = tmp_path / name
        path.write_bytes(mark + "a: 1\nb: [国保, 2]\n".encode())
        assert read_yaml(path, PlanError) == {"a": 1, "b": ["国保", 2]}


def test_a_key_written_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "twice.yaml"
    path.write_text("a: 1\nb:\n  c: 1\n  c: 2\n", encoding="utf-8")
    with pytest.raises(PlanError, match=r"twice.yaml の 4 行目.*c が二度"):
        read_yaml(path, PlanError)


def test_what_is_no_yaml_or_no_text_is_refused_in_the_tree_of_errors_asked_for(
    tmp_path: Path,
) -> None:
    broken, binary = tmp_path / "broken.yaml", tmp_path / "binary.yaml"
    broken.write_text("a: [1\n", encoding="utf-8")
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (broken, binary, tmp_path / "absent.yaml"):
        with pytest.raises(CollectionError, match=path.name):
            read_yaml(path, CollectionError)
