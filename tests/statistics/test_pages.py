"""The page of the definitions is that of the catalogue."""

import json
from pathlib import Path

from kokuho.statistics.page import definitions_page
from kokuho.statistics.schema import measure_schema

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_the_definitions_was_made_from_the_catalogue() -> None:
    assert (DOCS / "measures.md").read_text(encoding="utf-8") == definitions_page()


def test_the_schema_in_the_documents_is_that_of_the_model() -> None:
    text = (DOCS / "measure_file.schema.json").read_text(encoding="utf-8")
    assert json.loads(text) == measure_schema()
