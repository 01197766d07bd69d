"""The pages as an application of Django: templates, static files, template tags; no models."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages."""

    name = "kokuho.office.web"
    label = "web"
