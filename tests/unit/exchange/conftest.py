"""A small cohort in a folder of its own."""

import pytest

from tests.small_cohort import SmallCohort


@pytest.fixture
def cohort(tmp_path):
    folder = tmp_path / "cohort"
    folder.mkdir()
    return SmallCohort(folder)


@pytest.fixture
def stored(cohort, system):
    """The small cohort, imported."""
    cohort.import_(system)
    return cohort
