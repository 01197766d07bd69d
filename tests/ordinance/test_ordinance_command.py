"""``kokuho ordinance``, the published schema, the page in docs, the catalogue."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from typer.testing import CliRunner

import kokuho.ordinance
from kokuho.base.messages import LOCALE_DIR
from kokuho.cli.ordinance import app
from kokuho.ordinance import json_schema, load, shipped_files
from kokuho.ordinance.findings import NOTICES, TEXTS
from kokuho.ordinance.prepayment import REQUIRED
from kokuho.ordinance.schema import schema_text

ROOT = Path(kokuho.ordinance.__file__).parents[3]
PAGE = (ROOT / "docs" / "ordinance.md").read_text(encoding="utf-8")
KOGANEI = ROOT / "examples" / "koganei" / "ordinance.yaml"
FICTIONAL = sorted((ROOT / "examples" / "fictional").glob("*.yaml"))
EXAMPLES = [*shipped_files(), *FICTIONAL, KOGANEI]
run = CliRunner().invoke


@pytest.fixture(autouse=True)
def japanese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "ja")


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.yaml"
    text = KOGANEI.read_text(encoding="utf-8").replace('"0.0674"', "0.0674")
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sound_file_is_said_to_be_so_with_what_is_still_missing() -> None:
    shown = run(app, ["validate", str(KOGANEI)])
    assert shown.exit_code == 0
    assert "問題なし(小金井市、令和8年度)" in shown.output
    assert "条例と照合したら status: compared" in shown.output


def test_a_wrong_file_gives_1_and_every_finding_with_line_and_advice(wrong: Path) -> None:
    shown = run(app, ["validate", str(KOGANEI), str(wrong)])
    assert shown.exit_code == 1
    assert "直すところ 1 件" in shown.output
    assert "15 行目: fiscal_years.2026.parts.medical.income_rate" in shown.output
    assert '引用符で囲んで "0.0674"' in shown.output


def test_a_file_that_cannot_be_read_gives_2_and_the_others_are_still_looked_at(
    wrong: Path, tmp_path: Path
) -> None:
    shown = run(app, ["validate", str(tmp_path / "none.yaml"), str(wrong)])
    assert shown.exit_code == 2
    assert "none.yaml: 読めません" in shown.stderr
    assert "直すところ 1 件" in shown.stdout


def test_json_lists_the_findings_of_all_files(wrong: Path) -> None:
    shown = run(app, ["validate", "--json", str(KOGANEI), str(wrong)])
    assert shown.exit_code == 1
    said = json.loads(shown.stdout)
    assert (said["files"], said["refused"], said["unreadable"]) == (2, 1, 0)
    [found] = [one for one in said["findings"] if one["severity"] == "error"]
    assert found["file"] == str(wrong)
    assert found["code"] == "rate_not_text"
    assert found["place"] == "fiscal_years.2026.parts.medical.income_rate"
    assert found["line"] == 15
    assert found["printed"] == 0.0674
    assert found["expected"] == '引用符で囲んで "0.0674"'


def test_the_interface_speaks_english_when_asked(
    wrong: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")
    assert 'expected: "0.0674" in quotes' in run(app, ["validate", str(wrong)]).output


def test_the_published_schema_is_the_one_that_the_command_prints() -> None:
    published = (ROOT / "docs" / "ordinance.schema.json").read_text(encoding="utf-8")
    assert published == run(app, ["schema"]).stdout == schema_text()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_file_that_we_publish_fits_the_schema(path: Path) -> None:
    assert misfits(json_schema(), as_json(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"0.0674"', "0.0674"),
        ('"0.0674"', '"6.74"'),
        ("kind: tax", "kind: fee"),
        ("care:", "nursing:"),
        ("cap: 670000", "cap: 670000.5"),
        ("per_capita_adult: 89, ", ""),
        ("per_capita: 15000", "per_capita: 15000, per_capita_adult: 1"),
        ("    retrieved: 2026-11-24\n", ""),
        ("2026:", "R8:"),
        ("part: 100", "part: 50"),
        ("part: 100", "part: 100, income_mode: {care: ceil}"),
        ('"07-end"', '"7月末"'),
        ("adopted: false", "adopted: true"),
        ("insurer:", "note: x\ninsurer:"),
    ],
)
def test_the_schema_refuses_what_the_model_refuses(old: str, new: str, tmp_path: Path) -> None:
    text = KOGANEI.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "ordinance.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert misfits(json_schema(), as_json(path.read_text(encoding="utf-8")))
    assert run(app, ["validate", str(path)]).exit_code == 1


def test_the_example_in_the_docs_is_a_sound_ordinance(tmp_path: Path) -> None:
    [example] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "example.yaml"
    path.write_text(example, encoding="utf-8")
    assert load(path).year(2026).parts == load(KOGANEI).year(2026).parts


def test_the_docs_name_every_key_and_every_finding() -> None:
    named = set(re.findall(r"`([a-z0-9_.]+)`", PAGE))
    keys = {
        key
        for definition in json_schema()["$defs"].values()
        for key in definition.get("properties", {})
    }
    assert keys - named - {"order"} == set()
    assert set(TEXTS) - named == set()
    assert set(REQUIRED) - named == set()
    assert set(TEXTS) > NOTICES


def test_the_docs_count_and_name_what_is_shipped() -> None:
    assert "Nineteen municipalities" in PAGE
    assert len(shipped_files()) == 19
    assert all(load(path).insurer.name in PAGE for path in shipped_files())
    links = re.findall(r"\]\((\.\./[^)]+)\)", PAGE)
    assert links
    assert all((ROOT / "docs" / link).is_file() for link in links)


def test_every_message_has_its_japanese() -> None:
    sources = [*(ROOT / "src/kokuho/ordinance").glob("*.py"), ROOT / "src/kokuho/cli/ordinance.py"]
    used = {
        message
        for path in sources
        for _line, message, *_ in extract_from_file(
            "python", path, keywords={"_": None, "N_": None}
        )
        if isinstance(message, str)
    }
    with (LOCALE_DIR / "ja" / "LC_MESSAGES" / "ordinance.po").open("rb") as file:
        catalogue = {entry.id: entry.string for entry in read_po(file) if entry.id}
    assert used == set(catalogue)
    for message, translation in catalogue.items():
        assert translation
        assert set(re.findall(r"\{\w+\}", translation)) == set(re.findall(r"\{\w+\}", message))


def test_help_does_not_load_pydantic() -> None:
    code = "import sys, kokuho.cli.ordinance; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def as_json(text: str) -> Any:
    """What a YAML file is to a JSON Schema: dates as text, keys as text."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(key): plain(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [plain(inner) for inner in value]
        return value.isoformat() if isinstance(value, date) else value

    return plain(yaml.safe_load(text))


TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
ABOUT = {"$schema", "$defs", "title", "description", "default", "examples", "format"}


def misfits(schema: dict[str, Any], value: Any, root: dict[str, Any] | None = None) -> list[str]:
    """A small JSON Schema evaluator for the keywords that our schema uses; others are an error."""
    root = root or schema

    def fits(inner: Any, part: Any) -> bool:
        return inner is True or (inner is not False and not misfits(inner, part, root))

    wrong: list[str] = []
    mapping = value if isinstance(value, dict) else {}
    known = set(schema.get("properties", {}))
    patterns = schema.get("patternProperties", {})
    for keyword, told in schema.items():
        match keyword:
            case "$ref":
                ok = fits(root["$defs"][told.rsplit("/", 1)[1]], value)
            case "type":
                ok = isinstance(value, TYPES[told]) and (told != "integer" or value is not True)
            case "enum":
                ok = value in told
            case "const":
                ok = value == told
            case "pattern":
                ok = not isinstance(value, str) or bool(re.search(told, value))
            case "minLength":
                ok = not isinstance(value, str) or len(value) >= told
            case "minimum":
                ok = not isinstance(value, int) or value >= told
            case "maximum":
                ok = not isinstance(value, int) or value <= told
            case "required":
                ok = not isinstance(value, dict) or all(key in value for key in told)
            case "properties":
                ok = all(fits(told[key], inner) for key, inner in mapping.items() if key in told)
            case "patternProperties":
                ok = all(
                    fits(inner, part)
                    for pattern, inner in told.items()
                    for key, part in mapping.items()
                    if re.search(pattern, key)
                )
            case "additionalProperties":
                ok = all(
                    fits(told, part)
                    for key, part in mapping.items()
                    if key not in known and not any(re.search(one, key) for one in patterns)
                )
            case "propertyNames":
                ok = all(fits(told, key) for key in mapping)
            case "minProperties":
                ok = not isinstance(value, dict) or len(value) >= told
            case "items":
                ok = not isinstance(value, list) or all(fits(told, part) for part in value)
            case "anyOf":
                ok = any(fits(inner, value) for inner in told)
            case "allOf":
                ok = all(fits(inner, value) for inner in told)
            case "not":
                ok = not fits(told, value)
            case "if":
                ok = not fits(told, value) or fits(schema["then"], value)
            case "then":
                ok = True
            case _:
                assert keyword in ABOUT, f"the evaluator does not know {keyword}"
                ok = True
        if not ok:
            wrong.append(keyword)
    return wrong
