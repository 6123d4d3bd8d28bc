"""Agendas: one function builds any of them from the facts, and nothing else writes them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import Site
from agenda.facts import agenda_facts
from agenda.models import Agenda, AgendaEntry
from agenda.rules.spans import agenda
from patients.models import ConsentVersion, Patient
from protocol.versions import available_versions
from visits.models import SiteCalendarDay

PATIENTS_A_BATCH = 250
REACH = timedelta(days=60)  # as far as an agenda is known when it is built
RENEWED_BEFORE = timedelta(days=30)  # with less than that left it is built anew: one in thirty a night
RULES = 2  # raise it when a rule of the agenda changes: every agenda is then built anew
_COLUMNS = ["site", "from_on", "to_on", "made_of"]


def rebuild_agendas(patient_ids: Sequence[int], *, on: date) -> int:
    """Build the agendas of these patients from their facts, in batches; returns how many."""
    ids = sorted(
        set(patient_ids)
    )  # in one order everywhere: two that rebuild the same wait, and never for each other
    for start in range(0, len(ids), PATIENTS_A_BATCH):
        _rebuild_batch(ids[start : start + PATIENTS_A_BATCH], on)
    return len(ids)


def built_entries(patient_ids: Sequence[int], *, on: date, to_on: date) -> list[AgendaEntry]:
    """The entries of some patients, not saved: what `rebuild_agendas` stores, so that both can be compared."""
    return [
        AgendaEntry(
            patient=patient,
            site_id=patient.site_id,
            part=span.entry.part.value,
            code=span.entry.code,
            on=span.entry.on,
            at=span.entry.at,
            from_on=span.from_on,
            to_on=span.to_on,
        )
        for patient, facts in agenda_facts(patient_ids, on=on).items()
        for span in agenda(facts, on, to_on)
    ]


@transaction.atomic
def _rebuild_batch(patient_ids: Sequence[int], on: date) -> None:
    to_on = on + REACH
    made_of = {site_id: mark_of_site(site_id) for site_id in _sites_of(patient_ids)}
    # Written first: whoever rebuilds the same patients waits here, and then reads the facts as they are.
    Agenda.objects.bulk_create(
        [
            Agenda(patient_id=pk, site_id=site_id, from_on=on, to_on=to_on, made_of=made_of[site_id])
            for pk, site_id in Patient.objects.filter(pk__in=patient_ids)
            .order_by("pk")
            .values_list("pk", "site")
        ],
        update_conflicts=True,
        unique_fields=["patient"],
        update_fields=_COLUMNS,
    )
    AgendaEntry.objects.filter(patient__in=patient_ids).delete()
    AgendaEntry.objects.bulk_create(built_entries(patient_ids, on=on, to_on=to_on))


def differing_patient_ids(patient_ids: Sequence[int]) -> list[int]:
    """Those of some patients whose stored entries are not what their facts give: none, or something wrote past us."""
    wrong: list[int] = []
    built = (
        Agenda.objects.filter(patient__in=patient_ids).order_by().values_list("from_on", "to_on").distinct()
    )
    for from_on, to_on in list(built):
        ids = Agenda.objects.filter(patient__in=patient_ids, from_on=from_on, to_on=to_on)
        some = list(ids.values_list("patient_id", flat=True))
        stored = _told(AgendaEntry.objects.filter(patient__in=some))
        wanted = _told(built_entries(some, on=from_on, to_on=to_on))
        wrong += [pk for pk in some if stored[pk] != wanted[pk]]
    return sorted(wrong)


def _told(entries: Iterable[AgendaEntry]) -> Mapping[int, set[tuple[object, ...]]]:
    found: Mapping[int, set[tuple[object, ...]]] = defaultdict(set)
    for row in entries:
        found[row.patient_id].add((row.site_id, row.part, row.code, row.on, row.at, row.from_on, row.to_on))
    return found


def stale_patient_ids(*, on: date) -> list[int]:
    """Patients whose agenda ends soon, rests on what is not so any more, or was never built."""
    found = list(Patient.objects.filter(agenda=None).values_list("pk", flat=True))
    for site in Site.objects.all():
        stale = Q(to_on__lt=on + RENEWED_BEFORE) | ~Q(made_of=mark_of_site(site.pk))
        found += Agenda.objects.filter(stale, site=site).values_list("patient_id", flat=True)
    return sorted(found)


def mark_of_site(site_id: int) -> str:
    """Stands for what every agenda of a site rests on besides the facts of its patient."""
    return hashlib.sha256(repr(list(_made_of(site_id))).encode()).hexdigest()


def _made_of(site_id: int) -> Iterator[object]:
    yield RULES
    yield [protocol.version for protocol in available_versions()]
    forms = ConsentVersion.objects.filter(Q(site=site_id) | Q(site=None)).order_by("pk")
    yield list(forms.values_list("purpose", "version", "in_force_on", "asks_again"))
    yield list(SiteCalendarDay.objects.filter(site=site_id).order_by("on").values_list("on", "is_open"))


def _sites_of(patient_ids: Sequence[int]) -> set[int]:
    return set(
        Patient.objects.filter(pk__in=patient_ids).order_by().values_list("site", flat=True).distinct()
    )
