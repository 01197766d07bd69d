"""Django looks for models here; they live in the modules of this package."""

from kokuho.office.sharing.lists import ArrearsList, ListEvent, ListRow
from kokuho.office.sharing.stated import SettingsEvent, Stated

__all__ = ["ArrearsList", "ListEvent", "ListRow", "SettingsEvent", "Stated"]
