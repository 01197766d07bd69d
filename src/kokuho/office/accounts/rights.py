"""Rights (権限) that nobody has unless they were granted: what a few see, and who allowed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils import timezone

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.accounts.users import User

_ = translator("web")

FOREIGN_ARREARS = "foreign_arrears"

RIGHTS: Mapping[str, str] = {FOREIGN_ARREARS: "to see arrears by nationality and status"}
"""The closed list of rights (外国人世帯主の世帯の滞納の閲覧)."""


class Grant(models.Model):
    """A right of a user for an insurer, from ``granted_at`` until ``revoked_at``; rows stay."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    insurer_code = models.CharField(max_length=20)
    right = models.CharField(max_length=40)
    granted_at = models.DateTimeField()
    granted_by = models.TextField()
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


def allowed(user: User, right: str) -> frozenset[str]:
    """The codes of the insurers for which a user has a right, among those that they work for."""
    rows = Grant.objects.filter(user=user, right=right, revoked_at__isnull=True)
    return frozenset(rows.values_list("insurer_code", flat=True)) & user.insurers()


def allow(username: str, right: str, insurer: str, *, actor: str) -> None:
    """Grant a right; nothing happens if the user has it.

    Raises:
        InputError: no such user or right, or they do not work for the insurer.
    """
    user = _known(username, right)
    if insurer not in user.insurers():
        raise InputError(
            _("{name} does not work for insurer {insurer}.").format(name=username, insurer=insurer)
        )
    Grant.objects.get_or_create(
        user=user,
        insurer_code=insurer,
        right=right,
        revoked_at=None,
        defaults={"granted_at": timezone.now(), "granted_by": actor},
    )


def deny(username: str, right: str, insurer: str, *, actor: str) -> bool:
    """Take a right back; whether the user had it.

    Raises:
        InputError: no such user or right.
    """
    rows = Grant.objects.filter(
        user=_known(username, right), insurer_code=insurer, right=right, revoked_at__isnull=True
    )
    return bool(rows.update(revoked_at=timezone.now(), revoked_by=actor))


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
    if right not in RIGHTS:
        raise InputError(
            _("There is no right {right}; rights are: {rights}.").format(
                right=right, rights=", ".join(RIGHTS)
            )
        )
    return user_named(username)
