"""Residents (住民): who they are, where they live, their status of residence, how to treat them.

A resident is known by the address number (宛名番号). My Number is not stored. Names are kept as
they came, character by character, variation selectors (異体字セレクタ) and characters beyond the
Basic Multilingual Plane included; they are never normalised.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.office.search.folding import fold
from kokuho.office.store.fields import DerivedTextField, PartialDateField
from kokuho.office.store.owned import Kept, Owned
from kokuho.office.store.versions import Version


class Resident(Owned):
    """A person, as a number that never changes; all that is known of them are versions."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    address_number = models.CharField(max_length=40)

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "address_number"], name="resident_number")
        ]


class ResidentVersion(Version):
    """A fact about one resident."""

    subject: ClassVar[tuple[str, ...]] = ("resident",)

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta(Version.Meta):
        abstract = True


class Identity(ResidentVersion):
    """Names, birth, sex and nationality (氏名等).

    ``latin`` is the name as on the residence card (ローマ字氏名), ``kanji`` also the one beside it
    (併記名); ``common_name`` is the registered name in use (通称). ``nationality`` is ISO 3166-1
    alpha-3, or the office's own code where it has no such. ``folded`` has all names as a search
    compares them.
    """

    kanji = models.TextField(default="")
    kana = models.TextField(default="")
    latin = models.TextField(default="")
    common_name = models.TextField(default="")
    common_name_kana = models.TextField(default="")
    birth_date = PartialDateField()
    sex = models.CharField(max_length=1, default="")
    nationality = models.CharField(max_length=20, default="")
    folded = DerivedTextField(
        names=("kanji", "kana", "latin", "common_name", "common_name_kana"), make=fold
    )


class Residence(ResidentVersion):
    """Living in the municipality (住民登録): from the day of moving in to before the day it ended.

    ``became_resident_on`` is 住民となった日, ``former_address`` 前住所 (``from_abroad``: outside of
    Japan; none: unknown), ``ended_by`` one of ``codes.RESIDENCE_ENDS`` once it ended.
    """

    postal_code = models.CharField(max_length=8, default="")
    address = models.TextField(default="")
    became_resident_on = models.DateField(null=True)
    former_address = models.TextField(default="")
    from_abroad = models.BooleanField(null=True)
    ended_by = models.CharField(max_length=40, default="")
    later_address = models.TextField(default="")


class Stay(ResidentVersion):
    """Status and period of residence (在留資格・在留期間) of a person without Japanese nationality.

    ``kind`` is the class of 住民基本台帳法30条の45 (``codes.STAY_KINDS``), ``designation`` what the
    paper of 特定活動 says (``law`` eligibility), ``extension_applied_on`` the day of an application
    that is not decided yet.
    """

    kind = models.CharField(max_length=40, default="")
    status = models.CharField(max_length=40, default="")
    designation = models.CharField(max_length=40, default="")
    period_from = models.DateField(null=True)
    period_to = models.DateField(null=True)
    extension_applied_on = models.DateField(null=True)


class ResidenceCard(ResidentVersion):
    """The residence card (在留カード) of the time. Each card has another number: never a key."""

    number = models.CharField(max_length=12)
    kind = models.CharField(max_length=40, default="residence_card")
    expires_on = models.DateField(null=True)


class Handling(ResidentVersion):
    """How to treat a person: the language they prefer, and whether 支援措置 protects them.

    The whereabouts of a protected person are not shown or told to anybody without need.
    """

    preferred_language = models.CharField(max_length=20, default="")
    protected = models.BooleanField(default=False)
