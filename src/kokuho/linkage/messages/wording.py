"""The words of an answer: Japanese, with English beside; made so as not to be misread.

One source for the examiner's page of the mesh and ``kokuho linkage inquire``.
"""

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

HOW_TO_READ: tuple[tuple[str, str], ...] = (
    ("納期限前の額は滞納ではありません。", "What is not yet due is not overdue."),
    (
        "納付の報告があった額は、台帳に反映されていなくても滞納ではありません。",
        "What was reported paid is not overdue, even before it is in the books.",
    ),
    (
        "猶予中の額と、分納誓約を守っている額は、滞納と分けて示します。",
        "Deferred amounts and agreements that are kept stand apart.",
    ),
    (
        "それぞれの基準日時より後の納付は含まれません。判断の前に納付の有無を本人に確かめてください。",
        "Payments after the data's time are not included: ask the person before you decide.",
    ),
)
"""What stands above every answer."""

OF_THE_HEAD = (
    "「世帯主が納める額」の納付義務者は世帯主で、この人ではありません。この人の滞納と読まないでください。",
    "What the household head owes is not owed by this person: do not read it as this person's "
    "arrears.",
)
"""What stands above amounts that another person owes."""

OWED_BY: Mapping[bool, tuple[str, str]] = {
    True: ("本人が納める額", "Owed by this person"),
    False: ("世帯主が納める額", "Owed by the household head"),
}
"""Whose amounts; ``True``: of the person asked about."""
