"""A PDF read again with programs that had no part in making it: pypdf and poppler."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import unicodedata
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, ByteStringObject, ContentStream, TextStringObject

MM = 72 / 25.4
WORD = re.compile(
    r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>'
)


@dataclass(frozen=True)
class Word:
    """A word with its box in points, from the upper left corner of its page."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def pages_of(pdf: bytes, folder: Path) -> list[list[Word]]:
    """The words of each page."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed: `make system`")
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True
    )
    return [
        [Word(*map(float, box), unescape(text)) for *box, text in WORD.findall(page)]
        for page in done.stdout.split("<page ")[1:]
    ]


def text_of(pdf: bytes) -> str:
    """All text without spaces, compatibility forms made plain."""
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return "".join(unicodedata.normalize("NFKC", text).split())


def faces_by_letter(pdf: bytes, script: str) -> set[str]:
    """The typefaces in which letters of a script are set; ``script`` as Unicode names begin."""
    found: set[str] = set()

    def visit(text: str, _cm: object, _tm: object, font: dict[str, str] | None, _s: float) -> None:
        if font and any(unicodedata.name(letter, "").startswith(script) for letter in text):
            found.add(str(font["/BaseFont"]).split("+")[-1])

    for page in PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=visit)
    return found


def lacking_glyphs(pdf: bytes) -> int:
    """How often the glyph 0 (.notdef) is drawn."""
    reader = PdfReader(io.BytesIO(pdf))
    count = 0
    for page in reader.pages:
        content = page.get_contents()
        if content is None:
            continue
        for operands, operator in ContentStream(content, reader).operations:
            if operator not in (b"Tj", b"TJ"):
                continue
            items = operands[0] if isinstance(operands[0], ArrayObject) else [operands[0]]
            for item in items:
                if isinstance(item, TextStringObject):
                    raw = item.original_bytes
                elif isinstance(item, ByteStringObject):
                    raw = bytes(item)
                else:
                    continue
                count += sum(
                    raw[place : place + 2] == b"\0\0" for place in range(0, len(raw) - 1, 2)
                )
    return count


def unembedded(pdf: bytes) -> set[str]:
    """Names of typefaces that are not in the file."""
    lacking = set()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            below = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = below["/FontDescriptor"].get_object()
            if not any(key in descriptor for key in ("/FontFile2", "/FontFile3")):
                lacking.add(str(below["/BaseFont"]))
    return lacking
