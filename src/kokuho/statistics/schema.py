"""The JSON Schema of measure files, as it stands in the documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kokuho.statistics.figures import MeasureFile

SCHEMA_PAGE = Path(__file__).parents[3] / "docs" / "measure_file.schema.json"


def measure_schema() -> dict[str, Any]:
    """JSON Schema of :class:`MeasureFile`, as the file is written (``value`` as text)."""
    schema = MeasureFile.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
