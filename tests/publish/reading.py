"""Pages as their readers' programs see them: elements, tables, links; nothing is tolerated."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "link", "br", "img", "hr", "input"}


@dataclass
class Element:
    """An element with its text."""

    name: str
    attributes: dict[str, str | None]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        parts = [one if isinstance(one, str) else one.text for one in self.children]
        return "".join(parts).strip()

    def all(self, *names: str) -> list[Element]:
        """Elements of these names inside, in their order."""
        found: list[Element] = []
        for one in self.children:
            if isinstance(one, Element):
                found += [one] if one.name in names else []
                found += one.all(*names)
        return found

    def get(self, name: str) -> str:
        return self.attributes.get(name) or ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#document", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in <{tag}>"
        one = Element(tag, dict(attrs))
        self.open[-1].children.append(one)
        if tag not in VOID:
            self.open.append(one)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(path: Path) -> Element:
    """A page; every element in it is closed where it was opened."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    assert reader.open == [reader.root]
    return reader.root


def section(page: Element, name: str) -> Element:
    """The section of a measure."""
    return next(one for one in page.all("section") if one.get("aria-labelledby") == name)


def rows(table: Element) -> list[list[str]]:
    """A table as texts, its head first."""
    return [[cell.text for cell in row.all("th", "td")] for row in table.all("tr")]
