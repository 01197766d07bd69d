"""The roles of refunds become rights like the others; who had one keeps it."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.utils import timezone


def carry_over(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    grants = apps.get_model("accounts", "Grant")
    held = apps.get_model("accounts", "RefundRight").objects.using(alias)
    now = timezone.now()
    grants.objects.using(alias).bulk_create(
        grants(
            user_id=row.user_id, insurer_code=row.insurer_code, right=f"refund_{row.role}",
            granted_at=now, granted_by="kokuho migrate",
        )
        for row in held.exclude(role="").order_by("pk")
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_refunds"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="until",
            field=models.DateField(null=True),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.DeleteModel(name="RefundRight"),
    ]
