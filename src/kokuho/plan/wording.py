"""The words of the official form (国保財政健全化計画書), as 東京都 has it.

Source: the plan that a city laid before its 国民健康保険運営協議会 in FY2025, where the form stands
three times; slips of the copy are put right by the other sheets. The notification is
保国発0129第2号 of 29 January 2018.
"""

from __future__ import annotations

from typing import Literal

from kokuho.plan.amounts import BaseKind, Row

Standing = Literal["on_track", "off_track", "unknown", "not_comparable"]
"""A year's deficit: not above the plan's, above it, not known, or with nothing to compare."""

TITLES = {"initial": "国保財政健全化計画書", "change": "国保財政健全化変更計画書"}
"""The heading, where a plan does not state its own."""

NOTIFICATION = (
    "「国民健康保険保険者の赤字削減・解消計画の策定等について」"
    "（平成30年1月29日付保国発0129第2号厚生労働省国民健康保険課長通知）",
    "に基づく赤字削減・解消計画",
)
PERIOD = "（{first}から{last}まで{length}ヵ年計画）"

SITUATION = "①　赤字の発生状況"
REDUCTION = "②　赤字削減計画"
OCCURRENCE_YEAR = "年度\n（赤字発生年度）"
PREFECTURE = "都道府県名"
INSURER_NUMBER = "保険者番号"
INSURER_NAME = "保険者名"
OTHER_TRANSFER = "法定外繰入金 ※1"
ADVANCE_INCREASE = "繰上充用金の新規増加分 ※2"
DEFICIT = "赤字額（合計）"

CAUSES = "赤字の原因"
CAUSE = "①赤字の要因"
SURPLUS = "②黒字分"
AFTER_SURPLUS = "③黒字分を差し引いた後の赤字額（合計）"

POLICY = "赤字削減・解消のための基本方針"
CURRENT = "①予算推計ベースの{year}の赤字額"
THIS_YEAR = "当年度"
TARGET = "②解消の目標年次"
MEANS = "③赤字削減・解消手段の主要事項"

MEASURES = "赤字削減・解消のための具体的な取組内容"

BY_YEAR = "年度別の\n赤字削減\n予定額（率）\n※3"
ORDINALS = "計画年次"
YEARS = "年　度"
ORDINAL = "第{number}年次"
TOTAL = "合計"
ROW_LABELS: dict[Row, str] = {
    "other_transfer": "法定外繰入の\n削減予定額（率） ※3",
    "advance_increase": "繰上充用金の新規増加分の\n削減予定額（率） ※3",
    "total": "合計\n赤字削減予定額（率） ※3",
}

FOOTNOTES = (
    "※1　国民健康保険事業の実施状況報告様式5の決算補填等目的の法定外一般会計繰入額の小計額と"
    "一致していること。",
    "※2　当該年度の繰上充用（当年度の歳入が歳出に不足し、翌年度の歳入を繰り上げてこれに充てる）"
    "の額と、前年度の繰上充用の額の差引増加分。但し、累積赤字のうち削減・解消された繰上充用金がある場合は、"
    "その額を除く。",
    "※3　率の場合は、赤字額又は削減すべき合計額に占める削減予定額の割合を記載する。なお、"
    "赤字額がすべて解消される場合には削減率100%とする。",
)

SUBMISSION = "上記のとおり{title}を提出します。"
DAY = "{year}{month}月{day}日"
BLANK_YEAR = "令和　　年"
BLANK_MONTH = "　　"
ADDRESSEE = "{addressee}　殿"
BLANK_ADDRESSEE = "　　　　知事"

COMPUTED = "＊"
"""Stands behind a rate that is not on the form but computed by us."""

BASES: dict[BaseKind, str] = {
    "settlement": "{year}決算の赤字額",
    "budget_estimate": "予算推計ベースの{year}の赤字額",
}
COMPUTED_RATES = "＊　計算値。{base}{amount:,}千円に対する割合（小数第3位を四捨五入）。{cumulative}"
CUMULATIVE = "{years}の累計は{rate}%。"
UNCERTAIN_RATES = "＊　{years}の率は、基準となる赤字額が定まらないため空欄。"
SPAN = "{first}から{last}まで"

PROGRESS_HEADING = "参考様式"
PROGRESS_TITLE = "国保財政健全化計画の進捗状況"
UNIT = "単位：千円"
SETTLEMENT = "決算"
PROGRESS_COLUMNS = (
    "計画年次",
    "年度",
    "赤字削減\n予定額",
    "計画の\n赤字額",
    "法定外\n繰入金",
    "繰上充用金の\n新規増加分",
    "赤字額\n（合計）",
    "差\n（決算－計画）",
    "状況",
    "差の理由",
    "決算の出典",
)
STANDINGS: dict[Standing, str] = {
    "on_track": "計画の範囲内",
    "off_track": "計画を超過",
    "unknown": "未公表・未入力",
    "not_comparable": "比較できない",
}
MEASURES_TITLE = "具体的な取組の目標と実績"
MEASURES_COLUMNS = ("取組", "指標", "目標", "実績", "状況", "備考")
MEASURES_AS_OF = "{day}現在"
MEASURES_STANDINGS: dict[str, str] = {
    "reached": "目標に達した",
    "short": "目標に達していない",
    "no_target": "目標なし",
    "unknown": "未入力",
}
MEASURES_NOTES = (
    "指標の選び方は Kokuho によるもので、国の様式や記入要領に定めはない。",
    "収納率と納付方法の割合は台帳と口座の記録から数えたもの、その他は担当が入力したものである。",
)
PROGRESS_NOTES = (
    "国・都道府県の報告様式は確認できていないため、この表は Kokuho が作った参考様式である。",
    "計画の赤字額は、基準となる赤字額から、その年度までの赤字削減予定額を差し引いた額。"
    "基準となる赤字額が定まらない年度は空欄とし、比較しない。",
    "決算の赤字額が分からない年度は空欄とし、「未公表・未入力」と記す。0 ではない。",
)
