"""Small collecting agents, written from the text of the rehearsal layouts and not from our code."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass


def weight_3(digits: str) -> int:
    """Modulus 10, weight 3: the digits from the right weigh 3, 1, 3, 1 ..."""
    weighed = 0
    for place in range(len(digits)):
        digit = int(digits[len(digits) - 1 - place])
        weighed += 3 * digit if place % 2 == 0 else digit
    return (10 - weighed % 10) % 10


def bar_code(payer: int, reference: int, due: str, amount: int, reissue: int = 0) -> str:
    """44 digits: 91, company, payer, number, reissue, day, stamp, amount, check digit."""
    body = f"91999999{payer:09}{reference:012}{reissue}{due}0{amount:06}"
    assert len(body) == 43
    return f"{body}{weight_3(body)}"


@dataclass(frozen=True)
class Payment:
    """One payment over the counter."""

    code: str
    stage: str = "02"
    day: str = "20261201"
    time: str = "0915"
    store: str = "MISE000001"


def store_file(payments: list[Payment], sequence: int = 1) -> bytes:
    """The file of a chain of stores."""
    lines = [f"199999920261202{sequence:04}".ljust(100)]
    lines += [f"2{p.stage}{p.day}{p.time}{p.store}{p.code}".ljust(100) for p in payments]
    total = sum(int(one.code[37:43]) for one in payments)
    lines.append(f"8{len(payments):06}{total:012}".ljust(100))
    return "".join(f"{line}\r\n" for line in lines).encode()


def serial_file(payments: list[tuple[int, str, int, int, int]]) -> bytes:
    """The file of Pay-easy or QR payments: serial number, day, payer, reference, amount."""
    lines = [f"2{s:014}{day}{p:09}{r:012}{a:010}".ljust(80) for s, day, p, r, a in payments]
    total = sum(one[4] for one in payments)
    lines.append(f"8{len(payments):06}{total:012}".ljust(80))
    return "".join(f"{line}\n" for line in lines).encode()


TITLES = ["区分", "データ種別", "収納日", "収納時刻", "店の番号", "店名", "バーコード", "金額"]


def comma_file(payments: list[Payment], end: str = "\r\n") -> bytes:
    """The file of an agent that separates its fields with commas."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator=end)
    write.writerow(TITLES)
    for p in payments:
        yen = int(p.code[37:43])
        write.writerow(["2", p.stage, p.day, p.time, p.store, "架空の店, 見本店", p.code, yen])
    write.writerow(["8", len(payments), sum(int(one.code[37:43]) for one in payments)])
    return out.getvalue().encode("cp932")
