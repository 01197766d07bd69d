"""What papers say of residence examination (在留審査): three facts, and never a result.

The text is the municipality's to approve. Ours is a draft and is marked so on the paper until the
approval is stated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kokuho.forms.papers.blocks import Note
from kokuho.forms.papers.text import Day, Month, say

FROM = Month(2027, 6)
SOURCE = "厚生労働省「全国厚生労働関係部局長会議」(保険局)資料 49ページ"
SOURCE_ADDRESS = "https://www.mhlw.go.jp/content/10200000/001646474.pdf"
AS_OF = Month(2026, 2)
"""The month of the newest source that was read."""


@dataclass(frozen=True)
class Residence:
    """The note and its approval; without one it is printed as a draft (文案)."""

    approved_by: str = ""
    approved_on: date | None = None

    @property
    def approved(self) -> bool:
        """Whether the municipality has approved the text."""
        return bool(self.approved_by) and self.approved_on is not None

    def note(self) -> Note:
        """The box as it stands on a paper."""
        if self.approved and self.approved_on is not None:
            mark = say("文の承認:{who}({day})", who=self.approved_by, day=Day(self.approved_on))
        else:
            mark = say("文案(市区町村がまだ承認していません)")
        return Note(
            say("在留資格をお持ちの方へ"),
            (
                say(
                    "{month}から、在留資格の審査で、国民健康保険の納付の記録が参照される予定です。",
                    month=FROM,
                ),
                say("納付の相談は、今、受け付けています。"),
                say("在留資格の審査と判断は、出入国在留管理庁が行います。"),
            ),
            source=say("出典:{source}({month}現在)", source=SOURCE, month=AS_OF),
            mark=mark,
        )
