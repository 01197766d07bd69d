"""The register as an application of Django; it keeps the guards of all tables in place."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class RegisterConfig(AppConfig):
    """The register."""

    name = "kokuho.office.register"
    label = "register"

    def ready(self) -> None:
        """Before any migration guards come off, after it on again: once, for all applications."""
        # models may be imported only now
        from kokuho.office.store import guards

        pre_migrate.connect(guards.before_migrating, sender=self)
        post_migrate.connect(guards.after_migrating, sender=self)
