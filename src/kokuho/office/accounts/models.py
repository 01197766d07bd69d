"""Django looks for models here; they live in the modules of this package."""

from kokuho.office.accounts.looks import Look
from kokuho.office.accounts.rights import Grant
from kokuho.office.accounts.users import Assignment, User

__all__ = ["Assignment", "Grant", "Look", "User"]
