"""Statistics as an application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """Claims; the label is not that of the pure room, which has no table."""

    name = "kokuho.office.statistics"
    label = "office_statistics"
