"""Django looks for models here; they live in the modules of this package."""

from kokuho.office.accounts.looks import Look
from kokuho.office.accounts.users import Assignment, RefundRight, User

__all__ = ["Assignment", "Look", "RefundRight", "User"]
