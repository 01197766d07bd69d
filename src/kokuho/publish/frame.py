"""What every page has around its own contents: names, ways to other pages, terms (枠)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kokuho.publish.downloads import terms
from kokuho.publish.rendering import page
from kokuho.publish.site_file import Site
from kokuho.publish.subjects import Subject
from kokuho.publish.words import Words
from kokuho.statistics import Language

GROUP_TITLES = {
    "insured": "Insured persons",
    "claims": "Medical care",
    "collection": "Collection",
    "levy": "Levy",
    "account": "Special account",
    "plan": "Fiscal soundness",
    "coverage": "Insurers counted",
}
"""Names of the groups of the catalogue, each a page."""

Page = tuple[str, str]
"""A path in the site and the HTML there."""


@dataclass(frozen=True)
class Frame:
    """What every page needs to know: the site, its insurers and which pages there are."""

    site: Site
    made_on: date
    subjects: Sequence[Subject]
    groups: Mapping[str, Sequence[str]]
    report: Mapping[str, str]

    @property
    def alone(self) -> bool:
        """Whether the site is of one insurer."""
        return len(self.subjects) == 1

    def title(self, words: Words) -> str:
        """The name of the site."""
        if self.site.title is not None:
            return self.site.title[words.language]
        if self.alone:
            name = self.subjects[0].insurer.name[words.language]
            return words("National Health Insurance statistics of {insurer}").format(insurer=name)
        return words("National Health Insurance statistics")


def place(language: Language, path: str) -> str:
    """The path of a page in a language: Japanese at the top, English below ``en/``."""
    return path if language == "ja" else f"en/{path}"


def link(here: str, there: str) -> str:
    """A link from a page to another file of the site, so that it works from a folder too."""
    return "../" * here.count("/") + there


def rendered(
    frame: Frame,
    template: str,
    path: str,
    language: Language,
    data: Mapping[str, Any],
    subject: Subject | None = None,
) -> Page:
    """A page with what all pages share around its own data."""
    words = Words(language)
    here = place(language, path)

    def to(there: str) -> str:
        return link(here, place(language, there))

    other: Language = "en" if language == "ja" else "ja"
    items = []
    if subject is not None:
        items = [(words("Overview"), f"{subject.folder}index.html")]
        items += [
            (words(GROUP_TITLES[group]), f"{subject.folder}{group}.html")
            for group in frame.groups[subject.insurer.code]
        ]
    common = [
        (words("Definitions"), "definitions.html"),
        (words("National figures"), "national.html"),
        (words("Protection of figures"), "protection.html"),
        (words("Open data"), "data.html"),
    ]
    if not frame.alone:
        common = [(words("All insurers"), "index.html"), *common]
    shared = {
        "language": language,
        "site_title": frame.title(words),
        "home": to("index.html"),
        "root": "../" * here.count("/"),
        "fictional": words("All figures on these pages are invented.")
        if frame.site.fictional
        else "",
        "insurer": subject.insurer.name[language]
        if subject is not None and not frame.alone
        else "",
        "nav": [
            {"title": title, "href": to(there), "here": there == path} for title, there in items
        ],
        "common": [
            {"title": title, "href": to(there), "here": there == path} for title, there in common
        ],
        "other": {
            "language": other,
            "href": link(here, place(other, path)),
            "title": {"ja": "日本語", "en": "English"}[other],
        },
        "publisher": frame.site.publisher[language] if frame.site.publisher else "",
        "contact": frame.site.contact[language] if frame.site.contact else "",
        "terms": terms(frame.site, words),
        "made_on": words.day(frame.made_on),
        "say": _Say(words),
    }
    return here, page(template, {**shared, **data})


_SAID = {
    "skip": "Skip to the contents",
    "contents": "On this page",
    "pages": "Pages",
    "about": "About the figures",
    "definition": "Definition",
    "downloads": "Downloads",
    "unit": "Unit",
    "publisher": "Publisher",
    "contact": "Contact",
    "terms": "Terms of use of the data",
    "made_on": "Made on",
    "as_of": "Date of the figures",
    "top": "To the top of the page",
}


class _Say:
    """Words of the frame, for templates: ``{{ say.skip }}``."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def __getitem__(self, name: str) -> str:
        return self._words(_SAID[name])
