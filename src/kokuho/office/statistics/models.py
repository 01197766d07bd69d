"""Django looks for models here; they live in the modules of this package."""

from kokuho.office.statistics.claim_lines import ClaimFile, ClaimLine

__all__ = ["ClaimFile", "ClaimLine"]
