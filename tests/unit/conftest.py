"""What the services' tests listen to."""

import pytest
from django.utils import translation

from patients.signals import course_changed


@pytest.fixture
def heard():
    """The announcements of a test: (what, patients)."""
    words = []

    def listen(sender, patient_ids, what, **_):
        words.append((what, patient_ids))

    course_changed.connect(listen)
    yield words
    course_changed.disconnect(listen)


@pytest.fixture
def english():
    """Sentences as the code has them."""
    with translation.override("en"):
        yield
