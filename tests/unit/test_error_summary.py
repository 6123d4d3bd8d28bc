"""The summary of errors: each names its field and leads to it."""

import pytest
from django import forms
from django.template.loader import render_to_string

CHOICES = [("A", "One"), ("B", "Two")]


class Questions(forms.Form):
    act = forms.ChoiceField(label="What changes", choices=CHOICES, widget=forms.RadioSelect)
    why = forms.MultipleChoiceField(label="Why", choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    day = forms.DateField(label="From")


def summary():
    return render_to_string("components/errors.html", {"form": Questions({}, prefix="q")})


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("field_id", "label"), [("id_q-act_0", "What changes"), ("id_q-why_0", "Why"), ("id_q-day", "From")]
)
def test_an_error_names_its_field_and_leads_to_it(field_id, label):
    assert f'<a href="#{field_id}">{label}: This field is required.</a>' in summary()
