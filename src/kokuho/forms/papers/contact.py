"""Contact sheets: every paper in one language on a few pages, to look at them side by side."""

from __future__ import annotations

from kokuho.base.messages import translator
from kokuho.forms.papers.catalogue import language_of, review
from kokuho.forms.papers.frame import page
from kokuho.forms.papers.kinds import KINDS, compose
from kokuho.forms.papers.letter import Kind
from kokuho.forms.papers.samples import SAMPLES
from kokuho.forms.render import render_pdf, render_pictures

_ = translator("forms")

_PPI = 75


def contact_sheet(code: str, kind: Kind = "premium") -> bytes:
    """A PDF with small pictures of all sides in a language, of fictional data.

    Args:
        code: of :data:`kokuho.forms.papers.LANGUAGES`.
        kind: whether the levy is the tax or the premium.

    Raises:
        FormError: an unknown language, or a catalogue that lacks a message.
    """
    language = language_of(code)
    pages = []
    for key, sample in SAMPLES.items():
        side = page(compose(sample(kind)), language)
        pictures = render_pictures("papers", {"sides": [side]}, ppi=_PPI)
        for number, png in enumerate(pictures, 1):
            name = f"{KINDS[key].name} {number}/{len(pictures)}"
            pages.append({"name": name, "png": list(png)})
    about = _("Fictional data.")
    if code != "ja":
        state = review(language)
        reviewed = _("reviewed by a native speaker") if state.reviewed else _("not reviewed yet")
        about += " " + _("Translation: {state}.").format(state=reviewed)
    title = f"{language.name} ({language.japanese})"
    data = {"title": title, "faces": list(language.faces), "about": about, "pages": pages}
    return render_pdf("contact", data)
