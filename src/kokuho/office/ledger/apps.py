"""The ledger as an application of Django; its label is ``books``."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The books."""

    name = "kokuho.office.ledger"
    label = "books"
