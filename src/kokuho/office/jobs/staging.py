"""What a run has prepared, piece by piece, before all of it is written in one transaction."""

from __future__ import annotations

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from kokuho.office.jobs.runs import Run
from kokuho.office.store.owned import Owned


class Staged(Owned):
    """One piece of what a run is going to write; gone as soon as it is written, or cancelled."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="staged")
    number = models.PositiveIntegerField()
    content = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "number"], name="staged_piece")
        ]
