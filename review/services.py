"""Queries are opened and closed by the rules, whenever the facts of a course have changed."""

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from accounts.models import User
from audit import recording
from review.facts import review_facts
from review.models import Query
from review.rules.findings import Finding, findings

BATCH = 500  # patients whose facts are in memory at once, when an import announces all of them
REASON = gettext_noop("Checked by the rules")

Key = tuple[int, str, str]  # patient, code, about


@transaction.atomic
def sync_queries(*, by: User, patient_ids: Sequence[int]) -> None:
    """Open what is doubtful and not asked yet, close what is mended, touch nothing else."""
    for batch in _batches(sorted(set(patient_ids))):
        found = _found(batch)
        asked = _asked(batch)
        mended = [pk for key, pk in asked.items() if key not in found]
        new = [_query(by, key, finding) for key, finding in found.items() if key not in asked]
        if not (mended or new):
            continue
        with recording(by=by, reason=REASON):
            Query.objects.filter(pk__in=mended).update(closed_at=Now(), closed_by=by)
            Query.objects.bulk_create(new, ignore_conflicts=True)  # another writer may have asked meanwhile


def _batches(patient_ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(patient_ids), BATCH):
        yield patient_ids[start : start + BATCH]


def _found(patient_ids: list[int]) -> dict[Key, Finding]:
    return {
        (patient.pk, *key): finding
        for patient, facts in review_facts(patient_ids)
        for key, finding in findings(facts, patient.protocol).items()
    }


def _asked(patient_ids: list[int]) -> dict[Key, int]:
    rows = Query.objects.filter(patient_id__in=patient_ids, closed_at=None)
    return {(row[0], row[1], row[2]): row[3] for row in rows.values_list("patient_id", "code", "about", "pk")}


def _query(by: User, key: Key, finding: Finding) -> Query:
    return Query(patient_id=key[0], code=key[1], about=key[2], detail=finding.detail, opened_by=by)
