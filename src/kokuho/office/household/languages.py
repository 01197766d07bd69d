"""Languages that people ask for, in Japanese."""

from __future__ import annotations

_NAMES = {
    "bn": "ベンガル語",
    "en": "英語",
    "es": "スペイン語",
    "fil": "フィリピノ語",
    "id": "インドネシア語",
    "ja": "日本語",
    "ko": "韓国・朝鮮語",
    "mn": "モンゴル語",
    "my": "ミャンマー語",
    "ne": "ネパール語",
    "pt-BR": "ポルトガル語(ブラジル)",
    "si": "シンハラ語",
    "th": "タイ語",
    "vi": "ベトナム語",
    "zh-Hans": "中国語(簡体字)",
    "zh-Hant": "中国語(繁体字)",
}


def language_name(tag: str) -> str:
    """A language by its tag (BCP 47); a tag that is not known is shown as it is."""
    return _NAMES.get(tag, tag)
