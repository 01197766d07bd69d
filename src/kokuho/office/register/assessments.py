"""Assessments (賦課決定) with their versions, and the documents that each was made from."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.db import models

from kokuho.office.register.households import HouseholdVersion
from kokuho.office.register.residents import Resident
from kokuho.office.store.owned import Kept, Owned


class Document(Owned):
    """What an assessment was made from, byte by byte: law, ordinance, inputs; kept once.

    ``kind`` says which (``codes.DOCUMENTS``), ``digest`` is the SHA-256 of ``content``.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    kind = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=80)
    content = models.BinaryField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "kind", "digest"], name="document_digest")
        ]


def keep_document(insurer: str, kind: str, media_type: str, content: bytes) -> Document:
    """Keep a document, or find it where it is kept already."""
    digest = hashlib.sha256(content).hexdigest()
    document: Document
    document, _made = Document.objects.get_or_create(
        insurer_id=insurer,
        kind=kind,
        digest=digest,
        defaults={"media_type": media_type, "content": content},
    )
    return document


class Assessment(HouseholdVersion):
    """What a household owes for the days of a fiscal year on which one person is its payer.

    ``valid_from`` to ``valid_to`` lie in that fiscal year. Amounts are integer yen, by part and in
    total; a part that the year has not is none. ``reason`` is a code of ``codes.ASSESSMENTS``.
    """

    payer = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="assessments")
    reason = models.CharField(max_length=40)
    decided_on = models.DateField()
    reduction = models.PositiveSmallIntegerField()
    medical = models.BigIntegerField()
    support = models.BigIntegerField(null=True)
    care = models.BigIntegerField(null=True)
    child = models.BigIntegerField(null=True)
    total = models.BigIntegerField()
    law = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    ordinance = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    inputs = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    made_with = models.CharField(max_length=40)
