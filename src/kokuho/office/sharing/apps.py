"""The sharing of arrears as an application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Lists of arrears that are given to others."""

    name = "kokuho.office.sharing"
    label = "sharing"
