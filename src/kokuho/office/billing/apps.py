"""Bills as an application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Schedules, and what is decided about how households pay.

    The label is not that of the pure room ``kokuho.billing``, which has no table.
    """

    name = "kokuho.office.billing"
    label = "office_billing"
