"""The page of the definitions is that of the catalogue."""

from kokuho.statistics.page import PAGE, definitions_page


def test_the_page_of_the_definitions_was_made_from_the_catalogue() -> None:
    assert PAGE.read_text(encoding="utf-8") == definitions_page()
