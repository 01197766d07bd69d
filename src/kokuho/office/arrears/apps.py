"""Arrears as an application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class ArrearsConfig(AppConfig):
    """What was done about arrears."""

    name = "kokuho.office.arrears"
    label = "arrears"
