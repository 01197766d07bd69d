"""Papers are typeset in the process of the tests: starting one for each file takes a second."""

from __future__ import annotations

import pytest

from kokuho.forms.press import press
from kokuho.office.printing import batch


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")
    monkeypatch.setattr(batch, "press_apart", press)
