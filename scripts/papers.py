"""Bring the catalogues of papers up to the messages in the code.

``python scripts/papers.py`` adds new messages to every ``papers.po`` (empty: to be translated),
keeps every translation whose message stands unchanged, and drops what no paper says any more.
Nothing is guessed from similar messages. ``--check`` only says what would change (exit status 1).
"""

from __future__ import annotations

import ast
import re
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src" / "kokuho" / "forms" / "papers"
LOCALES = ROOT / "src" / "kokuho" / "base" / "locale"
FOLDERS = (
    *("easy_ja", "en", "zh_Hans", "zh_Hant", "ko", "vi", "ne", "pt_BR", "es", "fil", "id"),
    *("my", "th", "si", "mn", "bn"),
)


def messages() -> dict[str, list[str]]:
    """Every message of the papers, in the order of the files, with the files that say it."""
    found: dict[str, list[str]] = {}
    for path in sorted(SOURCES.glob("*.py")):
        calls = (
            node
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say"
        )
        for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
            text = call.args[0]
            if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
                raise SystemExit(f"{path.name}:{call.lineno}: say() takes a literal text")
            files = found.setdefault(text.value, [])
            if path.name not in files:
                files.append(path.name)
    return found


def updated(folder: str, said: dict[str, list[str]]) -> bytes:
    """The catalogue of a language with today's messages."""
    path = LOCALES / folder / "LC_MESSAGES" / "papers.po"
    old = Catalog(locale=folder)
    header = [
        ("Project-Id-Version", "kokuho"),
        ("Language", folder),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("X-Reviewed", "no"),
    ]
    if path.is_file():
        with path.open("rb") as lines:
            old = read_po(lines, locale=folder, abort_invalid=True)
        head = path.read_text(encoding="utf-8").split("\n\n", 1)[0]
        reviewed = re.findall(r'^"(X-Reviewed[A-Za-z-]*): (.*)\\n"$', head, re.MULTILINE)
        header = header[:-1] + (reviewed or header[-1:])
    lines_out = ['msgid ""', 'msgstr ""']
    lines_out += [f'"{key}: {value}\\n"' for key, value in header]
    new = Catalog(locale=folder)
    for text, files in said.items():
        was = old.get(text)
        new.add(
            text,
            string=was.string if was else "",
            locations=[(f"forms/papers/{name}", None) for name in files],
            user_comments=was.user_comments if was else (),
            flags={"python-brace-format"} if "{" in text else (),
        )
    body = BytesIO()
    write_po(body, new, omit_header=True, width=100, include_lineno=False)
    return "\n".join(lines_out).encode() + b"\n\n" + body.getvalue()


def main() -> int:
    """Write or check all catalogues; 1 where ``--check`` finds one that is behind."""
    said, check = messages(), "--check" in sys.argv[1:]
    behind = 0
    for folder in FOLDERS:
        path = LOCALES / folder / "LC_MESSAGES" / "papers.po"
        content = updated(folder, said)
        if path.is_file() and path.read_bytes() == content:
            continue
        behind += 1
        if check:
            print(f"behind the code: {path.relative_to(ROOT)}")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return 1 if check and behind else 0


if __name__ == "__main__":
    raise SystemExit(main())
