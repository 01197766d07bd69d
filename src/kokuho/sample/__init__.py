"""Fictional cities for demonstrations, tests and benchmarks; every person in them is invented.

>>> from kokuho.sample import generate
>>> persons, households = generate(persons=1000, seed=1)
>>> persons["insured"].sum()
1000

What the cities look like, and why, is in ``docs/sample.md``.
"""

from kokuho.sample.city import (
    INSURER_CODE,
    PERSON_COLUMNS,
    PERSON_SCHEMA,
    Block,
    blocks,
    fictional_code,
    generate,
)
from kokuho.sample.structure import Target, sources
from kokuho.sample.writing import WrittenCity, ordinance_text, write_city

__all__ = [
    "INSURER_CODE",
    "PERSON_COLUMNS",
    "PERSON_SCHEMA",
    "Block",
    "Target",
    "WrittenCity",
    "blocks",
    "fictional_code",
    "generate",
    "ordinance_text",
    "sources",
    "write_city",
]
