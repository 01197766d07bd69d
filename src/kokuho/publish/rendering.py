"""Pages from templates, without a server: Django's engine alone, everything in them escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine
from django.utils.safestring import mark_safe

from kokuho.base.errors import FormError
from kokuho.base.messages import translator

_ = translator("publish")

HERE = Path(__file__).parent
_CHECKOUT = Path(__file__).resolve().parents[3] / ".assets"
_OF_WHEEL = Path(__file__).resolve().parents[1]


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(HERE / "templates")], autoescape=True)


def page(template: str, data: Mapping[str, Any]) -> str:
    """A page as HTML; text in the data is never markup, but pictures (:func:`as_is`) are."""
    made = _engine().get_template(f"{template}.html").render(Context(dict(data)))
    return re.sub(r"\n[ \t]*(?=\n)", "", made).strip() + "\n"


def as_is(markup: str | None) -> str | None:
    """A picture that we drew, for a page."""
    return None if markup is None else mark_safe(markup)


def tokens_css() -> str:
    """The design tokens of the Digital Agency (デジタル庁デザインシステム), as they are installed.

    Raises:
        FormError: they are not there; the message says what to do.
    """
    for place in (_OF_WHEEL, _CHECKOUT):
        if (file := place / "tokens" / "tokens.css").is_file():
            return file.read_text(encoding="utf-8")
    raise FormError(
        _("The design tokens of the pages are missing: run `make setup`, or install the wheel.")
    )


def style() -> str:
    """The style sheet of the pages."""
    return (HERE / "static" / "site.css").read_text(encoding="utf-8")
