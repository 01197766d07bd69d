from pathlib import Path

import pytest

from kokuho.levy.case_form import Case, find_files, read_file

CASES = Path(__file__).parents[2] / "examples" / "cases"


def all_cases() -> list[Case]:
    return [case for path in find_files([CASES]) for case in read_file(path).cases]


@pytest.fixture(scope="session")
def cases_folder() -> Path:
    return CASES
