"""What may be typed: days, patterns, terms."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from clinic.forms.events import NewEventForm
from clinic.forms.fields import PatternField
from clinic.views.pages import day_of
from patients.fields import DayField


@pytest.mark.parametrize("typed", ["2025-07-07", "2025.07.07", "20250707", " 2025-07-07 "])
def test_a_day_is_typed_with_or_without_separators(typed):
    assert DayField().clean(typed) == date(2025, 7, 7)


@pytest.mark.parametrize("typed", ["0001-01-01", "9999-12-31", "07/08/2025", "2025-02-30", "today"])
def test_other_days_are_refused(typed):
    with pytest.raises(ValidationError):
        DayField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "pattern"),
    [("300", (300,)), ("400/0", (400, 0)), (" 400 / 300 /0 ", (400, 300, 0)), ("", None)],
)
def test_a_pattern_is_milligrams_a_day(typed, pattern):
    assert PatternField(required=False).clean(typed) == pattern


@pytest.mark.parametrize("typed", ["400mg", "400,0", "-400", "400/", "/", "40000", "٤٠٠"])
def test_other_patterns_are_refused(typed):
    with pytest.raises(ValidationError):
        PatternField().clean(typed)


@pytest.mark.parametrize("typed", ["periorbital edema", "  PERIORBITAL   EDEMA ", "Periorbital edema"])
def test_a_term_is_known_in_any_case_and_spacing(typed):
    form = NewEventForm({"term": typed})
    assert form.chosen is not None and form.chosen.name == "Periorbital edema"


@pytest.mark.parametrize("text", [None, "", "rubbish", "2025-13-45"])
def test_an_address_without_a_day_has_none(text):
    assert day_of(text) is None
