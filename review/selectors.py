"""Open queries, as a person may see them."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.selectors import sites_visible_to
from patients.facts import patient_facts
from patients.models import Patient
from review.models import Query
from review.rules.cautions import Caution, cautions


def open_queries(user: User) -> QuerySet[Query]:
    """Every open query of the patients `user` may see, the latest first."""
    rows = Query.objects.filter(closed_at=None, patient__site__in=sites_visible_to(user))
    return rows.select_related("patient", "opened_by").order_by("-opened_at", "patient__subject_id", "code")


def queries_of(user: User, patient: Patient) -> QuerySet[Query]:
    """Every query of a patient `user` may see, answered ones too, the latest first."""
    visible = Patient.objects.visible_to(user).filter(pk=patient.pk)
    rows = Query.objects.filter(patient__in=visible).select_related("opened_by", "closed_by")
    return rows.order_by("-opened_at", "code")


def open_queries_of(user: User, patient: Patient) -> QuerySet[Query]:
    return open_queries(user).filter(patient=patient)


def cautions_of(user: User, patient: Patient) -> tuple[Caution, ...]:
    """What is worth knowing of a patient and asks for no answer; empty for somebody who may not see them."""
    if not Patient.objects.visible_to(user).filter(pk=patient.pk).exists():
        return ()
    return cautions(patient_facts(patient), patient.protocol)
