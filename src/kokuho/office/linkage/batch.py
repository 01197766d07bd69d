"""Batches (副本登録の単位): what was to be registered, kept for good as it was made."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.office.store.owned import Kept, Owned


class Batch(Owned):
    """Records that are registered together; ``number`` counts within the insurer.

    Attributes:
        occasion: ``first``, ``difference``, ``urgent``, ``correction`` or ``reconciliation``.
        layout, layout_version: in which its files are written.
        as_of: the moment of the books that it was made from.
        reasons: why two persons must approve it (:mod:`kokuho.linkage.approval`); none: it goes by
            itself.
        records, withdrawn: how many; ``withdrawn`` of ``records``.
        text: words of the clerk.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    number = models.BigIntegerField()
    occasion = models.CharField(max_length=20)
    layout = models.TextField()
    layout_version = models.TextField()
    as_of = models.DateTimeField()
    made_at = models.DateTimeField()
    actor = models.TextField()
    reasons = models.JSONField(default=list)
    records = models.IntegerField()
    withdrawn = models.IntegerField()
    text = models.TextField(default="")

    class Meta(Owned.Meta):
        db_table = "linkage_batch"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "number"], name="linkage_batch_number"),
        ]


class Part(Owned):
    """One file of a batch, as it is sent; ``name`` tells it on the other side too."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="parts")
    place = models.IntegerField()
    name = models.CharField(max_length=100)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    records = models.IntegerField()

    class Meta(Owned.Meta):
        db_table = "linkage_part"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "name"], name="linkage_part_name"),
        ]


class CopyRecord(Owned):
    """One record of a batch in one version: the history of the copy (副本) of a person.

    Attributes:
        part, place: in which file, and where in it.
        said: digest of what the books said; that of ``content`` unless it was corrected by hand.
        content: digest of what the layout carries.
        fields: the whole record as canonical JSON.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="copies")
    part = models.IntegerField()
    place = models.IntegerField()
    key = models.TextField()
    version = models.IntegerField()
    person = models.TextField()
    household = models.TextField()
    action = models.CharField(max_length=10)
    nature = models.CharField(max_length=10)
    said = models.CharField(max_length=64)
    content = models.CharField(max_length=64)
    fields = models.TextField()

    class Meta(Owned.Meta):
        db_table = "linkage_copy"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "key", "version"], name="copy_version"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["insurer", "person"], name="copy_person"),
            models.Index(fields=["insurer", "household"], name="copy_household"),
        ]
