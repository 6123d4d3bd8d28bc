"""An amendment previewed on the sample cohort and applied to it: what was shown is what happened."""

from datetime import date
from pathlib import Path

import pytest

from accounts.models import Site
from exchange.services import import_cohort
from patients.models import Patient
from protocol.codes import VisitStatus
from tests.protocols import SECOND
from visits.models import Visit
from visits.rules.amendment import ChangeKind, VisitState
from visits.selectors import status_on, with_context
from visits.services import apply_amendment, preview_amendment

SAMPLE = Path(__file__).parents[1] / "data" / "cohorts" / "sample"
TODAY = date(2026, 11, 23)


@pytest.fixture
def sample(system):
    import_cohort(by=system, folder=SAMPLE, on=TODAY)


def stored() -> dict[tuple[int, str], tuple[VisitState, date | None]]:
    rows = with_context(Visit.objects.all(), on=TODAY)
    return {
        (row.patient_id, row.visit): (
            VisitState(row.target_on, row.opens_on, row.closes_on, status_on(row, on=TODAY)),
            row.occurred_on,
        )
        for row in rows
    }


def look(by, site, version):
    return preview_amendment(by=by, site=site, version=version, effective_on=TODAY, on=TODAY)


def do(by, site, version, mark):
    return apply_amendment(
        by=by, site=site, version=version, effective_on=TODAY, on=TODAY, reason="Amendment 1", expected=mark
    )


@pytest.mark.parametrize("drop", ["", "M57", "M15"])
def test_the_preview_is_what_happened(sample, system, definitions, drop):
    version, before = definitions(drop=drop), stored()
    previews = [look(system, site, version) for site in Site.objects.all()]
    for preview in previews:
        do(system, preview.site, version, preview.mark)
    after = stored()
    shown = {
        (one.patient.pk, c.code): c for preview in previews for one in preview.patients for c in one.changes
    }
    nothing = (None, None)
    happened = {
        key: (before.get(key, nothing)[0], after.get(key, nothing)[0])
        for key in before.keys() | after.keys()
        if before.get(key, nothing)[0] != after.get(key, nothing)[0]
    }
    assert {key: (change.before, change.after) for key, change in shown.items()} == happened
    assert {"MOVED", "ADDED"} & {change.kind for change in shown.values()}


def test_what_took_place_stands_as_it_stood(sample, system, second_version):
    before = {key: day for key, (_state, day) in stored().items() if day}
    for site in Site.objects.all():
        do(system, site, second_version, look(system, site, second_version).mark)
    after = {key: day for key, (_state, day) in stored().items() if day}
    assert after == before


def test_nobody_has_missed_a_visit_the_amendment_added(sample, system, second_version):
    for site in Site.objects.all():
        preview = look(system, site, second_version)
        added = [c for one in preview.patients for c in one.changes if c.kind is ChangeKind.ADDED]
        assert [change for change in added if change.after.status is VisitStatus.MISSED] == []


def test_applied_to_the_sample_again_nothing_is_left_to_do(sample, system, second_version):
    for site in Site.objects.all():
        do(system, site, second_version, look(system, site, second_version).mark)
        site.refresh_from_db()
        again = look(system, site, second_version)
        assert again.is_empty and do(system, site, second_version, again.mark) is None
    versions = set(Patient.objects.values_list("protocol_version", flat=True))
    assert SECOND in versions
