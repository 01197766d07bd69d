"""Rights (権限) that nobody has unless they were granted: what a few may see or do, who allowed it.

Every page and command asks :func:`allowed`. Roles, when there are any, will be sets of these
rights that are granted together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import ClassVar

import yaml
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from kokuho.base.errors import InputError, LinkageError
from kokuho.base.messages import translator
from kokuho.office.accounts.users import User

_ = translator("web")

FOREIGN_ARREARS = "foreign_arrears"
PRINTING = "printing"
REFUND_ASK = "refund_ask"
DEPARTURE = "departure"
COUNTER = "counter"
CANCELLATION = "cancellation"
REFUND_ROLES: Mapping[str, str] = {"order": "refund_order", "audit": "refund_audit"}
"""The right to approve refunds in each role of :data:`kokuho.ledger.ROLES`."""
LINKAGE_REGISTER = "linkage_register"
LINKAGE_APPROVE = "linkage_approve"
LINKAGE_HISTORY = "linkage_history"
BREACH = "breach"
BUREAU_NOTICE = "bureau_notice"
BUREAU_DECIDE = "bureau_decide"
SHARING_MAKE = "sharing_make"
SHARING_APPROVE = "sharing_approve"


@dataclass(frozen=True, slots=True)
class Right:
    """A right: its name, what it opens, and the right that its holder may not have beside it."""

    name: str
    opens: str
    apart_from: str = ""


@cache
def table() -> Mapping[str, Right]:
    """The closed list of rights, by code."""
    text = resources.files("kokuho.office.accounts").joinpath("rights.yaml")
    rows: dict[str, dict[str, str]] = yaml.safe_load(text.read_text(encoding="utf-8"))
    return {code: Right(**row) for code, row in rows.items()}


class Grant(models.Model):
    """A right of a user for an insurer, from ``granted_at``; rows stay.

    ``until`` is the last day, if it was granted for a time; ``revoked_at`` when it was taken back.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    insurer_code = models.CharField(max_length=20)
    right = models.CharField(max_length=40)
    granted_at = models.DateTimeField()
    granted_by = models.TextField()
    until = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.TextField(default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "insurer_code", "right"],
                name="granted_once",
                condition=models.Q(revoked_at__isnull=True),
            )
        ]


def standing() -> models.QuerySet[Grant]:
    """The grants that hold today."""
    lasting = Q(until__isnull=True) | Q(until__gte=timezone.localdate())
    return Grant.objects.filter(lasting, revoked_at__isnull=True)


def allowed(user: User, right: str) -> frozenset[str]:
    """The codes of the insurers for which a user has a right, among those that they work for."""
    if not user.is_active:
        return frozenset()
    rows = standing().filter(user=user, right=right)
    return frozenset(rows.values_list("insurer_code", flat=True)) & user.insurers()


def entitled(user: User, insurer: str, right: str) -> None:
    """Refuse who has not a right for an insurer.

    Raises:
        LinkageError: they have not.
    """
    if insurer not in allowed(user, right):
        raise LinkageError(_("{name} has no right {right}").format(name=user.username, right=right))


def held(user: User) -> dict[str, frozenset[str]]:
    """The insurers for which a user has each right that they hold, as :func:`allowed` has it."""
    if not user.is_active:
        return {}
    rows = list(standing().filter(user=user).values_list("right", "insurer_code"))
    own = user.insurers() if rows else frozenset()
    return {
        right: frozenset(code for one, code in rows if one == right) & own
        for right in {right for right, _code in rows}
    }


def allow(
    username: str, right: str, insurer: str, *, actor: str, until: date | None = None
) -> None:
    """Grant a right, to a last day if one is given; nothing happens if the user has it so.

    Raises:
        InputError: no such user or right, they do not work for the insurer, or they have a right
            that may not be in the same hands.
    """
    user = _known(username, right)
    if insurer not in user.insurers():
        raise InputError(
            _("{name} does not work for insurer {insurer}.").format(name=username, insurer=insurer)
        )
    other = table()[right].apart_from
    with transaction.atomic():
        # two grants at once wait for each other, so that rights that exclude each other do
        User.objects.select_for_update().get(pk=user.pk)
        if other and insurer in allowed(user, other):
            raise InputError(
                _("{name} has the right {other}, which nobody has together with {right}.").format(
                    name=username, other=other, right=right
                )
            )
        now = timezone.now()
        own = Grant.objects.filter(
            user=user, insurer_code=insurer, right=right, revoked_at__isnull=True
        )
        if own.filter(until=until).exists():
            return
        own.update(revoked_at=now, revoked_by=actor)
        Grant.objects.create(
            user=user, insurer_code=insurer, right=right, granted_at=now, granted_by=actor,
            until=until,
        )  # fmt: skip


def deny(username: str, right: str, insurer: str, *, actor: str) -> bool:
    """Take a right back; whether the user had it.

    Raises:
        InputError: no such user or right.
    """
    rows = Grant.objects.filter(
        user=_known(username, right), insurer_code=insurer, right=right, revoked_at__isnull=True
    )
    return bool(rows.update(revoked_at=timezone.now(), revoked_by=actor))


def refund_role(user: User, insurer: str) -> str | None:
    """The role in which a user approves an insurer's refunds, if any."""
    for role, right in REFUND_ROLES.items():
        if insurer in allowed(user, right):
            return role
    return None


def user_named(username: str) -> User:
    """A user by name.

    Raises:
        InputError: there is none.
    """
    user = User.objects.filter(username=username).first()
    if user is None:
        raise InputError(_("There is no user {name}.").format(name=username))
    return user


def _known(username: str, right: str) -> User:
    if right not in table():
        raise InputError(
            _("There is no right {right}; rights are: {rights}.").format(
                right=right, rights=", ".join(table())
            )
        )
    return user_named(username)
