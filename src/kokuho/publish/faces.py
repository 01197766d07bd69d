"""The typeface of the pages, cut to the characters that they say, inside a style sheet (書体).

A page opened from a folder may not load a typeface from beside it in every browser, so it is in the
style sheet itself. Same characters, same bytes.
"""

from __future__ import annotations

import base64
import io
import logging
from collections.abc import Iterable

from kokuho.forms import fonts

FAMILY = "BIZ UDPGothic"
_WEIGHTS = {400: "Regular", 700: "Bold"}


def faces_css(characters: Iterable[str]) -> str:
    """``@font-face`` rules for some characters; what the typeface lacks is left to the reader's.

    Raises:
        FormError: the typefaces are missing (see :func:`kokuho.forms.fonts`).
    """
    text = "".join(sorted(set(characters)))
    rules = [_rule(weight, _cut(name, text)) for weight, name in _WEIGHTS.items()]
    return "\n".join(rules) + "\n"


def _rule(weight: int, face: bytes) -> str:
    data = base64.b64encode(face).decode("ascii")
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; font-display: swap; '
        f'src: url("data:font/woff;base64,{data}") format("woff"); }}'
    )


def _cut(name: str, text: str) -> bytes:
    from fontTools import subset

    logging.getLogger("fontTools.subset").setLevel(logging.ERROR)
    options = subset.Options()
    options.flavor = "woff"
    options.recalc_timestamp = False
    options.drop_tables += ["meta"]
    options.layout_features = ["kern", "vert"]
    with subset.load_font(str(fonts() / f"BIZUDPGothic-{name}.ttf"), options) as face:
        cutter = subset.Subsetter(options)
        cutter.populate(text=text)
        cutter.subset(face)
        made = io.BytesIO()
        subset.save_font(face, made, options)
    return made.getvalue()
