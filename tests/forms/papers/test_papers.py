"""Papers as their readers get them: complete, readable, the same figures on every side."""

from __future__ import annotations

import ast
import dataclasses
import re
import unicodedata
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kokuho.base.errors import FormError
from kokuho.forms import papers
from kokuho.forms.papers import (
    KINDS,
    LANGUAGES,
    TRANSLATED,
    Addressee,
    ChangeNotice,
    Instalment,
    Overdue,
    PartAmount,
    ReliefNotice,
    Residence,
    Slip,
    Window,
    compose,
    paper_pdf,
)
from kokuho.forms.papers.frame import page
from kokuho.forms.papers.letter import Kind
from kokuho.forms.papers.samples import SAMPLES
from kokuho.forms.render import render_pictures
from tests.forms.papers.reading import (
    MM,
    Word,
    faces_by_letter,
    lacking_glyphs,
    pages_of,
    text_of,
    unembedded,
)

SCRIPTS = {
    "zh-Hans": ("CJK", "NotoSansSC"), "zh-Hant": ("CJK", "NotoSansTC"),
    "ko": ("HANGUL", "NotoSansKR"), "ne": ("DEVANAGARI", "NotoSansDevanagari"),
    "my": ("MYANMAR", "NotoSansMyanmar"), "th": ("THAI", "NotoSansThai"),
    "si": ("SINHALA", "NotoSansSinhala"),
    "bn": ("BENGALI", "NotoSansBengali"), "mn": ("CYRILLIC", "NotoSans"),
    "vi": ("LATIN SMALL LETTER A WITH", "NotoSans"), "en": ("LATIN SMALL", "NotoSans"),
}  # fmt: skip
"""The script of a language as names of characters begin, and the family it is set in."""

LONG = Addressee(
    "ジョアン・カルロス・デ・オリヴェイラ・サントス・ダ・シルヴァ・フェレイラ・ロドリゲス・アウベス",
    "999-0001",
    "架空県架空市大字見本字長々しい地名の集落一丁目1234番地の5678 "
    "見本ハイツ・グランドコーポラス新館1501号室",
    ("被相続人 架空 太郎", "相続人代表者"),
)
ENGLISH = LANGUAGES["en"]
BIG = 123_456_789
JOINED = re.compile("[\u0900-\u0dff\u0e00-\u0e7f\u1000-\u109f]")
"""Letters of Devanagari, Bengali, Sinhala, Thai and Burmese."""


def enlarged(paper: Any) -> Any:
    """The paper with the longest name and very large amounts."""

    def grown(value: Any, name: str) -> Any:
        if isinstance(value, PartAmount | Instalment | Overdue) or dataclasses.is_dataclass(value):
            return dataclasses.replace(
                value,  # type: ignore[type-var]
                **{
                    field.name: grown(getattr(value, field.name), field.name)
                    for field in dataclasses.fields(value)
                    if field.init
                },
            )
        if isinstance(value, tuple):
            return tuple(grown(one, name) for one in value)
        if name in ("payer", "person", "name") and isinstance(value, str) and value:
            return LONG.name
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1_000:
            return value if name in ("year", "fiscal_year") else BIG
        return value

    made = grown(paper, "")
    letter = dataclasses.replace(
        made.letter,
        addressee=LONG,
        sender=dataclasses.replace(paper.letter.sender, interpreters=", ".join(["中文"] * 30)),
    )
    return dataclasses.replace(made, letter=letter)


def outside(words: list[Word]) -> list[str]:
    """Words that stand in the margins of the sheet, or beyond it."""
    return [
        word.text
        for word in words
        if word.left < 17 * MM
        or word.right > 193.5 * MM
        or word.top < 9 * MM
        or word.bottom > 291 * MM
    ]


def overlapping(words: list[Word]) -> list[tuple[str, str]]:
    """Words of one line that stand over each other: what a cell too narrow looks like.

    Two things that look like it do not count: syllables of which poppler makes two words that share
    one, and Chinese marks that are set close to the bracket before them.
    """
    found = []
    ordered = sorted(words, key=lambda word: (round(word.middle), word.left))
    for one, other in pairwise(ordered):
        same_line = abs(one.middle - other.middle) < 1
        joined = JOINED.search(one.text) and JOINED.search(other.text)
        mark = unicodedata.category(other.text[0]).startswith("P")
        over = one.right - other.left > 1.5 and other.right > one.left
        if same_line and over and not joined and not mark:
            found.append((one.text, other.text))
    return found


@pytest.fixture(scope="module")
def reminder() -> bytes:
    return paper_pdf(SAMPLES["reminder"]("premium"), TRANSLATED)


def test_every_paper_has_a_kind_a_sample_and_a_japanese_side() -> None:
    assert list(KINDS) == list(SAMPLES)
    assert len(KINDS) == 15
    for key, sample in SAMPLES.items():
        assert type(sample("tax")) is KINDS[key].data


def test_all_languages_stand_in_one_paper_without_an_empty_box_and_inside_its_margins(
    reminder: bytes, tmp_path: Path
) -> None:
    assert lacking_glyphs(reminder) == 0
    assert unembedded(reminder) == set()
    pages = pages_of(reminder, tmp_path)
    assert len(pages) > len(TRANSLATED)
    for words in pages:
        assert outside(words) == []
        assert overlapping(words) == []


@pytest.mark.parametrize("code", list(SCRIPTS))
def test_a_script_is_set_in_its_own_typeface(code: str) -> None:
    script, family = SCRIPTS[code]
    side = paper_pdf(SAMPLES["appropriation"]("premium"), [code])
    faces = faces_by_letter(side, script)
    assert any(face.startswith(f"{family}-") for face in faces)
    if code == "mn":
        # with the Japanese face first, Cyrillic comes out in full-width letters
        assert not any("BIZ" in face for face in faces)


def test_what_does_not_fit_is_noticed(tmp_path: Path) -> None:
    paper = SAMPLES["reminder"]("premium")
    too_large = tuple(dataclasses.replace(one, amount=10**60, fee=10**60) for one in paper.overdue)  # type: ignore[union-attr]
    pages = pages_of(paper_pdf(dataclasses.replace(paper, overdue=too_large)), tmp_path)  # type: ignore[call-arg]
    assert any(outside(words) or overlapping(words) for words in pages)


def test_each_side_has_the_same_figures(reminder: bytes) -> None:
    text = text_of(reminder)
    sides = 1 + len(TRANSLATED)
    for amount in ("17,900", "1,100", "59,300", "19,800"):
        assert text.count(amount) >= sides, amount
    assert text.count("59,300") == 2 * sides


def test_the_translation_says_what_it_is_and_that_nobody_reviewed_it() -> None:
    text = text_of(paper_pdf(SAMPLES["levy"]("tax"), ["en"]))
    assert "Referencetranslation" in text
    assert "OnlytheJapanesesideislegallyvalid." in text
    assert "Thistranslationhasnotbeencheckedbyanativespeakeryet." in text
    assert "参考訳(英語)" in text


def test_the_kind_of_levy_is_that_of_the_municipality() -> None:
    tax, premium = (
        text_of(paper_pdf(SAMPLES["levy"](kind), ["en"])) for kind in ("tax", "premium")
    )
    assert "国民健康保険税納税通知書" in tax
    assert "国民健康保険料" not in tax
    assert "NationalHealthInsuranceTax:TaxPaymentNotification" in tax
    assert "国民健康保険料納入通知書" in premium
    assert "国民健康保険税" not in premium
    assert "NationalHealthInsurance:PremiumNotification" in premium


def test_dates_and_amounts_stand_in_the_form_of_the_reader() -> None:
    text = text_of(paper_pdf(SAMPLES["reminder"]("premium"), ["en", "easy_ja"]))
    assert "令和8年12月7日" in text
    assert "December7,2026" in text
    assert "¥59,300" in text
    assert "FY2025(令和7年度)" in text


def test_the_address_stands_in_the_window_however_long_it_is(tmp_path: Path) -> None:
    for window in (Window(), Window(25, 20, 80, 35)):
        paper = enlarged(SAMPLES["reminder"]("premium"))
        sender = dataclasses.replace(paper.letter.sender, window=window)
        paper = dataclasses.replace(paper, letter=dataclasses.replace(paper.letter, sender=sender))
        words = pages_of(paper_pdf(paper), tmp_path)[0]
        inside = [
            word
            for word in words
            if word.left >= window.left_mm * MM
            and word.right <= (window.left_mm + window.width_mm) * MM
            and word.top >= window.top_mm * MM - 2
            and word.bottom <= (window.top_mm + window.height_mm) * MM + 2
        ]
        shown = "".join(word.text for word in inside)
        assert shown == "".join(
            f"〒{LONG.postal_code}{LONG.address}{''.join(LONG.before)}{LONG.name} 様".split()
        )


def test_the_seal_is_the_offices_own_picture_or_a_box_for_it() -> None:
    paper = SAMPLES["reminder"]("premium")
    assert "公印" in text_of(paper_pdf(paper))
    seal = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><circle r="5"/></svg>'
    sender = dataclasses.replace(paper.letter.sender, seal=seal)
    sealed = dataclasses.replace(paper, letter=dataclasses.replace(paper.letter, sender=sender))
    assert "公印" not in text_of(paper_pdf(sealed))


def test_a_slip_without_a_code_says_so_and_one_with_a_code_shows_it() -> None:
    paper = SAMPLES["slip"]("premium")
    assert isinstance(paper, Slip)
    assert "バーコードなし" in text_of(paper_pdf(paper))
    code = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="18"><path d="M0 0h9v9"/></svg>'
    )
    coded = text_of(paper_pdf(dataclasses.replace(paper, code=code)))
    assert "バーコードなし" not in coded
    assert "バーコードの印刷された部分" in coded


def test_what_is_said_of_residence_is_a_draft_until_the_municipality_approves_it() -> None:
    paper = SAMPLES["demand"]("premium")
    draft = text_of(paper_pdf(paper, ["en"]))
    assert "文案" in draft
    assert "Draft(notyetapprovedbythemunicipality)" in draft
    approved = Residence("架空市国保年金課長", date(2026, 11, 1))
    letter = dataclasses.replace(paper.letter, residence=approved)
    text = text_of(paper_pdf(dataclasses.replace(paper, letter=letter), ["en"]))
    assert "文案" not in text
    assert "文の承認:架空市国保年金課長(令和8年11月1日)" in text
    silent = dataclasses.replace(paper.letter, residence=None)
    without = text_of(paper_pdf(dataclasses.replace(paper, letter=silent), ["en"]))
    assert "在留資格" not in without


@pytest.mark.parametrize(
    "key", ["levy", "change", "prepayment", "provisional", "reminder", "relief"]
)
def test_a_decision_that_does_not_say_where_to_turn_is_not_made(key: str) -> None:
    paper = SAMPLES[key]("premium")
    if hasattr(paper, "legal"):
        lacking = dataclasses.replace(paper, legal=dataclasses.replace(paper.legal, redress=(" ",)))
    else:
        lacking = dataclasses.replace(paper, redress=())  # type: ignore[call-arg]
    with pytest.raises(FormError, match="教示"):
        compose(lacking)


def test_a_character_that_no_typeface_has_is_refused_by_name() -> None:
    paper = SAMPLES["reminder"]("premium")
    assert dataclasses.is_dataclass(paper)
    with pytest.raises(FormError, match=r"U\+13000"):
        paper_pdf(dataclasses.replace(paper, payer="\U00013000"))  # type: ignore[call-arg]


def test_names_in_any_script_of_the_languages_can_be_printed() -> None:
    names = "Nguyễn Đặng Ứng / सीता / မောင် / สมชาย / පෙරේරා / Болд / রহিম / 김 / 张 / 張"
    paper = dataclasses.replace(SAMPLES["reminder"]("premium"), payer=names)  # type: ignore[call-arg]
    assert lacking_glyphs(paper_pdf(paper)) == 0


def test_the_same_paper_gives_the_same_bytes() -> None:
    paper = SAMPLES["certificate"]("premium")
    assert paper_pdf(paper, ["en"]) == paper_pdf(paper, ["en"])


def test_nothing_in_the_room_takes_a_nationality() -> None:
    words = re.compile("nationality|kokuseki|citizen", re.IGNORECASE)
    sources = sorted(Path(papers.__file__).parent.glob("*.py"))
    assert sources
    for path in sources:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        taken = [node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)]
        taken += [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
        assert not [name for name in taken if words.search(name)], path.name


def test_a_seal_may_be_a_png() -> None:
    side = page(compose(SAMPLES["slip"]("tax")), ENGLISH)
    png = render_pictures("papers", {"sides": [side]}, ppi=9)
    sender = dataclasses.replace(SAMPLES["reminder"]("tax").letter.sender, seal=png[0])
    paper = SAMPLES["reminder"]("tax")
    sealed = dataclasses.replace(paper, letter=dataclasses.replace(paper.letter, sender=sender))
    assert "公印" not in text_of(paper_pdf(sealed))


@pytest.mark.slow
@pytest.mark.parametrize("key", list(SAMPLES))
def test_every_paper_in_every_language_holds_long_names_and_big_amounts(
    key: str, tmp_path: Path
) -> None:
    kind: Kind = "tax" if list(SAMPLES).index(key) % 2 else "premium"
    pdf = paper_pdf(enlarged(SAMPLES[key](kind)), TRANSLATED)
    assert lacking_glyphs(pdf) == 0
    assert unembedded(pdf) == set()
    for words in pages_of(pdf, tmp_path):
        assert outside(words) == []
        assert overlapping(words) == []
    text = text_of(pdf)
    if f"{BIG:,}" in text:
        assert text.count(f"{BIG:,}") >= 1 + len(TRANSLATED)


@pytest.mark.parametrize("kind", ["premium", "tax"])
def test_the_figures_of_the_samples_agree_with_each_other(kind: Kind) -> None:
    change, relief = SAMPLES["change"](kind), SAMPLES["relief"](kind)
    assert isinstance(change, ChangeNotice)
    assert isinstance(relief, ReliefNotice)
    assert _moved(change.instalments) == change.total - change.before + change.overpaid
    assert _moved(relief.instalments) == relief.after - relief.before + relief.overpaid


def _moved(terms: tuple[Instalment, ...]) -> int:
    return sum(one.amount - (one.before or 0) for one in terms)
