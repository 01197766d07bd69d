"""The accounts as an application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, their insurers, their looks."""

    name = "kokuho.office.accounts"
    label = "accounts"
