"""Printing as an application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class PrintingConfig(AppConfig):
    """What was printed, and what a batch is going to print."""

    name = "kokuho.office.printing"
    label = "printing"
