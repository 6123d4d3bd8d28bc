"""The worked examples of the calendar, the windows and a late entry, through the stored schedule and its services."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import recording
from patients.services import record_first_dose
from tests.factories import (
    DispositionFactory,
    EnrolmentFactory,
    OutcomeFactory,
    PatientFactory,
    ScreeningFactory,
)
from visits.models import Visit
from visits.selectors import status_on, with_context
from visits.services import project_visits, record_visit_facts

pytestmark = pytest.mark.django_db


def planned(site, system, first_dose_on, **changes):
    patient = PatientFactory(site=site, first_dose_on=first_dose_on, **changes)
    EnrolmentFactory(patient=patient, enrolled_on=changes.get("enrolled_on", first_dose_on))
    project_visits(by=system, patient_ids=[patient.pk])
    return patient


def target(patient, code):
    return patient.visits.get(visit=code).target_on


def statuses(patient, on):
    rows = with_context(Visit.objects.filter(patient=patient), on=on).order_by("visitnum")
    return {row.visit: str(status_on(row, on=on)) for row in rows}


@pytest.mark.parametrize(
    ("first_dose_on", "visits"),
    [
        (date(2022, 9, 7), {"M36": date(2025, 9, 7), "M60": date(2027, 9, 7), "SFU": date(2027, 10, 6)}),
        (date(2024, 2, 29), {"M36": date(2027, 2, 28), "M60": date(2029, 2, 28)}),
        (date(2023, 3, 1), {"M36": date(2026, 3, 1), "M60": date(2028, 3, 1)}),
        (
            date(2023, 8, 31),
            {"M2": date(2023, 10, 31), "M6": date(2024, 2, 29), "M18": date(2025, 2, 28)},
        ),
        (date(2025, 5, 1), {"M60": date(2030, 5, 1), "SFU": date(2030, 5, 30)}),
    ],
)
def test_targets_are_counted_from_the_first_dose_and_clipped(site_01, system, first_dose_on, visits):
    patient = planned(site_01, system, first_dose_on)
    assert {code: target(patient, code) for code in visits} == visits


@pytest.mark.parametrize(
    ("last_dose_on", "safety", "contraception"),
    [
        (date(2027, 9, 6), date(2027, 10, 6), date(2027, 12, 6)),
        (date(2027, 11, 30), date(2027, 12, 30), date(2028, 2, 29)),
    ],
)
def test_follow_up_is_counted_from_the_last_dose(site_01, system, last_dose_on, safety, contraception):
    patient = planned(site_01, system, date(2022, 9, 7))
    DispositionFactory(
        patient=patient,
        record="TREATMENT",
        reason="PHYSICIAN DECISION",
        ended_on=last_dose_on,
        last_dose_on=last_dose_on,
    )
    project_visits(by=system, patient_ids=[patient.pk])
    assert (target(patient, "SFU"), target(patient, "CTR")) == (safety, contraception)


@pytest.mark.parametrize(
    ("occurred_on", "status"),
    [
        (date(2022, 11, 29), "COMPLETED_OUT_OF_WINDOW"),
        (date(2022, 11, 30), "COMPLETED"),
        (date(2022, 12, 14), "COMPLETED"),
        (date(2022, 12, 15), "COMPLETED_OUT_OF_WINDOW"),
    ],
)
def test_both_ends_of_a_window_are_inside(site_01, system, occurred_on, status):
    patient = planned(site_01, system, date(2022, 9, 7))
    record_visit_facts(by=system, visit=patient.visits.get(visit="M3"), occurred_on=occurred_on)
    assert statuses(patient, date(2023, 1, 1))["M3"] == status


def test_quarterly_windows_of_fourteen_days(site_01, system):
    visit = planned(site_01, system, date(2022, 3, 7)).visits.get(visit="M9")
    assert (visit.opens_on, visit.target_on, visit.closes_on) == (
        date(2022, 11, 23),
        date(2022, 12, 7),
        date(2022, 12, 21),
    )


def test_an_entry_at_month_30_has_its_past_and_its_future(site_01, system):
    patient = PatientFactory(site=site_01, entry_path="B", first_dose_on=date(2023, 3, 15))
    EnrolmentFactory(patient=patient, enrolled_on=date(2025, 9, 15))
    project_visits(by=system, patient_ids=[patient.pk])
    found = statuses(patient, date(2025, 9, 15))
    before = [f"M{month}" for month in (2, 3, *range(6, 28, 3))]
    assert {found[code] for code in ("W2", "W4", *before)} == {"PRE_ENROLMENT"}
    assert found["M30"] == "MERGED_WITH_ENTRY"
    assert {found[code] for code in ("M33", "M36", "M39", "M60")} == {"PLANNED"}
    later = statuses(patient, date(2025, 12, 30))
    assert (later["M27"], later["M33"]) == ("PRE_ENROLMENT", "MISSED")


def test_what_happened_is_never_moved_by_another_first_dose(site_01, system):
    patient = planned(site_01, system, date(2024, 1, 8))
    record_visit_facts(by=system, visit=patient.visits.get(visit="M3"), occurred_on=date(2024, 4, 9))
    record_first_dose(by=system, patient=patient, first_dose_on=date(2024, 1, 15), reason="Source says so")
    moved = patient.visits.get(visit="M3")
    assert (moved.occurred_on, moved.target_on) == (date(2024, 4, 9), date(2024, 4, 15))
    assert target(patient, "M6") == date(2024, 7, 15)


def test_projecting_again_writes_nothing(site_01, system):
    patient = planned(site_01, system, date(2024, 1, 8))
    before = [visit.events.count() for visit in patient.visits.all()]
    project_visits(by=system, patient_ids=[patient.pk])
    assert [visit.events.count() for visit in patient.visits.all()] == before


def test_a_recurrence_turns_to_survival_follow_up(site_01, system):
    patient = planned(site_01, system, date(2022, 9, 7))
    OutcomeFactory(patient=patient, kind="RECURRENCE", on=date(2024, 3, 1))
    project_visits(by=system, patient_ids=[patient.pk])
    codes = set(patient.visits.values_list("visit", flat=True))
    assert "OS6" in codes
    assert not {code for code in codes if code.startswith("LT")}
    assert target(patient, "OS6") == date(2024, 9, 1)


def test_a_planned_start_that_moves_takes_its_visit_along(site_01, system):
    patient = PatientFactory(site=site_01, first_dose_on=None)
    screening = ScreeningFactory(patient=patient, planned_start_on=date(2025, 7, 20))
    EnrolmentFactory(patient=patient, enrolled_on=date(2025, 7, 10))
    project_visits(by=system, patient_ids=[patient.pk])
    screening.planned_start_on = date(2025, 7, 23)
    with recording(by=system, reason="Moved"):
        screening.save()
    project_visits(by=system, patient_ids=[patient.pk])
    assert target(patient, "D1") == date(2025, 7, 23)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(first_dose_on=st.dates(date(2019, 1, 1), date(2025, 5, 1)))
def test_stored_windows_of_treatment_never_overlap(site_01, system, first_dose_on):
    patient = planned(site_01, system, first_dose_on)
    rows = patient.visits.filter(visit__regex=r"^(D1|W\d|M\d+)").order_by("target_on")
    windows = list(rows.values_list("opens_on", "closes_on"))
    assert len(windows) == 24
    assert all(before[1] < after[0] for before, after in pairwise(windows))
