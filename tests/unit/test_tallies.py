"""The stored sums: always what the summaries say together, whoever changed what."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import CourseSummary, Tally, TallyRevision
from courses.rules.tally import Tallies, from_nested
from courses.selectors import sums_at, tally_revisions
from courses.services import rebuild_summaries, stale_patient_ids
from dashboard.selectors import Today
from tests.factories import (
    AdverseEventFactory,
    DoseOrderFactory,
    EnrolmentFactory,
    KitFactory,
    KitReturnFactory,
    PatientFactory,
    SiteFactory,
)

TODAY, TOMORROW = date(2025, 6, 30), date(2025, 7, 1)


def tallies(user):
    return sums_at(tally_revisions(user))


def make_patient(**values):
    patient = PatientFactory(**values)
    EnrolmentFactory(patient=patient)
    DoseOrderFactory(patient=patient)
    KitReturnFactory(kit=KitFactory(patient=patient))
    KitFactory(patient=patient, dispensed_on=date(2025, 4, 7))
    return patient


@pytest.fixture
def patient(system):
    return make_patient()


def summed():
    """What the summaries say together."""
    rows = CourseSummary.objects.values_list("tallied", flat=True)
    return Tallies.of_rows((*key, n) for tallied in rows for key, n in from_nested(tallied).items())


def stored():
    return Tallies.of_rows(Tally.objects.values_list("figure", "key", "n"))


def test_sums_follow_every_change_of_a_course(patient):
    rebuild_summaries([patient.pk, make_patient().pk], on=TODAY)
    assert stored() == summed()
    DoseOrderFactory(patient=patient, from_on=date(2025, 6, 1), pattern_mg=[200], reason="TOXICITY")
    AdverseEventFactory(patient=patient, started_on=date(2025, 6, 1))
    rebuild_summaries([patient.pk], on=TODAY)
    assert stored() == summed()
    assert stored().count("patients", "dose_below_minimum_now") == 1
    assert stored().count("patients", "enrolled") == 2


def test_a_new_day_leaves_nothing_of_the_old_one(patient):
    rebuild_summaries([patient.pk], on=TODAY)
    rebuild_summaries([patient.pk], on=TOMORROW)
    assert stored() == summed()
    assert stored().of("as_of") == {"2025-07-01": 1}
    assert not Tally.objects.filter(n=0).exists()


def test_building_the_same_again_changes_no_sum_and_no_revision(patient):
    rebuild_summaries([patient.pk], on=TODAY)
    before = list(Tally.objects.values()), TallyRevision.objects.get().revision
    rebuild_summaries([patient.pk], on=TODAY)
    assert (list(Tally.objects.values()), TallyRevision.objects.get().revision) == before


def test_a_patient_of_another_site_now_is_counted_there(patient, system):
    rebuild_summaries([patient.pk], on=TODAY)
    other = SiteFactory(code="02")
    CourseSummary.objects.filter(patient=patient).update(site=other)
    Tally.objects.update(site=other)
    rebuild_summaries([patient.pk], on=TODAY)
    assert set(Tally.objects.values_list("site", flat=True)) == {patient.site_id}


def test_a_summary_from_before_there_were_sums_is_stale(patient):
    rebuild_summaries([patient.pk], on=TODAY)
    CourseSummary.objects.update(tallied=None, site=None)
    Tally.objects.all().delete()
    assert stale_patient_ids(on=TODAY) == [patient.pk]
    rebuild_summaries(stale_patient_ids(on=TODAY), on=TODAY)
    assert stored() == summed() != Tallies()


def test_a_person_reads_the_sums_of_their_sites_only(pi_a, outsider, patient):
    rebuild_summaries([patient.pk, make_patient(site=SiteFactory(code="02")).pk], on=TODAY)
    assert tallies(pi_a).count("patients", "enrolled") == 1
    assert tallies(outsider) == Tallies()


def test_sums_are_read_anew_after_a_change_only(pi_a, patient):
    rebuild_summaries([patient.pk], on=TODAY)
    assert Today(pi_a, TODAY).figures is Today(pi_a, TODAY).figures
    rebuild_summaries([make_patient().pk], on=TODAY)
    assert tallies(pi_a).count("patients", "enrolled") == 2


def test_reading_sums_takes_two_statements_however_many_patients(pi_a, patient):
    rebuild_summaries([patient.pk], on=TODAY)
    with CaptureQueriesContext(connection) as one:
        tallies(pi_a)
    rebuild_summaries([make_patient().pk for _ in range(3)], on=TODAY)
    with CaptureQueriesContext(connection) as many:
        tallies(pi_a)
    assert len(one) == len(many) == 2


def test_a_deleted_summary_leaves_the_sums(pi_a, patient):
    rebuild_summaries([patient.pk, make_patient().pk], on=TODAY)
    assert tallies(pi_a).count("patients", "enrolled") == 2
    CourseSummary.objects.filter(patient=patient).delete()
    assert stored() == summed()
    assert tallies(pi_a).count("patients", "enrolled") == 1
