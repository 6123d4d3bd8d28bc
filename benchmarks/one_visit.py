"""One visit written down with its results and all that follows, beside a bare Django view that inserts the rows."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.models import User
from audit import recording
from benchmarks.clock import Spent, least, stopwatch
from benchmarks.figures import Figure, beside, same, timed
from protocol.codes import LabTest
from visits.models import Assessment, LabResult, Visit
from visits.services.recording import AssessmentValues, LabValue, record_visit_facts

VISITS = 9
_WEIGHT_KG, _VALUE = Decimal("61.5"), Decimal("3.2")


def measure(patients: int, *, on: date, times: int) -> Iterator[Figure]:
    """Over the patients of the database the connection is to, which stays as it was."""
    figure, system = partial(Figure, "one visit", patients), User.objects.system()
    visits = _waiting(on)
    whole = [_undone(partial(_record, system, visit, on)) for visit in visits for _ in range(times)]
    bare = [_undone(partial(_answer, _request(system, visit, on))) for visit in visits for _ in range(times)]
    rows = {same(one, other) for (_, one), (_, other) in zip(whole, bare, strict=True)}
    one, other = (least(spent for spent, _ in each) for each in (whole, bare))
    yield figure("rows of a visit", "rows", max(rows))
    yield from timed(figure, "recorded, and all that follows", "ms", one)
    yield from timed(figure, "bare view", "ms", other)
    yield from beside(figure, "recorded : bare view", one, other)


def _waiting(on: date) -> list[Visit]:
    """Of as many patients, a visit that is still to be done and a day without results."""
    rows = Visit.objects.filter(
        occurred_on=None, not_done=False, target_on__gte=on, patient__summary__on_treatment=True
    )
    rows = (
        rows.exclude(patient__labs__collected_on=on).order_by("patient_id", "visitnum").distinct("patient_id")
    )
    return list(rows.select_related("patient__site")[:VISITS])


def _record(by: User, visit: Visit, on: date) -> None:
    record_visit_facts(
        by=by,
        visit=visit,
        occurred_on=on,
        assessment=AssessmentValues(weight_kg=_WEIGHT_KG, ecog=0),
        labs=[LabValue(test.value, _VALUE) for test in LabTest],
    )


def _request(by: User, visit: Visit, on: date) -> HttpRequest:
    request = RequestFactory().post("/", {"visit": visit.pk, "on": on.isoformat()})
    request.user = by
    return request


def _answer(request: HttpRequest) -> HttpResponse:
    """The bare view: nothing is checked, and nothing follows but the trail that the database writes."""
    visit = Visit.objects.select_related("patient").get(pk=request.POST["visit"])
    on = date.fromisoformat(request.POST["on"])
    with recording(by=request.user, reason="Benchmark"):
        visit.occurred_on = on
        visit.save(update_fields=["occurred_on"])
        Assessment.objects.create(visit=visit, weight_kg=_WEIGHT_KG, ecog=0)
        for test in LabTest:
            LabResult.objects.create(patient=visit.patient, collected_on=on, test=test.value, value=_VALUE)
    return HttpResponse("")


def _undone(act: Callable[[], object]) -> tuple[Spent, int]:
    """The time, and how many rows there are more; then as if it had not been."""
    with transaction.atomic():
        before = _rows()
        with stopwatch() as spent:
            act()
        more = _rows() - before
        transaction.set_rollback(True)
    return spent, more


def _rows() -> int:
    done = Visit.objects.filter(occurred_on__isnull=False).count()
    return done + Assessment.objects.count() + LabResult.objects.count()
