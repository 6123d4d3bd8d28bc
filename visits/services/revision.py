"""Two people on one visit: the second one is told, never silently overruled."""

from django.utils.translation import gettext as _

from patients.saving import lock_patient
from visits.models import Visit


class VisitChanged(Exception):
    """Somebody saved the visit after this form was opened; `visit` is how it stands now."""

    def __init__(self, visit: Visit) -> None:
        super().__init__(_("Somebody else has saved this visit since you opened it."))
        self.visit = visit


def lock_visit(visit: Visit, expected_revision: int | None = None) -> Visit:
    """The visit as it stands now, held for this transaction; VisitChanged if it is not the expected revision."""
    lock_patient(visit.patient)
    current = Visit.objects.select_related("patient__site", "assessment").get(pk=visit.pk)
    if expected_revision is not None and current.revision != expected_revision:
        raise VisitChanged(current)
    return current
