"""Record a pregnancy, follow it, and report it on the clock of a serious event."""

import pytest

from adverse_events.models import Pregnancy
from dosing.models import DoseOrder

pytestmark = pytest.mark.django_db
TYPED = {"who": "PATIENT", "aware_at": "2025-07-06 16:30", "test_on": "2025-07-05"}


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


@pytest.fixture
def path(consulted):
    return f"/patients/{consulted.uuid}/pregnancies/new/"


def test_a_pregnancy_is_recorded_and_its_clock_runs(nurse, path):
    assert nurse.send(path, **TYPED).status_code == 302
    page = nurse.open(path.replace("new/", "1/reports/")).content.decode()
    assert "Pregnancy to the sponsor" in page and "6 h 30 min left" in page


def test_stopping_is_advised_and_not_ordered(nurse, path):
    assert "stop it at once" in nurse.open(path).content.decode()
    nurse.send(path, **TYPED)
    assert DoseOrder.objects.filter(pattern_mg=[0]).count() == 0


def test_its_outcome_comes_later_and_a_correction_needs_a_reason(nurse, path):
    nurse.send(path, **TYPED)
    change = path.replace("new/", "1/")
    assert nurse.send(change, outcome="MISCARRIAGE", outcome_on="2025-07-07").status_code == 302
    assert "say why" in nurse.send(change, test_on="2025-07-04").content.decode()
    assert nurse.send(change, test_on="2025-07-04", reason="Typing error").status_code == 302
    assert str(Pregnancy.objects.get().test_on) == "2025-07-04"


def test_the_chart_lists_it(nurse, path, consulted):
    nurse.send(path, **TYPED)
    page = nurse.open(f"/patients/{consulted.uuid}/?tab=events").content.decode()
    assert path.replace("new/", "1/reports/") in page and "Pregnancy goes on" in page


def test_a_pregnancy_report_says_what_is_known(hand, pi_a, nurse, path):
    nurse.send(path, **TYPED)
    report = path.replace("new/", "1/reports/")
    page = hand(pi_a).send(f"{report}new/", "preview", narrative="Test at home.").content.decode()
    assert "the patient" in page and "Abated after stopping" not in page and "400 mg" in page
    assert hand(pi_a).send(f"{report}new/", "freeze", narrative="Test at home.").status_code == 302
    assert hand(pi_a).open(f"{report}1/pdf/en/").content.startswith(b"%PDF")


@pytest.mark.parametrize(("who", "status"), [("nurse_b", 404), ("outsider", 404), ("monitor", 403)])
def test_others_do_not_record_pregnancies(hand, path, request, who, status):
    assert hand(request.getfixturevalue(who)).open(path).status_code == status


def test_a_pregnancy_that_is_not_there_is_not_found(nurse, path):
    assert nurse.open(path.replace("new/", "4/")).status_code == 404
