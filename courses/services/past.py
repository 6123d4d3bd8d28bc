"""The sums as of a past day, built by a worker a batch at a time: whoever dies in between loses one batch."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from courses.models import PastTally
from courses.rules.tally import Tallies
from courses.selectors.past import sums_on
from patients.models import Patient

PATIENTS_A_BATCH = 500


@transaction.atomic
def start_past_tally(*, by: User, on: date) -> PastTally:
    """Have the sums of a person's sites built as of a day, anew where they stand already; not twice at once."""
    require(by, Permission.VIEW_DASHBOARD)
    sites = list(sites_visible_to(by, Permission.VIEW_DASHBOARD).order_by("pk").values_list("pk", flat=True))
    PastTally.objects.bulk_create([PastTally(as_of=on, site_ids=sites)], ignore_conflicts=True)
    past = PastTally.objects.select_for_update().get(as_of=on, site_ids=sites)
    if past.is_built or past.total == 0:
        past.total = Patient.objects.filter(site__in=sites).count()
        past.done, past.last_patient_id, past.figures, past.built_at = 0, 0, {}, None
        past.started_at = timezone.now()
        past.save()
    return past


@transaction.atomic
def continue_past_tally(pk: int) -> bool:
    """Add the next batch; is there more to do? False also while somebody else is adding one."""
    past = PastTally.objects.select_for_update(skip_locked=True).filter(pk=pk, built_at=None).first()
    if past is None:
        return False
    waiting = Patient.objects.filter(site__in=past.site_ids, pk__gt=past.last_patient_id).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True)[:PATIENTS_A_BATCH])
    if ids:
        past.figures = (Tallies(past.figures) + sums_on(ids, on=past.as_of)).figures
        past.last_patient_id, past.done = ids[-1], past.done + len(ids)
    else:
        past.built_at, past.total = timezone.now(), past.done
    past.save()
    return bool(ids)
