"""Digests of what stands on a paper: to tell later whether a paper says the same."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from kokuho.forms.press import Sides

_OF_THE_COPY = ("addressee", "number", "seal", "window")
"""What may differ between a paper and its reprint: where it goes, its number's mark, the seal."""


def digest(paper: Sides) -> str:
    """Of all that stands on a paper."""
    return _sha(paper)


def content_digest(paper: Sides) -> str:
    """Of what a paper says, wherever it is sent and whether it is a copy."""
    return _sha([{key: side[key] for key in side if key not in _OF_THE_COPY} for side in paper])


def _sha(data: Any) -> str:
    return sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
