"""What is served in this process: one mesh, opened when first asked for."""

from __future__ import annotations

import os
import threading
from functools import cache
from pathlib import Path

from kokuho.base.errors import SettingError
from kokuho.base.messages import translator
from kokuho.mesh.rehearsal import open_rehearsal
from kokuho.mesh.service import Service

_ = translator("mesh")
_LOCK = threading.Lock()


def service() -> Service:
    """The mesh of the folder that ``KOKUHO_MESH`` names."""
    with _LOCK:
        return _service()


@cache
def _service() -> Service:
    folder, secrets = os.environ.get("KOKUHO_MESH"), os.environ.get("KOKUHO_MESH_KEYS")
    if not folder:
        raise SettingError(_("KOKUHO_MESH is missing: the folder of the rehearsal."))
    return Service.of(open_rehearsal(Path(folder), Path(secrets) if secrets else None))
