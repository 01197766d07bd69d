"""Leaflets: before leaving Japan (出国・帰国の前に), and on joining (加入のしおり)."""

from __future__ import annotations

from dataclasses import dataclass

from kokuho.forms.papers.blocks import Block, Key, Paragraphs, Section
from kokuho.forms.papers.letter import Letter, Sheet, consultation, contact, residence
from kokuho.forms.papers.text import Message, MonthName, Value, Yen, say


@dataclass(frozen=True)
class ReturnHomeGuide:
    """What to do before leaving Japan for good; with the household's balance where it is known."""

    letter: Letter
    weeks_before: int
    """How early the office asks people to come."""
    unpaid: int | None = None
    not_due: int | None = None
    addressed: bool = False
    """Whether it is sent as a letter, with number and addressee."""


@dataclass(frozen=True)
class EnrolmentLeaflet:
    """What a new member should know. Days and times are the municipality's or the law's."""

    letter: Letter
    notice_month: int
    """The month in which the yearly notice is sent."""
    change_days: int
    """Days within which changes are to be told (14 by law)."""
    prepayment: bool = False
    addressed: bool = False
    """Whether it is sent as a letter, with number and addressee."""


def return_home_guide(paper: ReturnHomeGuide) -> Sheet:
    """The guide."""
    kind = paper.letter.kind
    blocks: list[Block] = []
    key: list[tuple[Message, Value]] = []
    if paper.unpaid is not None:
        key.append((say("今、払っていない額"), Yen(paper.unpaid)))
    if paper.not_due is not None:
        key.append((say("納期限がまだ来ない額"), Yen(paper.not_due)))
    if key:
        blocks.append(Key(tuple(key)))
    tax = kind == "tax"
    blocks += [
        Section(say("日本を出る前にすること")),
        Paragraphs((
            say("日本を出る日が決まったら、{weeks}週間ぐらい前に、市区町村の窓口に来てください。",
                weeks=paper.weeks_before),
            say("転出の届け出をしてください。届け出をしないと、請求が続きます。"),
            say("国民健康保険をやめる手続き(脱退届)をしてください。"),
            say("資格確認書を持っているときは、返してください。"),
            (
                say("その日までの国民健康保険税を計算し、払ってください。")
                if tax
                else say("その日までの国民健康保険料を計算し、払ってください。")
            ),
            (
                say("あとで額が決まるときや、通知が届くときのために、日本にいる納税管理人を決めて届け出てください。")
                if tax
                else say(
                    "あとで額が決まるときや、通知が届くときのために、日本にいる代理の人を決めて届け出てください。"
                )
            ),
            say("払いすぎた額があるときのために、振込先の口座を知らせてください。"),
        ), "steps"),
        Section(say("持ってくるもの")),
        Paragraphs((
            say("在留カード、またはパスポート"),
            say("マイナンバーカード、または資格確認書"),
            say("日本を出る日が分かるもの(航空券など)"),
            say("銀行の口座が分かるもの"),
            say("届いている通知書と納付書"),
        ), "points"),
        Section(say("知っておいてほしいこと")),
        Paragraphs((
            say("帰国すると、国民健康保険は使えません。"),
            say("全部を一度に払えないときは、分割納付などを相談してください。"),
            (
                say("日本を出ても、払っていない国民健康保険税はなくなりません。")
                if tax
                else say("日本を出ても、払っていない国民健康保険料はなくなりません。")
            ),
            say("少しの間だけ日本を出て、また戻るときは、やめる手続きは必要ありません。窓口に聞いてください。"),
        ), "points"),
        *residence(paper.letter),
        *contact(paper.letter.sender),
    ]  # fmt: skip
    return Sheet(
        "return_home", say("出国・帰国の前に"), paper.letter, tuple(blocks),
        say("日本を出て、しばらく戻らない人は、次の手続きをしてください。"),
        leaflet=not paper.addressed,
    )  # fmt: skip


def enrolment_leaflet(paper: EnrolmentLeaflet) -> Sheet:
    """The leaflet."""
    tax = paper.letter.kind == "tax"
    blocks: list[Block] = [
        Section(say("国民健康保険とは")),
        Paragraphs((
            say("病気やけがのとき、医療機関で払うお金が一部だけになる、国の制度です。"),
            say("日本に住み、職場の健康保険などに入っていない人は、加入しなければなりません。国籍は関係ありません。"),
            say("病院などでは、マイナ保険証または資格確認書を見せてください。"),
        ), "points"),
        Section(say("払うお金")),
        Paragraphs((
            (
                say("国民健康保険税は、加入した月の分から払います。届け出が遅れても同じです。")
                if tax
                else say("国民健康保険料は、加入した月の分から払います。届け出が遅れても同じです。")
            ),
            say("払う人は世帯主です。世帯主が加入していなくても、世帯主に通知が届きます。"),
            say("額は、前の年の所得と、加入している人の数で決まります。"),
            say("所得が少ない世帯は、軽減で額が下がります。そのために、所得の申告が必要です。"),
            say("日本で所得がなかった人は、簡易申告をしてください。申告しないと、軽減を受けられません。"),
            say("毎年{month}ごろに、1年間の額の通知書が届きます。",
                month=MonthName(paper.notice_month)),
        ), "points"),
    ]  # fmt: skip
    if paper.prepayment:
        blocks += [
            Section(say("前納について")),
            Paragraphs((
                say("日本に来たばかりの世帯は、その年度の額を前納することがあります。別の通知でお知らせします。"),
                say("対象になるかどうかは、世帯主が基準の日に日本で住民登録をしていたかどうかで決まります。国籍は関係ありません。"),
            ), "points"),
        ]  # fmt: skip
    blocks += [
        Section(say("口座振替をすすめています")),
        Paragraphs((
            say("口座振替にすると、払い忘れがなく、毎回払いに行く必要がありません。"),
            say("この窓口で申し込めます。キャッシュカード、または通帳と届出印が必要です。"),
            say("口座振替をしない人は、納付書で払います。"),
        ), "points"),
        consultation(),
        Section(say("届け出が必要なとき")),
        Paragraphs((
            say("次のときは、{days}日以内に届け出てください。", days=paper.change_days),
            say("引っ越すとき、世帯主や家族が変わったとき"),
            say("職場の健康保険に入ったとき(国民健康保険は自動的にはやめられません)"),
            say("日本を出るとき(「出国・帰国の前に」の紙を見てください)"),
        ), "points"),
        *residence(paper.letter),
        *contact(paper.letter.sender),
    ]  # fmt: skip
    return Sheet(
        "enrolment", say("国民健康保険 加入のしおり"), paper.letter, tuple(blocks),
        say("国民健康保険に加入した人に、知っておいてほしいことです。"),
        leaflet=not paper.addressed,
    )  # fmt: skip
