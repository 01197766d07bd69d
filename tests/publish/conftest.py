"""Sites that the tests look at: of one insurer in full, and a small one of some insurers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from kokuho.plan import load_plan
from kokuho.publish import Both, Insurer, Site, publish
from kokuho.statistics import MeasureFile, measure_file
from tests.publish.city import AS_OF, CODE, MADE_ON, SITE, city_file

ROOT = Path(__file__).resolve().parents[2]
PLAN = ROOT / "examples" / "koganei" / "plan.yaml"

FEW = ("insured", "foreign_insured", "foreign_share", "collection_rate_official")
"""Measures of a small file: a trend, a pyramid, a share, rates."""


def few(file: MeasureFile, names: Sequence[str] = FEW) -> MeasureFile:
    """Some measures of a file."""
    kept = [one for one in file.measures if one.id.split("[")[0] in names]
    return measure_file(file.insurer_code, file.as_of, kept)


SEVERAL = Site(
    title=Both(ja="架空県の国民健康保険", en="National Health Insurance in Fictional Prefecture"),
    fictional=True,
    insurers=(
        Insurer(code="990001", name=Both(ja="架空県", en="Fictional Prefecture"), combined=True),
        Insurer(code=CODE, name=Both(ja="架空市", en="Fictional City")),
        Insurer(code="990022", name=Both(ja="遅刻町", en="Late Town")),
        Insurer(code="990033", name=Both(ja="未着村", en="Missing Village")),
    ),
)
"""A prefecture whose third insurer is late and whose fourth sent nothing."""


def several_files() -> list[MeasureFile]:
    """Files of the prefecture, of one insurer in time and of one that came late."""
    return [
        few(city_file("990001", AS_OF, seed=1), ("foreign_share",)),
        few(city_file(CODE, AS_OF, seed=2), ("foreign_share",)),
        few(city_file("990022", date(2025, 4, 1), seed=3), ("foreign_share",)),
    ]


@pytest.fixture(scope="session")
def whole_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the fictional city with every measure of the catalogue, and a plan."""
    out = tmp_path_factory.mktemp("whole") / "site"
    publish([city_file()], out, made_on=MADE_ON, site=SITE, plans={CODE: load_plan(PLAN)})
    return out


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a few measures."""
    out = tmp_path_factory.mktemp("small") / "site"
    publish([few(city_file())], out, made_on=MADE_ON, site=SITE)
    return out


@pytest.fixture(scope="session")
def several_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a prefecture, with a late and a missing insurer."""
    out = tmp_path_factory.mktemp("several") / "site"
    publish(several_files(), out, made_on=MADE_ON, site=SEVERAL)
    return out
