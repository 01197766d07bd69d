"""Many papers as one PDF (一括印刷), typeset in a process of its own, with the pages of each.

The renderer keeps what it has laid out until its process ends, some 12 MB a paper: only the end of
the process gives the memory back. Papers go in and the PDF comes out through pipes, so that no
personal data lies on a disk outside of the folder that the operator named.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from kokuho.base.errors import FormError
from kokuho.base.messages import translator
from kokuho.forms.papers.catalogue import language_of
from kokuho.forms.papers.frame import page
from kokuho.forms.papers.kinds import Paper, compose
from kokuho.forms.render import render_asking
from kokuho.forms.typefaces import require_scripts

_ = translator("forms")

Sides: TypeAlias = list[dict[str, Any]]
"""The sides of one paper as the template takes them: Japanese first."""


@dataclass(frozen=True)
class Pressed:
    """A PDF and the number of pages of each paper in it, in order."""

    content: bytes
    pages: tuple[int, ...]


def sides(paper: Paper, languages: Sequence[str] = ()) -> Sides:
    """The sides of a paper, as :func:`kokuho.forms.papers.paper_pdf` prints them.

    Raises:
        FormError: see there.
    """
    require_scripts()
    sheet = compose(paper)
    codes = ["ja", *(code for code in dict.fromkeys(languages) if code != "ja")]
    return [page(sheet, language_of(code)) for code in codes]


def press(papers: Sequence[Sides], made_on: date) -> Pressed:
    """Typeset papers one after the other as one PDF, in this process.

    Raises:
        FormError: a character that the typefaces do not have, or data that cannot be shown.
    """
    content, noted = render_asking(
        "papers", {"sides": [side for paper in papers for side in paper]}, "pages", made_on=made_on
    )
    counts = iter(noted)
    return Pressed(content, tuple(sum(next(counts) for _side in paper) for paper in papers))


def press_apart(papers: Sequence[Sides], made_on: date) -> Pressed:
    """As :func:`press`, in a process that ends with it.

    Raises:
        FormError: as for :func:`press`, or the process was ended by somebody.
    """
    order = {"papers": papers, "made_on": made_on.isoformat()}
    done = subprocess.run(
        [sys.executable, "-m", "kokuho.forms.press"],
        input=json.dumps(order, ensure_ascii=False).encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise FormError(
            _("The papers were not typeset; the process ended with {code}: {reason}").format(
                code=done.returncode, reason=done.stderr.decode(errors="replace").strip()[-500:]
            )
        )
    head, _line, content = done.stdout.partition(b"\n")
    answer: Mapping[str, Any] = json.loads(head)
    if reason := answer.get("refused"):
        raise FormError(reason)
    return Pressed(content, tuple(answer["pages"]))


def main() -> None:
    """One order (JSON) on standard input; a line of JSON and the PDF on standard output."""
    order = json.load(sys.stdin.buffer)
    out = sys.stdout.buffer
    try:
        made = press(order["papers"], date.fromisoformat(order["made_on"]))
    except FormError as error:
        out.write(json.dumps({"refused": str(error)}).encode())
    else:
        out.write(json.dumps({"pages": made.pages}).encode() + b"\n" + made.content)


if __name__ == "__main__":
    main()
