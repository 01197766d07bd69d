"""Assessments as an application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Assessments, and what is decided about them."""

    name = "kokuho.office.assessment"
    label = "assessment"
