"""The page of the files that are imported (docs/imports.md)."""

from __future__ import annotations

from kokuho.office.imports.columns import FILES, KEYS
from kokuho.office.ledger.columns import KEY, RECEIPTS
from kokuho.office.statistics import claim_columns as claims


def page() -> str:
    """The page of the files (docs/imports.md)."""
    out = [_HEAD]
    keys = {**KEYS, "receipts": KEY, "claims": claims.KEY}
    for kind, columns in {**FILES, "receipts": RECEIPTS, "claims": claims.CLAIM_COLUMNS}.items():
        out += [
            "",
            f"## {kind.capitalize()}",
            "",
            f"A row is known by {', '.join(f'`{name}`' for name in keys[kind])}. {_ABOUT[kind]}",
            "",
            "| column | 日本語 | kind | | meaning |",
            "|---|---|---|---|---|",
        ]
        for column in columns:
            names = "、".join((column.title, *column.aliases))
            need = "required" if column.required else ""
            values = [f"{value} ({others[0]})" for value, others in column.choices.items()]
            what = " / ".join(values) if values else str(column.kind)
            out.append(f"| `{column.name}` | {names} | {what} | {need} | {column.help} |")
    return "\n".join(out) + "\n"


_ABOUT = {
    "residents": "Rows of one person follow each other in time. Names, birth date, language and "
    "protection go on after `until`; residence, status and card end with it.",
    "households": "A row is a member, the head among them, insured or not. The columns of the "
    "elders count in the row of the head. Import residents first.",
    "enrolments": "Enrolments of one person do not overlap. Import residents first.",
    "incomes": "One row for each person and fiscal year, in the columns of the "
    "[persons file](formats.md). Import residents first.",
    "benefits": "Events only, nothing is computed from them. Import residents first.",
    "decisions": "A kind is of a person (the first four) or of a household; the other number may "
    "stand there and is not looked at. A maternity period needs `months`, an exemption from the "
    "per-capita amount `share`, the registration of the head `answer`; an exemption of a household "
    "may have `share` and `amount`; no other kind has any of these. Rows of one kind and person "
    "(or household) follow each other in time. Import residents and households first.",
    "receipts": "Each row is money that came in. Its number stays taken: the same row again is "
    "known, another one with that number is refused. A slip names its demand by household, "
    "`fiscal_year` and `term`; a receipt that names none pays the oldest due date of its "
    "household. What finds no claim goes to suspense ([the ledger](ledger.md)). Rows are posted in "
    "the order of the file; `--preview` says what would become of each.",
    "claims": "Each row is a claim (レセプト) after review and payment, for [statistics]"
    "(statistics.md) alone: no illness and no treatment is taken. The columns are ours; the layout "
    "of no review agency is claimed, and the map of the office brings its export into them. The "
    "same row again is known; another one with its number is its correction, and counts from the "
    "day `--on` on. Import residents first.",
}

_HEAD = """\
# Imports

Made from the column definitions (`kokuho.office.imports.columns`); a test keeps it true.

```
kokuho insurer add ordinance.yaml
kokuho import residents residents.csv   # then households, enrolments, incomes, benefits, decisions
```

Encodings, header names and cells are as in [formats](formats.md): CSV in UTF-8 or CP932, XLSX
or Parquet, English or Japanese headers, an unknown column stops the file. Texts are kept as
they are.

- **The same file twice changes nothing.** A corrected file changes what its corrected rows say,
  and no other.
- **A row stands for its days**, from `since` (or the like) to before its end. It takes the
  place of what an earlier row with the same first day said, for all days of that one; of other
  days it says nothing. `cancelled` takes it back.
- **A row that is missing from a file says nothing**: a file may be everything, or only what is
  new.
- What one table of [the register](register.md#the-tables) says is stated by a row as a whole: a
  column of it that the file lacks is empty. A table of which the file has no column is left as
  it is: a file without `protected` and `preferred_language` does not touch them (with one of
  them alone it is refused).
- **All or nothing**: where a row is refused, nothing of the file is imported, unless
  `--good-rows` is given. Refused rows are written to `NAME.errors.csv` beside the file; the
  other rows of the same person (or household) are put aside with them, but for incomes and
  benefits, of which each row stands for itself. Exit 1 if there is one.
- **A kill leaves nothing half done, and the same command goes on.** First the rows are compared
  with the register, some 2,000 at a time; what they change is kept aside (`Staged`), so that a kill
  loses one such piece and others can work meanwhile. Then all of it is written in one transaction:
  until that is done, everybody sees the register as it was. If the register learned of the same
  tables in between, the rows are compared anew inside that transaction.
- What a killed import kept aside stays there until the same command is run again, or `cancel`, or
  until the next import of the kind begins a day later; nobody sees it in the register.
- **`kokuho import cancel --insurer CODE`** stops imports before they write, and drops what they
  kept aside; Ctrl+C stops one in its own window. Nothing of the file is then in the register.
- My Number is not stored: a file whose address numbers look like My Numbers is refused.

## Headers and codes of the office (`--map FILE`)

The layouts of the standard system's data are not public, so none is built in. A YAML file says
what the office's export calls our columns and values:

```yaml
columns: {住民番号: person_id, 氏名漢字: kanji}   # header in the file: our column
codes: {sex: {"1": M, "2": F}}                  # our column: code in the file: our value
constants: {insurer_code: "992011"}             # columns that the file does not have
ignore: [備考]                                   # headers that are of no use to us
```

Codes of `nationality` and `residence_status` that the map does not name are kept as they are."""
