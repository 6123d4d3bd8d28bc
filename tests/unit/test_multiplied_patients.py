"""The database of a benchmark: copies are whole patients, and what is summed over them adds up."""

from benchmarks.multiply import SITES, multiply
from courses.models import CourseSummary, Tally
from dosing.models import KitReturn
from patients.models import Enrolment, Patient
from tests.small_cohort import SmallCohort


def test_every_copy_is_a_patient_of_its_own(tmp_path, system):
    SmallCohort(tmp_path).import_(system)
    multiply(by=system, copies=9)
    assert Patient.objects.count() == Patient.objects.values("subject_id").distinct().count() == 20
    assert Enrolment.objects.values("patient").distinct().count() == 10
    assert KitReturn.objects.values("kit__patient").distinct().count() == 10


def test_copies_are_spread_over_sites_and_summed_up_there(tmp_path, system):
    SmallCohort(tmp_path).import_(system)
    multiply(by=system, copies=2 * SITES)
    counted = {row.site_id: row.n for row in Tally.objects.filter(figure="patients", key="enrolled")}
    sites = set(CourseSummary.objects.values_list("site", flat=True))
    assert len(sites) == SITES
    assert sum(counted.values()) == 1 + 2 * SITES
