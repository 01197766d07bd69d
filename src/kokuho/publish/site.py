"""The site: measure files in, a folder of pages and open data out (公表).

The same files, settings and day give the same bytes. Nothing stands at the place of the site before
all of it does; an earlier site there is replaced as a whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kokuho.plan import Plan
from kokuho.publish import common_pages, pages
from kokuho.publish.confidential import refuse_unprotected, said_of
from kokuho.publish.datasets import catalogue_json, dataset, datasets_csv
from kokuho.publish.downloads import Download, downloads_of
from kokuho.publish.faces import faces_css
from kokuho.publish.frame import Frame, Page
from kokuho.publish.plan_section import definition as plan_definition
from kokuho.publish.plan_section import plan_downloads, plan_section
from kokuho.publish.rendering import style, tokens_css
from kokuho.publish.report import report_pdf
from kokuho.publish.sections import Section, pair_of, section_of
from kokuho.publish.site_file import Coverage, Site
from kokuho.publish.subjects import Subject, subjects_of
from kokuho.publish.words import LANGUAGES, Words
from kokuho.publish.writer import MANIFEST, Folder, Written, whole
from kokuho.statistics import GROUPS, Language, MeasureFile, measure_json
from kokuho.statistics.confidentiality import Rules

REPORT = "report.pdf"


@dataclass(frozen=True)
class Source:
    """A measure file that was published: whose, of which day, its digest."""

    insurer_code: str
    as_of: date
    sha256: str


@dataclass(frozen=True)
class Published:
    """What was written, and from which measure files: for the log of publications."""

    out: Path
    made_on: date
    sources: tuple[Source, ...]
    files: tuple[Written, ...]


def publish(
    files: Sequence[MeasureFile],
    out: Path,
    *,
    made_on: date,
    site: Site | None = None,
    plans: Mapping[str, Plan] | None = None,
    coverage: Coverage | None = None,
    rules: Rules | None = None,
) -> Published:
    """Write the site of some measure files.

    Args:
        files: one for each insurer; they are published as they are, nothing is computed from them.
        made_on: the day that the pages bear.
        plans: plan files by the code of their insurer, for plan and settlement.
        coverage: what became of the insurers that were expected; without it the days of the files
            say who is late.
        rules: how much is kept back; a file that tells more is refused.

    Raises:
        StatisticsError: no file, two of one insurer, a file with unprotected small numbers, or a
            folder that cannot be written or is no earlier site.
        FormError: typefaces or design tokens are missing.
    """
    stated = site or Site()
    kept_back = rules or Rules()
    subjects = subjects_of(files, stated, coverage)
    for file in files:
        refuse_unprotected(file, kept_back)
    sources = tuple(_source(one.file) for one in subjects if one.file is not None)
    with whole(out) as folder:
        _write(folder, subjects, stated, made_on, plans or {}, kept_back)
        written = tuple(folder.written)
        manifest = {
            "made_on": made_on.isoformat(),
            "sources": [{**asdict(one), "as_of": one.as_of.isoformat()} for one in sources],
            "files": [asdict(one) for one in written],
        }
        last = folder.add_text(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    return Published(out, made_on, sources, (*written, last))


def _source(file: MeasureFile) -> Source:
    digest = hashlib.sha256(measure_json(file).encode()).hexdigest()
    return Source(file.insurer_code, file.as_of, digest)


def _write(
    folder: Folder,
    subjects: Sequence[Subject],
    site: Site,
    made_on: date,
    plans: Mapping[str, Plan],
    rules: Rules,
) -> None:
    groups = {one.insurer.code: _groups(one, plans) for one in subjects}
    reports = {
        one.insurer.code: f"data/{one.insurer.code}/{REPORT}" for one in subjects if one.file
    }
    frame = Frame(site, made_on, subjects, groups, reports)
    said: set[str] = set()
    listed: list[dict[str, Any]] = []
    for subject in subjects:
        if subject.file is not None:
            listed += _open_data(folder, subject, site, plans.get(subject.insurer.code))
            _put(folder, _of_insurer(folder, frame, subject, plans), said)
    folder.add(*catalogue_json(listed, site, made_on))
    for made in datasets_csv(listed, site, made_on):
        folder.add(f"data/{made.name}", made.content)
    _put(folder, _common(frame, listed, rules), said)
    folder.add_text("assets/tokens.css", tokens_css())
    folder.add_text("assets/site.css", style())
    folder.add_text("assets/faces.css", faces_css(said))


def _groups(subject: Subject, plans: Mapping[str, Plan]) -> list[str]:
    """The groups that an insurer has figures of."""
    there = {one.definition.group for one in subject.measures.values()}
    if subject.insurer.code in plans:
        there.add("plan")
    return [group for group in GROUPS if group in there]


def _put(folder: Folder, made: Iterable[Page], said: set[str]) -> None:
    for path, html in made:
        folder.add_text(path, html)
        said.update(html)


def _open_data(
    folder: Folder, subject: Subject, site: Site, plan: Plan | None
) -> list[dict[str, Any]]:
    """Write the files of an insurer; what they are, for the list of data sets."""
    file, insurer = subject.file, subject.insurer
    assert file is not None
    listed = []
    for measure in subject.measures.values():
        made = downloads_of(measure, file, insurer, site)
        listed.append(dataset(measure.definition, insurer, file.as_of, _add(folder, made)))
    if plan is not None:
        made = plan_downloads(plan, insurer, file.as_of, site)
        listed.append(dataset(plan_definition(), insurer, file.as_of, _add(folder, made)))
    # the file itself, as it came: who wants to check needs nothing of ours
    folder.add(f"data/{insurer.code}/measures.json", measure_json(file).encode())
    return listed


def _add(folder: Folder, made: Sequence[Download]) -> list[Written]:
    return [folder.add(f"data/{one.name}", one.content) for one in made]


def _of_insurer(
    folder: Folder, frame: Frame, subject: Subject, plans: Mapping[str, Plan]
) -> Iterable[Page]:
    """The pages of an insurer in both languages, and its report."""
    plan = plans.get(subject.insurer.code)
    for language in LANGUAGES:
        sections = {
            group: _sections(subject, group, plan, language)
            for group in frame.groups[subject.insurer.code]
        }
        yield pages.insurer_page(frame, subject, language, plan)
        for group, made in sections.items():
            yield pages.group_page(frame, subject, group, made, language)
        if language == "ja":
            folder.add(
                f"data/{subject.insurer.code}/{REPORT}", report_pdf(frame, subject, sections)
            )


def _sections(subject: Subject, group: str, plan: Plan | None, language: Language) -> list[Section]:
    words = Words(language)
    measures = {
        name: one for name, one in subject.measures.items() if one.definition.group == group
    }
    made = [section_of(one, words) for one in measures.values()]
    pair = pair_of(measures, words)
    if pair is not None:
        made.append(pair)
    if group == "plan" and plan is not None and subject.file is not None:
        made.insert(0, plan_section(plan, subject.file.as_of, words))
    return made


def _common(frame: Frame, listed: Sequence[Mapping[str, Any]], rules: Rules) -> Iterable[Page]:
    """The pages that are of no one insurer."""
    for language in LANGUAGES:
        if not frame.alone:
            yield pages.overview_page(frame, language)
        yield common_pages.definitions_page(frame, language)
        yield common_pages.national_page(frame, language)
        yield common_pages.protection_page(frame, language, said_of(rules, Words(language)))
        yield common_pages.data_page(frame, language, listed)
