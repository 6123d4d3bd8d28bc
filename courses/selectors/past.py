"""The sums as of a past day: built from the facts, and what a worker has built of them."""

from collections.abc import Sequence
from datetime import date

from accounts.models import User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from courses.models import PastTally
from courses.rules.tally import Tallies, counted
from courses.selectors.facts import facts_of, with_course
from courses.selectors.records import course_records
from patients.models import Patient


def past_tally(
    user: User, *, on: date, permission: Permission = Permission.VIEW_DASHBOARD
) -> PastTally | None:
    """What a worker has built, or is building, of exactly this person's sites."""
    sites = sites_visible_to(user, permission).order_by("pk").values_list("pk", flat=True)
    return PastTally.objects.filter(as_of=on, site_ids=list(sites)).first()


def sums_on(patient_ids: Sequence[int], *, on: date) -> Tallies:
    """What these patients add up to on a day. Whom a user may see was decided by the caller."""
    records = course_records(patient_ids)
    return Tallies.of_rows(
        (*place, n)
        for patient in with_course(Patient.objects.filter(pk__in=patient_ids))
        for place, n in counted(
            facts_of(patient), records[patient.pk], patient.protocol, on
        ).contributions.items()
    )
