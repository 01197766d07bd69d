"""The entries (仕訳の明細) and the postings that brought them: inserted only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.office.store.owned import Kept, Owned


class Posting(Owned):
    """One posting (転記): the journals that one transaction wrote, and who asked for them.

    ``kind`` and ``key`` say which piece of work it is; a piece is posted once. The journals are
    those numbered from ``first_number`` to before ``next_number``. ``run`` is the job's key.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=240)
    posted_on = models.DateField()
    source = models.TextField()
    first_number = models.BigIntegerField()
    next_number = models.BigIntegerField()
    actor = models.TextField()
    made_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "kind", "key"], name="posting_of_a_kind"),
            models.CheckConstraint(
                condition=models.Q(next_number__gte=models.F("first_number")),
                name="posting_numbers",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["insurer", "next_number"], name="posting_next"),
        ]


class Entry(Owned):
    """One row of the ledger, in the columns of :data:`kokuho.ledger.ENTRIES`.

    Household and demand are their texts and no foreign keys: millions of rows go in at a time, and
    ``kokuho ledger verify`` looks that each is known. The run is that of the posting whose numbers
    the journal's is among.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    number = models.BigIntegerField()
    line = models.SmallIntegerField()
    kind = models.CharField(max_length=20)
    posted_on = models.DateField()
    value_on = models.DateField()
    account = models.CharField(max_length=20)
    component = models.CharField(max_length=20)
    household_id = models.TextField(null=True)
    demand_id = models.TextField(null=True)
    book_year = models.IntegerField()
    year_assessed = models.IntegerField(null=True)
    year_meant = models.IntegerField(null=True)
    amount = models.BigIntegerField()
    payer = models.TextField(null=True)
    source = models.TextField()
    reverses = models.BigIntegerField(null=True)

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "number", "line"], name="entry_number"),
            models.CheckConstraint(condition=~models.Q(amount=0), name="entry_not_zero"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["insurer", "household_id"], name="entry_household"),
        ]
