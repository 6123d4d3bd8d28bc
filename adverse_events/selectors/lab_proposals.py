"""Which results of many patients ask for an adverse event, in a number of queries that does not grow with them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from adverse_events.models import AdverseEvent, LabGradeAnswer
from adverse_events.rules.facts import AdverseEventFacts
from adverse_events.rules.lab_criteria import CRITERIA
from adverse_events.rules.lab_grades import LabValue
from adverse_events.rules.lab_proposals import TERMS_OF, KnownLabs, LabProposal, Result, lab_proposals
from patients.models import Patient
from protocol.codes import LabTest
from visits.models import LabResult

Results = dict[int, list[Result]]  # patient → results, the earliest first


@dataclass(frozen=True, slots=True)
class _Entry:
    """The days that part what was there before from what came on study."""

    first_dose_on: date
    enrolled_on: date
    version: str  # of CTCAE

    def is_on_study(self, day: date) -> bool:
        return day >= self.first_dose_on and day > self.enrolled_on


def lab_proposals_of(patient_ids: Sequence[int]) -> dict[int, tuple[LabProposal, ...]]:
    """What is proposed for each of these patients; none for one who is not enrolled or has had no dose."""
    entries = _entries(patient_ids)
    results, events = _results(entries), _events(entries)
    before = _by_patient(_before_study(entries))
    answered = answered_grades(entries)
    return {
        pk: lab_proposals(_known(entry, results[pk], before[pk], answered[pk]), events[pk])
        for pk, entry in entries.items()
    }


def answered_grades(patients: Iterable[int]) -> dict[int, dict[LabTest, int]]:
    """By patient and test, the highest grade that was judged not to be clinically significant."""
    found: dict[int, dict[LabTest, int]] = defaultdict(dict)
    for row in LabGradeAnswer.objects.filter(patient__in=patients).order_by("grade"):
        found[row.patient_id][LabTest(row.test)] = row.grade
    return found


def _known(
    entry: _Entry, results: list[Result], before: list[Result], answered: dict[LabTest, int]
) -> KnownLabs:
    return KnownLabs(
        results=[result for result in results if entry.is_on_study(result.collected_on)],
        baselines={row.lab.test: row.lab for row in before if row.collected_on < entry.first_dose_on},
        at_entry={row.lab.test: row.lab for row in before if not entry.is_on_study(row.collected_on)},
        answered=answered,
        version=entry.version,
    )


def _entries(patient_ids: Sequence[int]) -> dict[int, _Entry]:
    rows = Patient.objects.filter(pk__in=patient_ids, enrolment__isnull=False)
    return {
        row.pk: _Entry(
            row.first_dose_on, row.enrolment.enrolled_on, row.protocol.adverse_events.dictionary_version
        )
        for row in rows.select_related("enrolment")
        if row.first_dose_on is not None
    }


def _results(patients: Iterable[int]) -> Results:
    """Results that can have a grade at all: most of what laboratories send is normal, and stays in the database."""
    abnormal = Q(test=LabTest.CREAT)  # held against the baseline too, within the limits
    for criteria in CRITERIA.values():
        for test, limits in criteria.low_limits.items():
            highest = max(Decimal(limit) for _grade, limit in limits)
            abnormal |= Q(test=test) & (Q(value__lt=F("lln")) | Q(value__lt=highest))
        abnormal |= Q(test__in=list(criteria.high_multiples)) & (Q(value__gt=F("uln")) | Q(uln=None))
    return _by_patient(LabResult.objects.filter(abnormal, patient__in=patients))


def _before_study(patients: Iterable[int]) -> QuerySet[LabResult]:
    was_before = Q(collected_on__lt=F("patient__first_dose_on"))
    was_at_entry = Q(collected_on__lte=F("patient__enrolment__enrolled_on"))
    return LabResult.objects.filter(was_before | was_at_entry, patient__in=patients)


def _by_patient(rows: QuerySet[LabResult]) -> Results:
    found: Results = defaultdict(list)
    names = ("patient_id", "collected_on", "test", "value", "unit", "lln", "uln")
    for patient_id, day, test, *values in rows.order_by("collected_on").values_list(*names):
        found[patient_id].append(Result(day, LabValue(LabTest(test), *values)))
    return found


def _events(patients: Iterable[int]) -> dict[int, list[AdverseEventFacts]]:
    found: dict[int, list[AdverseEventFacts]] = defaultdict(list)
    rows = AdverseEvent.objects.filter(patient__in=patients, term__in=frozenset().union(*TERMS_OF.values()))
    for row in rows.order_by("started_on", "ae_no"):
        found[row.patient_id].append(row.facts)
    return found
