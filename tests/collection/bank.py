"""A small bank, written from the text of the layout: it knows byte positions, not our code.

Positions are those of the 120-byte record as banks publish it, counted from 1; the bank debits what
it is asked to and answers with the same records, the result in byte 112 and the sums in the
trailer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

RECORD = 120


def part(record: bytes, first: int, length: int) -> bytes:
    """Bytes of a record, the first one counted from 1."""
    return record[first - 1 : first - 1 + length]


def records_of(content: bytes) -> list[bytes]:
    """The records of a file with CR LF behind each and 0x1A at the end."""
    assert content.endswith(b"\r\n\x1a")
    body = content[:-1]
    assert len(body) % (RECORD + 2) == 0
    records = [body[n : n + RECORD] for n in range(0, len(body), RECORD + 2)]
    assert all(body[n + RECORD : n + RECORD + 2] == b"\r\n" for n in range(0, len(body), 122))
    return records


def file_of(records: list[bytes]) -> bytes:
    return b"".join(record + b"\r\n" for record in records) + b"\x1a"


class Bank:
    """Reads a request as a bank does, and answers."""

    def __init__(self, content: bytes) -> None:
        records = records_of(content)
        self.header, *self.data, self.trailer, self.end = records
        assert part(self.header, 1, 4) == b"1910"
        assert {part(record, 1, 1) for record in self.data} <= {b"2"}
        assert part(self.trailer, 1, 1) == b"8"
        assert part(self.end, 1, 1) == b"9"
        assert int(part(self.trailer, 2, 6)) == len(self.data)
        assert int(part(self.trailer, 8, 12)) == sum(self.amounts())

    @property
    def day(self) -> str:
        return part(self.header, 55, 4).decode()

    def amounts(self) -> list[int]:
        return [int(part(record, 81, 10)) for record in self.data]

    def references(self) -> list[str]:
        return [part(record, 92, 20).decode() for record in self.data]

    def answer(self, result_of: Callable[[str], str] | Mapping[str, str]) -> bytes:
        """The results: ``result_of`` says for each customer number what became of it."""
        look = result_of if callable(result_of) else result_of.__getitem__
        done = [
            record[:111] + look(part(record, 92, 20).decode()).encode() + record[112:]
            for record in self.data
        ]
        return self.closed(done)

    def closed(self, done: list[bytes]) -> bytes:
        """A file of these data records with its sums."""
        paid = [int(part(record, 81, 10)) for record in done if part(record, 112, 1) == b"0"]
        failed = [int(part(record, 81, 10)) for record in done if part(record, 112, 1) != b"0"]
        sums = "".join(
            f"{len(amounts):06}{sum(amounts):012}" for amounts in (paid + failed, paid, failed)
        )
        trailer = b"8" + sums.encode() + b" " * 65
        return file_of([self.header, *done, trailer, self.end])
