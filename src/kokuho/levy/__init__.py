"""The levy (賦課): from persons and households to what each owes, every step a named column."""

from kokuho.levy.kernel import RESULT_COLUMNS, Judged, Levy, assess, judge, levy
from kokuho.levy.method import Method, Rates

__all__ = ["RESULT_COLUMNS", "Judged", "Levy", "Method", "Rates", "assess", "judge", "levy"]
