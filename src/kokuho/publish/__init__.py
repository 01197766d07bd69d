"""Publication (公表): measure files become a static site, open data and a report for the council.

The room computes no figure: it shows those of measure files, of the national series and of a plan
file. The pages need no server, no script and no network.
"""

from kokuho.publish.site import Published, Source, publish
from kokuho.publish.site_file import Both, Coverage, Insurer, Site, load_coverage, load_site
from kokuho.publish.writer import MANIFEST, Written

__all__ = [
    "MANIFEST",
    "Both",
    "Coverage",
    "Insurer",
    "Published",
    "Site",
    "Source",
    "Written",
    "load_coverage",
    "load_site",
    "publish",
]
