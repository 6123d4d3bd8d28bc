"""Two versions beside each other, and where each value of a definition comes from."""

from datetime import date

import pytest

from patients.rules.eligibility import assess
from patients.rules.facts import PatientFacts, ScreeningFacts
from protocol import load_protocol
from protocol.differences import differences, values_of
from protocol.provenance import Note, note_for, notes_of, read_notes
from protocol.versions import amended_protocol
from tests.protocols import FIRST, amendment_text


def test_a_version_does_not_differ_from_itself():
    assert differences(load_protocol(), load_protocol()).is_empty


def test_what_an_amendment_changed_is_named_key_by_key(second_version):
    found = differences(load_protocol(FIRST), load_protocol(second_version))
    assert [(row.key, row.old, row.new) for row in found.values] == [
        ("adherence.good_percent", 90, 95),
        ("reminders.lead_days", (7, 1), (7, 3, 1)),
    ]


def test_visits_are_added_dropped_and_changed(definitions):
    found = differences(load_protocol(FIRST), load_protocol(definitions(drop="M57"))).visits
    fates = {row.code: (row.old is not None, row.new is not None) for row in found}
    assert (fates["M1"], fates["M57"], fates["M6"]) == ((False, True), (True, False), (True, True))
    assert "W4" not in fates
    assert [row.code for row in found][:3] == ["M1", "M6", "M9"]


def test_a_key_of_one_version_only_has_no_value_in_the_other(definitions):
    text = amendment_text().replace('["LTH", "Later therapy", "후속 치료"],', "").replace(', "LTH"', "")
    found = differences(load_protocol(FIRST), load_protocol(definitions(text=text))).values
    assert [(row.key, row.new) for row in found if row.old is not None and row.new is None] == [
        ("procedures.LTH", None)
    ]


def test_every_value_has_one_key():
    keys = [row.key for row in values_of(load_protocol())]
    assert len(keys) == len(set(keys)) > 80
    assert {"label_rules.HEPATIC.hold_when.BILI", "modifications.HEPATIC.1", "procedures.CT"} <= set(keys)


@pytest.mark.parametrize(
    ("key", "sources"),
    [
        ("study.planned_patients", ("registry",)),
        ("study.time_zone", ("assumed",)),
        ("regimen.tablet_strengths_mg", ("label",)),
        ("regimen.standard_months", ("registry", "assumed")),
        ("eligibility.neutrophils", ("registry",)),
        ("label_rules.HEPATIC.hold_when.AST", ("label",)),
        ("modifications.HEPATIC.1", ("assumed",)),
        ("adverse_events.susar_fatal_days", ()),
        ("adherence.good_percent", ("assumed",)),
        ("schedule", ("assumed",)),
        ("nothing.of_that_name", ()),
    ],
)
def test_a_value_says_where_it_comes_from(key, sources):
    assert note_for(notes_of(FIRST), key).sources == sources


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("days = 1", Note()),
        ("days = 1 # [assumed] so we think", Note(("assumed",), "so we think")),
        ('name = "a # b" # said "so"', Note((), 'said "so"')),
        ("days = 1 # [label]; [label] twice", Note(("label",), "twice")),
    ],
)
def test_a_comment_is_read(line, note):
    assert read_notes(f"[part]\n{line}\n")["part." + line.split(" ", 1)[0]] == note


def test_who_was_enrolled_under_the_old_criteria_stays_eligible(definitions):
    stricter = amendment_text().replace("ecog_allowed = [0, 1, 2]", "ecog_allowed = [0]")
    protocol = amended_protocol(definitions(text=stricter), ((FIRST, date(2024, 6, 1)),))

    def ecog_of(enrolled_on):
        facts = PatientFacts(
            subject_id="01-001", entry_path="A", enrolled_on=enrolled_on, screening=ScreeningFacts(ecog=2)
        )
        return dict(assess(facts, protocol).inclusion)["I5"]

    assert ecog_of(date(2024, 5, 31)) == "MET"
    assert ecog_of(date(2024, 6, 1)) == ecog_of(None) == "NOT_MET"
