"""A rehearsal in a folder of its own, and its clients."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kokuho.mesh.founding import Wanted, make
from kokuho.mesh.rehearsal import Rehearsal
from kokuho.mesh.service import Service
from tests.mesh.clients import Mesh


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    """A rehearsal that nobody touches: copied for each test, as keys take their time."""
    return make(tmp_path_factory.mktemp("pattern") / "mesh", Wanted())


@pytest.fixture
def rehearsal(pattern: Rehearsal, tmp_path: Path) -> Rehearsal:
    folder = tmp_path / "mesh"
    shutil.copytree(pattern.folder, folder)
    shutil.copy(pattern.secrets, tmp_path / "mesh.keys")
    return Rehearsal(folder, tmp_path / "mesh.keys")


@pytest.fixture
def mesh(rehearsal: Rehearsal) -> Mesh:
    statements: list[str] = []
    return Mesh(Service.of(rehearsal, watch=statements.append), statements)
