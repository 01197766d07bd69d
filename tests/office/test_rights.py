"""Rights: one table, one grant, two hands for money; those of before are carried over."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from typer.testing import CliRunner

from kokuho.base.errors import InputError
from kokuho.cli import app
from kokuho.ledger import ROLES
from kokuho.office.accounts import rights
from kokuho.office.accounts.users import User
from tests.office.conftest import INSURER, Store


@pytest.fixture
def clerk(store: Store) -> User:
    user = User.objects.create(username="clerk")
    user.assignments.create(insurer_code=INSURER)
    return user


def test_the_table_names_every_right_that_code_asks_for() -> None:
    asked = {rights.FOREIGN_ARREARS, rights.DEPARTURE, rights.COUNTER, rights.REFUND_ASK}
    asked |= {rights.PRINTING, rights.CANCELLATION}
    asked |= set(rights.REFUND_ROLES.values())
    asked |= {rights.BUREAU_NOTICE, rights.BUREAU_DECIDE}
    asked |= {rights.SHARING_MAKE, rights.SHARING_APPROVE}
    asked |= {rights.LINKAGE_REGISTER, rights.LINKAGE_APPROVE, rights.LINKAGE_HISTORY}
    asked.add(rights.BREACH)
    assert asked == set(rights.table())
    assert tuple(rights.REFUND_ROLES) == ROLES
    for code, right in rights.table().items():
        assert right.name
        assert right.opens
        if right.apart_from:
            assert rights.table()[right.apart_from].apart_from == code


def test_who_orders_refunds_may_not_examine_them(clerk: User) -> None:
    rights.allow("clerk", "refund_order", INSURER, actor="係長")
    with pytest.raises(InputError, match="refund_order"):
        rights.allow("clerk", "refund_audit", INSURER, actor="係長")
    assert rights.refund_role(clerk, INSURER) == "order"
    assert rights.deny("clerk", "refund_order", INSURER, actor="係長")
    rights.allow("clerk", "refund_audit", INSURER, actor="係長")
    assert rights.refund_role(clerk, INSURER) == "audit"
    assert rights.Grant.objects.count() == 2


def test_a_right_ends_after_its_last_day_and_with_the_account(clerk: User) -> None:
    today = timezone.localdate()
    rights.allow("clerk", "refund_ask", INSURER, actor="係長", until=today)
    assert rights.allowed(clerk, "refund_ask") == {INSURER}
    rights.allow("clerk", "refund_ask", INSURER, actor="係長", until=today - timedelta(days=1))
    assert rights.allowed(clerk, "refund_ask") == frozenset()
    rights.allow("clerk", "refund_ask", INSURER, actor="係長")
    assert rights.allowed(clerk, "refund_ask") == {INSURER}
    clerk.is_active = False
    assert rights.allowed(clerk, "refund_ask") == frozenset()


def test_the_command_shows_who_has_which_right(
    clerk: User, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOKUHO_DATABASE", store.url)
    given = CliRunner().invoke(
        app, ["user", "allow", "clerk", "refund_ask", "--insurer", INSURER, "--until", "R99.3.31"]
    )
    assert given.exit_code == 0, given.output
    shown = CliRunner().invoke(app, ["user", "rights", "--json"])
    by_right = {row["right"]: row["users"] for row in json.loads(shown.stdout)["rights"]}
    assert [(one["user"], one["until"]) for one in by_right["refund_ask"]] == [
        ("clerk", "2117-03-31")
    ]
    assert by_right["refund_order"] == []
    assert "還付の命令" in CliRunner().invoke(app, ["user", "rights"]).stdout


def test_roles_of_refunds_from_before_are_rights_afterwards(sqlite: Store) -> None:
    def migrate(name: str) -> MigrationExecutor:
        executor = MigrationExecutor(connection)
        executor.migrate([("accounts", name)])
        return MigrationExecutor(connection)

    before = migrate("0003_refunds").loader.project_state([("accounts", "0003_refunds")]).apps
    user = before.get_model("accounts", "User").objects.create(username="clerk")
    held = before.get_model("accounts", "RefundRight").objects
    held.create(user=user, insurer_code=INSURER, role="audit")
    held.create(user=user, insurer_code="992029", role="")
    migrate("0004_one_kind_of_rights")
    carried = rights.standing().values_list("user__username", "insurer_code", "right")
    assert list(carried) == [("clerk", INSURER, "refund_audit")]
