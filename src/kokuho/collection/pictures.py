"""Codes of a slip as pictures: GS1-128 by python-barcode, QR by segno, both as SVG or PNG."""

from __future__ import annotations

import io
from decimal import Decimal

from kokuho.base.errors import CollectionError
from kokuho.base.messages import translator
from kokuho.collection.layout import Picture
from kokuho.collection.slip import SlipCode

_ = translator("collection")

_MODULES = 288
"""A GS1-128 of 44 digits: start, FNC1, 22 pairs and check of 11 modules each, stop of 13."""


def svg_of(code: SlipCode) -> str | None:
    """The picture of a code as SVG, its size in millimetres; ``None`` for numbers to be typed in.

    Raises:
        CollectionError: a barcode whose layout has no size, or is wider than stores can scan.
    """
    if code.kind == "barcode":
        if code.layout.picture is None:
            raise CollectionError(_("{layout}: picture is missing").format(layout=code.layout.id))
        return _barcode(code.content, code.layout.picture, code.layout.id)
    if code.kind == "qr":
        import segno

        out = io.BytesIO()
        segno.make(code.content, error="m", micro=False).save(
            out, kind="svg", unit="mm", scale=0.5, border=4, light="white"
        )
        return out.getvalue().decode("utf-8")
    return None


def png_of(code: SlipCode, dots_per_inch: int = 600) -> bytes | None:
    """The picture of a code as PNG, for printers that take no SVG."""
    svg = svg_of(code)
    if svg is None:
        return None
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=1.0, ppi=dots_per_inch))


def _barcode(content: str, picture: Picture, layout: str) -> str:
    import barcode
    from barcode.writer import SVGWriter

    module = Decimal(picture.module_mm)
    if module * _MODULES > Decimal(picture.max_width_mm):
        raise CollectionError(
            _("{layout}: bars of {module} mm make {width} mm, more than {most} mm").format(
                layout=layout,
                module=module,
                width=module * _MODULES,
                most=picture.max_width_mm,
            )
        )
    symbol = barcode.get_barcode_class("gs1_128")(content, writer=SVGWriter())
    drawn = symbol.render(
        {
            "module_width": float(module),
            "module_height": float(Decimal(picture.height_mm)),
            "quiet_zone": float(Decimal(picture.quiet_mm)),
            "write_text": False,
        }
    )
    return bytes(drawn).decode("utf-8")
