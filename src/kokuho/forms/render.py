"""One template and its data become one PDF: archivable (PDF/A-2a) and accessible (PDF/UA-1).

The same template, data and day give the same bytes. Only the house's typefaces are used; a
character that they lack is an error that names it, never an empty box on a paper.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from kokuho.base.errors import FormError
from kokuho.base.messages import translator
from kokuho.forms.typefaces import fonts

_ = translator("forms")

TEMPLATES = Path(__file__).parent / "templates"
"""The folder with the templates; ``house.typ`` holds what all of them share."""

STANDARDS: tuple[Literal["a-2a", "ua-1"], ...] = ("a-2a", "ua-1")
"""PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1), in the renderer's names."""

_LACKING = re.compile('the text `"(.+)"` could not be displayed')
_UNDATED = date(1970, 1, 1)


@cache
def _faces(folder: Path) -> Any:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )


def render_pdf(template: str, data: Mapping[str, Any], *, made_on: date | None = None) -> bytes:
    """Render a template with its data.

    Args:
        template: name of a template in :data:`TEMPLATES`, without ``.typ``.
        data: what the template shows; anything that JSON can hold. The template reads it with
            ``#let data = json(bytes(sys.inputs.data))``, so that no text in it is taken as markup
            and no personal data is written to disk.
        made_on: the document date kept in the PDF's metadata; fixed when not given, so that the
            same data give the same bytes.

    Raises:
        FormError: there is no such template, no typefaces (see :func:`kokuho.forms.fonts`), data
            that the template cannot show, or a character that the typefaces do not have.
    """
    day = made_on or _UNDATED
    made: bytes = _compiled(
        template,
        data,
        pdf_standards=[*STANDARDS],
        timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
    )
    return made


def render_pictures(template: str, data: Mapping[str, Any], *, ppi: float) -> list[bytes]:
    """The pages of a template with its data as PNG, for contact sheets.

    Raises:
        FormError: as for :func:`render_pdf`, but a lacking character is not noticed here.
    """
    made: bytes | list[bytes] = _compiled(template, data, format="png", ppi=ppi)
    return [made] if isinstance(made, bytes) else made


def render_asking(
    template: str, data: Mapping[str, Any], label: str, *, made_on: date | None = None
) -> tuple[bytes, list[Any]]:
    """As :func:`render_pdf`, and what the template notes under a label, in the document's order.

    Raises:
        FormError: as for :func:`render_pdf`.
    """
    day = made_on or _UNDATED
    with _explained(template) as path:
        typesetter = typst.Compiler(
            str(path),
            root=str(TEMPLATES),
            font_paths=_faces(fonts()),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
        made: Any = typesetter.compile(
            format="pdf",
            pdf_standards=[*STANDARDS],
            timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
        )
        noted = json.loads(typesetter.query(f"<{label}>", field="value"))
    return made, noted


def _compiled(template: str, data: Mapping[str, Any], **how: Any) -> Any:
    with _explained(template) as path:
        return typst.compile(
            str(path),
            root=str(TEMPLATES),
            font_paths=_faces(fonts()),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            **how,
        )


@contextmanager
def _explained(template: str) -> Iterator[Path]:
    """The file of a template; what the renderer says against it becomes an error for people."""
    path = TEMPLATES / f"{template}.typ"
    if path.parent != TEMPLATES or not path.is_file():
        raise FormError(_("There is no document template named {name}.").format(name=template))
    try:
        yield path
    except typst.TypstError as error:
        if lacking := _LACKING.search(error.message):
            character = lacking[1]
            raise FormError(
                _(
                    "The typefaces have no {character} (U+{code}). The document was not made, "
                    "so that no empty box stands on it."
                ).format(character=character, code=f"{ord(character[0]):04X}")
            ) from error
        raise FormError(
            _("The document {name} could not be rendered: {reason}").format(
                name=template, reason="; ".join([error.message, *error.hints])
            )
        ) from error
