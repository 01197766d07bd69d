"""What a scenario says about its council paper (運営協議会資料): title, and the variants shown."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kokuho.plan.model import Part, Text

MOST_PATTERNS = 3
"""A council is shown two or three patterns; more of them nobody compares."""


class Pattern(Part):
    """One proposal of the paper: the scenario (``base``) or a variant, under a name for people."""

    variant: Text
    title: Text


class Paper(Part):
    """The council paper: its title and the patterns in their order, the first one worked out.

    ``compare`` names ordinance files beside those that come with Kokuho, of any prefecture.
    """

    title: Text | None = None
    patterns: Annotated[tuple[Pattern, ...], Field(min_length=1, max_length=MOST_PATTERNS)]
    compare: tuple[Text, ...] = ()
