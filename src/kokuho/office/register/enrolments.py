"""Enrolments (被保険者資格): from acquisition to loss, each with its reason; and other cover."""

from __future__ import annotations

from django.db import models

from kokuho.office.register.residents import ResidentVersion


class Enrolment(ResidentVersion):
    """Being insured (資格), from the day of acquisition (取得日) to before that of loss (喪失日).

    Reasons are codes of :mod:`kokuho.office.register.codes`. ``special_address`` is 住所地特例;
    ``lost_by_authority`` says that the office found the loss itself (職権).
    """

    symbol = models.CharField(max_length=40, default="")
    number = models.CharField(max_length=40, default="")
    branch = models.CharField(max_length=2, default="")
    acquisition_reason = models.CharField(max_length=40)
    acquisition_reported_on = models.DateField(null=True)
    loss_reason = models.CharField(max_length=40, default="")
    loss_reported_on = models.DateField(null=True)
    lost_by_authority = models.BooleanField(default=False)
    special_address = models.BooleanField(default=False)


class OtherCover(ResidentVersion):
    """What covers a person in place of NHI (他保険等): a kind of ``COVERS``, and by whom."""

    kind = models.CharField(max_length=40)
    provider = models.TextField(default="")
