"""Collection as an application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class CollectionConfig(AppConfig):
    """Files and payments; the label is not that of the pure room, which has no table."""

    name = "kokuho.office.collection"
    label = "office_collection"
