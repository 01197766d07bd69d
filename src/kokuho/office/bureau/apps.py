"""The notices to the bureau as an application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class BureauConfig(AppConfig):
    """Cases of the notice to the regional immigration bureau."""

    name = "kokuho.office.bureau"
    label = "bureau"
