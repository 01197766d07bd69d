"""Where the page's typeface is: in the wheel ``kokuho-fonts``, or in a checkout."""

from __future__ import annotations

import importlib.util
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[3] / ".assets"


def font_folders() -> list[tuple[str, str]]:
    """The folder of typefaces, as Django's ``STATICFILES_DIRS`` wants it."""
    package = importlib.util.find_spec("kokuho_fonts")
    places = [Path(one) for one in (package and package.submodule_search_locations) or ()]
    for place in [*places, _CHECKOUT]:
        if (place / "fonts" / "BIZUDPGothic-Regular.ttf").is_file():
            return [("fonts", str(place / "fonts"))]
    return []
