"""Users (職員) and the insurers that they work for.

These tables are read before it is known whose rows a request may see; they hold no resident, and
stand outside of the separation of insurers. Roles and the second factor will hang on them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth import authenticate
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models, transaction

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.register.models import Insurer
from kokuho.office.tenancy import seeing

_ = translator("web")


class User(AbstractUser):
    """A person who signs in. ``full_name`` is how the office calls them (職氏名)."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(max_length=150, default="")

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.full_name or self.username

    def insurers(self) -> frozenset[str]:
        """The codes of the insurers that the user works for."""
        return frozenset(self.assignments.values_list("insurer_code", flat=True))


class Assignment(models.Model):
    """A user works for an insurer."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")
    insurer_code = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "insurer_code"], name="assigned_once")
        ]


def signed_in(username: str, password: str) -> User:
    """The user with this name and password.

    Raises:
        InputError: there is none.
    """
    user = authenticate(username=username, password=password)
    if not isinstance(user, User):
        raise InputError(_("The name or the password is wrong."))
    return user


def add(username: str, password: str, insurers: Iterable[str], full_name: str = "") -> User:
    """Add a user who works for these insurers.

    Raises:
        InputError: the name is taken or no name, the password is too weak, or an insurer is not
            known.
    """
    codes = sorted(set(insurers))
    with seeing(codes):
        known = set(Insurer.objects.values_list("code", flat=True))
    if unknown := [code for code in codes if code not in known]:
        raise InputError(
            _("Insurer {codes} is not known; add it first: kokuho insurer add.").format(
                codes=", ".join(unknown)
            )
        )
    user = User(username=username, full_name=full_name)
    _check(user, password)
    user.set_password(password)
    with transaction.atomic():
        user.save()
        Assignment.objects.bulk_create(Assignment(user=user, insurer_code=code) for code in codes)
    return user


def _check(user: Any, password: str) -> None:
    if User.objects.filter(username=user.username).exists():
        raise InputError(_("There is a user {name} already.").format(name=user.username))
    try:
        User._meta.get_field("username").run_validators(user.username)
        validate_password(password, user)
    except ValidationError as error:
        raise InputError(" ".join(error.messages)) from None
