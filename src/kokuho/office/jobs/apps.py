"""The jobs as an application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Long jobs."""

    name = "kokuho.office.jobs"
    label = "jobs"
