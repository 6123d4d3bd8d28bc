"""Results that ask for an adverse event, stored for the worklist: one function builds them, and nothing else writes."""

from collections.abc import Sequence

from django.db import transaction

from adverse_events.selectors import lab_proposals_of
from courses.models import LabProposal


def built_lab_proposals(patient_ids: Sequence[int]) -> list[LabProposal]:
    """Which results ask for an adverse event, not saved: what `rebuild_lab_proposals` stores."""
    return [
        LabProposal(
            patient_id=pk,
            test=found.result.lab.test,
            term=found.term,
            collected_on=found.result.collected_on,
            value=found.result.lab.value,
            unit=found.result.lab.unit,
            grade=found.grade,
            ae_no=found.ae_no,
        )
        for pk, proposals in lab_proposals_of(patient_ids).items()
        for found in proposals
    ]


@transaction.atomic
def rebuild_lab_proposals(patient_ids: Sequence[int]) -> None:
    """Store what is proposed for these patients now, and nothing of what was proposed before."""
    LabProposal.objects.filter(patient__in=patient_ids).delete()
    LabProposal.objects.bulk_create(built_lab_proposals(patient_ids))
