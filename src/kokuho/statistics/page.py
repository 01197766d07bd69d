"""The page of the definitions (docs/measures.md), made from the catalogue so that it stays true."""

from __future__ import annotations

from collections.abc import Iterator

from kokuho.statistics.catalogue import GROUPS, Definition, Text, catalogue, dimensions
from kokuho.statistics.reference import reference

_TITLES = {
    "insured": "Insured persons (被保険者)",
    "claims": "Claims (レセプト)",
    "collection": "Collection (収納)",
    "levy": "The levy (賦課)",
    "account": "The special account (特別会計)",
    "coverage": "Many insurers (多数の保険者)",
}
_UNITS = {"percent": "%", "yen": "円 (yen)", "count": "件・人・世帯 (count)"}
_HEAD = """# Measures

Made by `kokuho statistics definitions` from `src/kokuho/statistics/definitions/`; do not edit.
How figures are made, protected and combined: [statistics](statistics.md).

A figure's id is `measure[dimension=code,…]`, its dimensions in the order given here; a dimension
that is absent is summed over. 定義は日本語と英語の両方で書いてあります。
"""


def definitions_page() -> str:
    """The page as Markdown."""
    lines = [_HEAD]
    for group in GROUPS:
        own = [one for one in catalogue().values() if one.group == group]
        if own:
            lines += [f"## {_TITLES[group]}\n"]
        lines += [text for one in own for text in _measure(one)]
    lines += [*_dimensions(), *_series()]
    return "\n".join(lines).rstrip() + "\n"


def _measure(one: Definition) -> Iterator[str]:
    yield f"### `{one.id}`\n"
    yield f"{one.title.ja} · {one.title.en}\n"
    yield "| | 日本語 | English |\n|---|---|---|"
    rows: list[tuple[str, Text | None]] = [
        ("formula", one.meaning), ("numerator", one.numerator), ("denominator", one.denominator),
        ("source", one.source), ("scope", one.scope), ("date rule", one.date_rule),
        ("rounding", one.rounding),
    ]  # fmt: skip
    yield from (f"| {name} | {text.ja} | {text.en} |" for name, text in rows if text)
    yield ""
    facts = [f"unit {_UNITS[one.unit]}", f"dimensions `{', '.join(one.dimensions) or '-'}`"]
    tables = ["×".join(name for name in table) for table in one.tables if table]
    facts += [f"tables {', '.join(tables)}"] if tables else []
    facts += [f"national series `{one.reference}`"] if one.reference else []
    yield "; ".join(facts) + ".\n"


def _dimensions() -> Iterator[str]:
    yield "## Dimensions\n"
    yield "| dimension | 日本語 | English | codes |\n|---|---|---|---|"
    for name, one in dimensions().items():
        codes = ", ".join(f"`{code}` {text.ja}" for code, text in one.labels.items())
        known = {"country": "ISO 3166-1 alpha-3, or the office's own", "year": "fiscal year"}
        shown = "; ".join(part for part in (known.get(one.kind, ""), codes) if part) or "number"
        yield f"| `{name}` | {one.title.ja} | {one.title.en} | {shown} |"
    yield ""


def _series() -> Iterator[str]:
    yield "## National series\n"
    yield "| series | 日本語 | printed | day | source |\n|---|---|---|---|---|"
    for name, one in reference().items():
        derived = "derived" if one.derived else "count"
        kind = derived if one.unit != "percent" or one.derived else "stated"
        origin = "; ".join(f"{year}: {text}" for year, text in one.sources.items())
        printed = f"{len(one.points)}, {kind}"
        yield f"| `{name}` | {one.title.ja} | {printed} | {one.date_rule.ja} | {origin} |"
    document = next(iter(reference().values())).document
    yield ""
    yield f"{document.title.ja}({document.publisher.ja}); {document.where}.\n"
