"""The catalogues of papers: complete, one term one rendering, no promises."""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from kokuho.base.errors import FormError
from kokuho.base.messages import LOCALE_DIR
from kokuho.forms.papers import LANGUAGES, TRANSLATED, coverage, language_of
from kokuho.forms.papers.catalogue import Review, review
from kokuho.forms.papers.glossary import glossary
from kokuho.forms.papers.residence import Residence
from kokuho.forms.papers.ruby import plain

ROOT = Path(__file__).resolve().parents[3]
KANJI = re.compile(r"[一-龥々]")


@cache
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("papers_script", ROOT / "scripts" / "papers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def source(code: str) -> Catalog:
    path = LOCALE_DIR / LANGUAGES[code].folder / "LC_MESSAGES" / "papers.po"
    with path.open("rb") as lines:
        return read_po(lines, locale=LANGUAGES[code].folder, abort_invalid=True)


def translations(code: str) -> dict[str, str]:
    return {message.id: message.string for message in source(code) if message.id and message.string}


def spots(text: str) -> list[str]:
    return sorted(name for _text, name, _form, _how in Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_has_every_message_of_the_code_and_no_other(code: str) -> None:
    assert {message.id for message in source(code) if message.id} == set(script().messages())


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_translation_is_missing_or_fuzzy(code: str) -> None:
    wrong = [m.id for m in source(code) if m.id and (m.fuzzy or not m.string)]
    assert wrong == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_places_of_a_translation_are_those_of_its_message(code: str) -> None:
    wrong = {
        text: translation
        for text, translation in translations(code).items()
        if set(spots(text)) != set(spots(translation))
        or any(
            translation.count(f"{{{name}}}") > 1
            for name in spots(text)
            if name not in ("number", "tenths")  # 2割(20%), 第1期〈1回目〉
        )
    }
    assert wrong == {}


@pytest.mark.parametrize("code", TRANSLATED)
def test_one_term_has_one_rendering(code: str) -> None:
    terms = glossary(LANGUAGES[code])
    wrong = {
        text: findings
        for text, translation in translations(code).items()
        if (findings := terms.findings(text, translation))
    }
    assert wrong == {}


def test_every_language_has_the_same_terms_each_with_its_source() -> None:
    named = {code: glossary(LANGUAGES[code]).terms for code in TRANSLATED}
    assert all(set(terms) == set(named["en"]) for terms in named.values())
    for terms in named.values():
        assert all(term.source == "unsourced" or "://" in term.source for term in terms.values())


def test_a_wrong_rendering_and_a_forbidden_one_are_found() -> None:
    terms = glossary(LANGUAGES["en"])
    assert terms.findings("納期限までに", "by the due date")
    assert terms.findings("資格確認書", "Certificate of Eligibility")
    assert not terms.findings("世帯主です", "the Head of Household")
    # 世帯 inside 世帯主 is not a term of its own
    assert [term.japanese for term in terms.terms_of("世帯主")] == ["世帯主"]


@pytest.mark.parametrize("code", TRANSLATED)
def test_nothing_said_of_residence_tells_a_result(code: str) -> None:
    note = Residence().note()
    said = [note.title.text, *(text.text for text in note.texts)]
    found = translations(code)
    patterns = glossary(LANGUAGES[code]).no_result
    assert patterns
    for text in said:
        assert not [pattern for pattern in patterns if re.search(pattern, found[text], re.I)]


def test_three_facts_are_said_of_residence_and_the_draft_is_marked_until_it_is_approved() -> None:
    note = Residence().note()
    assert len(note.texts) == 3
    assert note.mark is not None
    assert "承認していません" in note.mark.text
    assert note.source is not None


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_says_whether_it_was_reviewed(code: str) -> None:
    state = review(LANGUAGES[code])
    assert state == Review(False) or (state.by and state.on)


def test_every_kanji_of_easy_japanese_has_its_reading() -> None:
    left = {
        text: translation
        for text, translation in translations("easy_ja").items()
        if KANJI.search(re.sub(r"\[[^\[\]|]+\|[ぁ-んー]+\]", "", translation))
    }
    assert left == {}


def test_easy_japanese_has_short_sentences_and_spaces_between_words() -> None:
    for translation in translations("easy_ja").values():
        bare = re.sub("〈[^〉]*〉", "", plain(translation))
        sentences = re.split("[。:]", bare)
        assert all(len(sentence.replace(" ", "")) <= 50 for sentence in sentences), bare
        assert "ましょう" not in bare


def test_all_languages_are_complete_in_the_list_that_people_see() -> None:
    assert [(state.language.code, state.missing) for state in coverage()] == [
        (code, 0) for code in TRANSLATED
    ]


def test_an_unknown_language_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(FormError, match="zh-Hans"):
        language_of("xx")
