"""The JSON Schema of measure files, as it stands in the documents."""

from __future__ import annotations

from typing import Any

from kokuho.statistics.figures import MeasureFile


def measure_schema() -> dict[str, Any]:
    """JSON Schema of :class:`MeasureFile`, as the file is written (``value`` as text)."""
    schema = MeasureFile.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
