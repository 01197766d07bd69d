"""The rehearsal mesh: records registered and inquiries answered, beside an empty message; its log.

One server over TLS on loopback, as its users start it, one client at a time. Each question takes
turns with an empty one (echo) of the same client, so that the ratio is of the same moments. Then
the inquiries again while another client keeps the log growing, so that it is sealed and
time-stamped meanwhile. Last a year's log of three sizes is verified. Printed last: JSON.

    python benchmarks/linkage.py [INQUIRIES] [RECORDS]
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

MUNICIPALITY = "139998"
A_BATCH = 1_000
LOGS = (25_000, 50_000, 100_000)
"""Records of a log. A year of 200 messages a working day, each in and out, are 100 thousand."""


def main(inquiries: int, records: int) -> dict[str, Any]:
    from tests.mesh.serving import free_port, served

    from kokuho.mesh.founding import Wanted, make

    with tempfile.TemporaryDirectory() as place:
        port = free_port()
        made = make(Path(place) / "mesh", Wanted(port=port))
        with served(made, port):
            told = exchange(made, inquiries, records)
    return told | {"logs": [verified(size) for size in LOGS], "load": os.getloadavg()[0]}


def client(made: Any, who: str) -> tuple[Any, Any]:
    from kokuho.linkage.exchange import party_of
    from kokuho.linkage.link import load_link
    from kokuho.linkage.transport import transport_of

    link = load_link(made.client(who) / "link.yaml")
    return party_of(link), transport_of(link)


def asker(made: Any, who: str) -> Callable[[str, Any], Any]:
    """A function that asks one question over the wire and reads its answer."""
    from kokuho.linkage.exchange import ask, open_answer, read_answer
    from kokuho.linkage.messages.bodies import SCOPES

    party, way = client(made, who)

    def put(kind: str, body: Any) -> Any:
        question = ask(party, way, kind, body)
        answer = way.send("bench", question.sealed, SCOPES[kind])
        return read_answer(open_answer(party, way, answer, kind), question.number)

    return put


def exchange(made: Any, inquiries: int, records: int) -> dict[str, Any]:
    from kokuho.linkage.messages.bodies import Codes, Echo, Inquire, Register

    city, agency = asker(made, "city"), asker(made, "immigration")
    for put in (city, agency):
        put("echo", Echo())  # the token, and whatever the first one takes
    registering, echoing = [], []
    for batch in batches(made, records):
        registering.append(timed(lambda one=batch: city("register", Register(**one))))
        echoing.append(timed(lambda: city("echo", Echo())))
    persons = [str(100_000 + number) for number in range(min(inquiries, records // 4))]
    codes = []
    for start in range(0, len(persons), A_BATCH):
        body = Codes(municipality=MUNICIPALITY, persons=persons[start : start + A_BATCH])
        codes += agency("codes", body).codes.values()

    def inquire(code: str) -> None:
        body = Inquire(purpose="K-RESIDENCE", officer="bench", reason="bench", codes=[code])
        assert agency("inquire", body).persons[0].state == "found"

    def both() -> dict[str, Any]:
        asked, empty = [], []
        for code in codes:
            asked.append(timed(lambda one=code: inquire(one)))
            empty.append(timed(lambda: agency("echo", Echo())))
        return {"inquire": summary(asked), "echo": summary(empty),
                "ratio": sum(asked) / sum(empty)}  # fmt: skip

    quiet = both()
    with busy(made) as stamps:
        before = stamps()
        stamped = both() | {"seals_stamped_meanwhile": stamps() - before}
    return {
        "register": {
            "records": records,
            "records_per_second": records / sum(registering),
            "batch": summary(registering),
            "echo": summary(echoing),
            "batch_in_echoes": sum(registering) / sum(echoing),
        },
        "quiet": quiet,
        "while_stamped": stamped,
    }


def batches(made: Any, records: int) -> Iterator[dict[str, Any]]:
    """Batches of four demands a person."""
    from tests.mesh.clients import Mesh, record

    from kokuho.mesh.service import Service

    mesh = Mesh(Service.of(made), [])
    for start in range(0, records, A_BATCH):
        some = [
            record(str(100_000 + place // 4), term=place % 4 + 1)
            for place in range(start, min(start + A_BATCH, records))
        ]
        yield mesh.batch(some, f"bench-{start}")


def timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def summary(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "per_second": len(seconds) / sum(seconds),
        "p50_ms": 1000 * ordered[len(ordered) // 2],
        "p99_ms": 1000 * ordered[min(len(ordered) * 99 // 100, len(ordered) - 1)],
    }


@contextmanager
def busy(made: Any) -> Iterator[Callable[[], int]]:
    """Another client that keeps the log growing; a function that counts the time-stamps so far."""
    from kokuho.linkage.messages.bodies import Echo

    stop = threading.Event()
    hospital = asker(made, "hospital")

    def go() -> None:
        while not stop.is_set():
            hospital("echo", Echo())
            stop.wait(0.02)

    def stamps() -> int:
        connection = sqlite3.connect(made.database)
        [count] = connection.execute("SELECT count(*) FROM stamp").fetchone()
        connection.close()
        return int(count)

    thread = threading.Thread(target=go)
    thread.start()
    try:
        yield stamps
    finally:
        stop.set()
        thread.join()


def verified(size: int) -> dict[str, Any]:
    """How long a log of some size takes to be verified."""
    from kokuho.linkage.messages import KeyRing, SigningKey, verify_log

    since, now = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
    keys = [SigningKey.generate(name, since, now + timedelta(days=1)) for name in ("mesh", "clock")]
    lines = list(log_lines(size, keys, now))
    began = time.perf_counter()
    report = verify_log(lines, KeyRing.of(key.public for key in keys), whole=True)
    seconds = time.perf_counter() - began
    assert report.records == size
    assert report.closed
    assert not report.findings
    return {"records": size, "seconds": seconds, "microseconds_a_record": 1e6 * seconds / size}


def log_lines(size: int, keys: list[Any], now: datetime) -> Iterator[str]:
    """A log as an export has it, sealed by ten records and time-stamped."""
    from kokuho.linkage.messages import (
        START,
        Happening,
        closing_of,
        digest_of_text,
        next_record,
        seal_records,
        stamp_of,
    )

    mesh, clock = keys
    first = record = None
    before, open_ = START, []
    for number in range(size):
        happening = Happening(
            now, "in", "inquire", "immigration", f"{number:032x}", "0" * 64, "K-RESIDENCE", "taken",
            (f"{number:016x}",),
        )  # fmt: skip
        record = next_record("mesh", record, happening)
        first = first or record
        open_.append(record)
        yield json.dumps({"record": record.as_json()})
        if len(open_) == 10 or number == size - 1:
            seal = seal_records(open_, before, mesh, now)
            before, open_ = digest_of_text(seal), []
            yield json.dumps({"seal": seal})
            yield json.dumps({"stamp": stamp_of(before, number + 1, clock, now)})
    assert first
    assert record
    yield json.dumps({"closing": closing_of(first, record, mesh, now)})


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    print(json.dumps(main(*(given or [1_000]), *([] if len(given) > 1 else [20_000]))))
