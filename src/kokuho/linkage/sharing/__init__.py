"""Arrears shared with others (滞納情報の共有): settings of the office and what a list may say.

A workflow of its own, off until an office sets it with its legal basis. See ``docs/sharing.md``.
"""

from kokuho.linkage.sharing.choosing import (
    KEPT_OUT,
    Household,
    columns_of,
    left_out,
    meets,
    rows,
    stale,
)
from kokuho.linkage.sharing.settings import (
    COLUMNS,
    REQUIRED,
    Criteria,
    Settings,
    column_title,
    missing,
    refuse_missing,
    settings_of,
    template,
)

__all__ = [
    "COLUMNS",
    "KEPT_OUT",
    "REQUIRED",
    "Criteria",
    "Household",
    "Settings",
    "column_title",
    "columns_of",
    "left_out",
    "meets",
    "missing",
    "refuse_missing",
    "rows",
    "settings_of",
    "stale",
    "template",
]
