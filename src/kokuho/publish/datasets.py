"""The list of data sets with their metadata (データセット一覧): CSV, and JSON in DCAT terms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kokuho.publish.downloads import Download, csv_bytes, file_name, terms
from kokuho.publish.site_file import Insurer, Site
from kokuho.publish.words import LANGUAGES, Words
from kokuho.publish.writer import Written
from kokuho.statistics import Definition

_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def dataset(
    definition: Definition, insurer: Insurer, as_of: date, files: Sequence[Written]
) -> dict[str, Any]:
    """A data set: what it is, of whom, its files."""
    return {
        "id": definition.id,
        "title": definition.title.model_dump(),
        "description": definition.meaning.model_dump(),
        "insurer_code": insurer.code,
        "insurer": insurer.name.model_dump(),
        "as_of": as_of.isoformat(),
        "files": [_file(one) for one in files],
    }


def _file(one: Written) -> dict[str, Any]:
    kind = one.path.rsplit(".", 1)[1]
    language = "" if kind == "json" else "en" if f".en.{kind}" in one.path else "ja"
    return {
        "path": one.path,
        "format": kind.upper(),
        "media_type": _MEDIA[kind],
        "language": language,
        "bytes": one.size,
        "sha256": one.sha256,
    }


def datasets_csv(listed: Sequence[Mapping[str, Any]], site: Site, made_on: date) -> list[Download]:
    """One row a file, in both languages."""
    made = []
    for language in LANGUAGES:
        words = Words(language)
        head = [
            words(one)
            for one in (
                "data set id",
                "data set",
                "formula",
                "insurer code",
                "insurer",
                "publisher",
                "date of the figures",
                "made on",
                "terms of use",
                "format",
                "language",
                "file",
                "bytes",
                "SHA-256",
            )
        ]
        publisher = site.publisher[language] if site.publisher else ""
        rows = [
            [
                one["id"],
                one["title"][language],
                one["description"][language],
                one["insurer_code"],
                one["insurer"][language],
                publisher,
                one["as_of"],
                made_on.isoformat(),
                terms(site, words),
                file["format"],
                file["language"] or "ja, en",
                file["path"],
                file["bytes"],
                file["sha256"],
            ]
            for one in listed
            for file in one["files"]
        ]
        made.append(Download(file_name("datasets", "csv", language), csv_bytes(head, rows)))
    return made


def catalogue_json(
    listed: Sequence[Mapping[str, Any]], site: Site, made_on: date
) -> tuple[str, bytes]:
    """The list in terms of DCAT (W3C) and Dublin Core; paths are relative to the site."""
    both = None if site.publisher is None else site.publisher.model_dump()
    data = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "spdx": "http://spdx.org/rdf/terms#",
        },
        "@type": "dcat:Catalog",
        "dct:issued": made_on.isoformat(),
        "dct:publisher": both,
        "dct:license": None if site.licence is None else site.licence.model_dump(),
        "fictional": site.fictional,
        "dcat:dataset": [_dcat(one) for one in listed],
    }
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    return "data/catalogue.json", text.encode()


def _dcat(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@type": "dcat:Dataset",
        "dct:identifier": f"{one['insurer_code']}/{one['id']}",
        "dct:title": one["title"],
        "dct:description": one["description"],
        "dct:temporal": one["as_of"],
        "dct:spatial": {"code": one["insurer_code"], "name": one["insurer"]},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dcat:downloadURL": file["path"],
                "dcat:mediaType": file["media_type"],
                "dct:language": file["language"] or ["ja", "en"],
                "dcat:byteSize": file["bytes"],
                "spdx:checksum": {"spdx:algorithm": "sha256", "spdx:checksumValue": file["sha256"]},
            }
            for file in one["files"]
        ],
    }
