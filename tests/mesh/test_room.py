"""The room keeps apart: it imports base and the forms of messages alone, and no other server."""

from __future__ import annotations

import ast
from pathlib import Path

import kokuho.mesh

ROOT = Path(kokuho.mesh.__file__).parent


def test_mesh_imports_base_and_the_forms_of_messages_alone() -> None:
    allowed = ("kokuho.base", "kokuho.linkage.messages", "kokuho.mesh")
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            wrong = [n for n in names if n.startswith("kokuho") and not n.startswith(allowed)]
            assert wrong == [], path


def test_nothing_in_the_pages_comes_from_elsewhere() -> None:
    for path in [*ROOT.rglob("*.html"), *ROOT.rglob("*.css")]:
        text = path.read_text(encoding="utf-8")
        assert "://" not in text, path
        assert "<script" not in text, path
