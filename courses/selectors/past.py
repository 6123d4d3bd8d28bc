"""The sums as of a past day: built in memory from the facts, or read from what a worker has built."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings

from accounts.models import User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from courses.models import PastTally
from courses.rules.tally import Tallies, counted
from courses.selectors.facts import facts_of, with_course
from courses.selectors.records import course_records
from patients.models import Patient


def tallies_on(user: User, *, on: date, permission: Permission = Permission.VIEW_DASHBOARD) -> Tallies | None:
    """What the sums of a person's sites were on a day; None while nobody has built them and they are too many.

    Then `start_past_tally` has them built, and `past_tally` says how far that is.
    """
    ids = list(Patient.objects.visible_to(user, permission).order_by("pk").values_list("pk", flat=True))
    if len(ids) <= settings.PAST_PATIENTS_IN_A_REQUEST:
        return sums_on(ids, on=on)
    built = past_tally(user, on=on, permission=permission)
    return built.tallies if built else None


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
