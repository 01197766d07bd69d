"""Integrated addressee (団体内統合宛名): address number, generated number, linkage codes.

The number has the form of a My Number with its check digit, so that the rehearsal exercises it, but
it may by chance be somebody's. So it is drawn at random, marked as of a rehearsal, stored
encrypted, and read by nobody: no export, log or answer has it.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterable

from kokuho.base.numbers import my_number_digit
from kokuho.mesh.keyfile import KeyFile

Draw = Callable[[], str]


def draw_number() -> str:
    """Twelve digits of which the last is the right check digit."""
    eleven = f"{secrets.randbelow(10**11):011d}"
    return eleven + my_number_digit(eleven)


def person_of(
    connection: sqlite3.Connection,
    keys: KeyFile,
    municipality: str,
    address: str,
    draw: Draw = draw_number,
) -> int:
    """The person of an address number; one that is new gets a number (団体内統合宛名の付番)."""
    found = find(connection, municipality, address)
    if found is not None:
        return found
    while True:
        number = draw()
        made = connection.execute(
            "INSERT INTO person (municipality, address, number, number_key, rehearsal) "
            "VALUES (?, ?, ?, ?, 1) ON CONFLICT (number_key) DO NOTHING RETURNING id",
            (
                municipality,
                address,
                keys.encrypt(number.encode(), belonging(municipality, address)),
                keys.pseudonym("number", number),
            ),
        ).fetchone()
        if made is not None:
            return int(made[0])


def belonging(municipality: str, address: str) -> str:
    """What an encrypted number is bound to."""
    return f"number/{municipality}/{address}"


def find(connection: sqlite3.Connection, municipality: str, address: str) -> int | None:
    """The person of an address number; ``None`` for one that is not known."""
    row = connection.execute(
        "SELECT id FROM person WHERE municipality = ? AND address = ?", (municipality, address)
    ).fetchone()
    return int(row[0]) if row else None


def code_of(connection: sqlite3.Connection, person: int, organisation: str) -> str:
    """The linkage code of a person for an organisation; made, at random, when first asked for."""
    row = connection.execute(
        "INSERT INTO code (code, person, organisation) VALUES (?, ?, ?) "
        "ON CONFLICT (person, organisation) DO UPDATE SET code = code RETURNING code",
        (secrets.token_hex(16), person, organisation),
    ).fetchone()
    return str(row[0])


def persons_by_code(
    connection: sqlite3.Connection, organisation: str, codes: Iterable[str]
) -> dict[str, int]:
    """The persons of an organisation's own codes; another's codes are unknown to it."""
    found = {}
    for code in codes:
        row = connection.execute(
            "SELECT person FROM code WHERE code = ? AND organisation = ?", (code, organisation)
        ).fetchone()
        if row:
            found[code] = int(row[0])
    return found
