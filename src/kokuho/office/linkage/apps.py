"""The linkage as an application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class LinkageConfig(AppConfig):
    """What was registered with the other side."""

    name = "kokuho.office.linkage"
    label = "linkage"
