"""Incomes and declarations (所得・申告) of the year before, as a fiscal year's levy uses them.

Both hold for one fiscal year: ``valid_from`` is its 1 April, ``valid_to`` the next.
"""

from __future__ import annotations

from django.db import models

from kokuho.office.register.residents import ResidentVersion


class Income(ResidentVersion):
    """Incomes in yen, in the columns of the persons file (``kokuho.levy.columns``)."""

    salary_revenue = models.BigIntegerField(null=True)
    salary_income = models.BigIntegerField(null=True)
    pension_revenue = models.BigIntegerField(null=True)
    pension_income = models.BigIntegerField(null=True)
    business = models.BigIntegerField(default=0)
    farming = models.BigIntegerField(default=0)
    real_estate = models.BigIntegerField(default=0)
    interest = models.BigIntegerField(default=0)
    dividend = models.BigIntegerField(default=0)
    transfer_short = models.BigIntegerField(default=0)
    transfer_long = models.BigIntegerField(default=0)
    occasional = models.BigIntegerField(default=0)
    miscellaneous = models.BigIntegerField(default=0)
    separate_transfer_short = models.BigIntegerField(default=0)
    separate_transfer_long = models.BigIntegerField(default=0)
    separate_transfer_deduction = models.BigIntegerField(default=0)
    shares = models.BigIntegerField(default=0)
    listed_dividend = models.BigIntegerField(default=0)
    futures = models.BigIntegerField(default=0)
    forestry = models.BigIntegerField(default=0)
    retirement = models.BigIntegerField(default=0)
    family_worker_salary = models.BigIntegerField(default=0)
    family_worker_deduction = models.BigIntegerField(default=0)
    adjustment_deduction = models.BigIntegerField(default=0)
    loss_carried_over = models.BigIntegerField(default=0)
    casualty_loss_carried_over = models.BigIntegerField(default=0)
    other_income = models.BigIntegerField(default=0)
    asset_tax = models.BigIntegerField(default=0)


class Declaration(ResidentVersion):
    """Whether the incomes are declared (申告の状態), as in the persons file.

    ``simple`` is a declaration for NHI alone (簡易申告), mostly of having had no income.
    """

    state = models.CharField(max_length=20)
    simple = models.BooleanField(default=False)
    received_on = models.DateField(null=True)
