"""The words of the examiner's page: Japanese, with English beside; made so as not to be misread."""

from __future__ import annotations

from collections.abc import Mapping

CLASS_WORDS: Mapping[str, tuple[str, str, str]] = {
    "paid": ("納付済", "Paid", "台帳に記帳された納付額です。"),
    "reported": (
        "納付の報告あり(台帳に未反映)",
        "Reported paid, not yet in the books",
        "納付の報告が届いていて、台帳への記帳を待っています。この額を滞納と読まないでください。",
    ),
    "overdue": (
        "滞納",
        "Overdue",
        "納期限を過ぎても納付されていない額です。報告済みの納付、猶予、履行中の分納の額は含みません。",
    ),
    "broken": (
        "滞納(分納誓約の不履行)",
        "Overdue, agreement not kept",
        "分納誓約のとおりに納付されていない額です。",
    ),
    "deferred": (
        "猶予中",
        "Deferred",
        "市区町村が納付を猶予しています。猶予の期間中の額は滞納ではありません。",
    ),
    "agreed": (
        "分納誓約を履行中",
        "Agreed, and kept",
        "市区町村との約束のとおりに分割で納付しています。",
    ),
    "suspended": (
        "滞納処分の執行停止中",
        "Execution suspended",
        "財産がない等の理由で、市区町村が滞納処分を停止しています。",
    ),
    "prescribed": ("時効により消滅", "Lapsed", "時効が完成し、納付の義務がなくなった額です。"),
    "later": ("納期限前", "Not yet due", "納期限前の額は滞納ではありません。"),
}
"""Title, English, and how to read it, by class of amounts."""

STATE_WORDS: Mapping[str, tuple[str, str, str]] = {
    "found": ("登録された情報があります", "Registered", ""),
    "none": (
        "登録された情報はありません",
        "Nothing is registered",
        "納付していることも、滞納していることも示しません。国民健康保険の加入者でない場合もあります。",
    ),
    "by_hand": (
        "自動では回答できません",
        "Not answered automatically",
        "市区町村に文書等で照会してください。納付の状況とは関係がなく、本人に不利な事情を示すものでもありません。",
    ),
    "unknown": (
        "この符号は見つかりません",
        "No such code",
        "入力した符号を確かめてください。納付の状況については何も示しません。",
    ),
}
"""Title, English, and how to read it, by state of the answer."""

REFUSED_WORDS: Mapping[str, str] = {
    "no_right": "この機関には照会する権限がありません。 / This institution has no right to ask.",
    "wrong_purpose": "この事務では照会できません。 / This purpose is not allowed.",
}
OTHERWISE_REFUSED = "照会は受け付けられませんでした。 / The inquiry was refused."

CODED: Mapping[str, Mapping[str, str]] = {
    "kind": {"premium": "保険料", "tax": "保険税"},
    "channel": {"ordinary": "普通徴収", "pension": "特別徴収", "prepaid": "前納"},
}
