"""Procedures without a value of their own: done, not done, not applicable, or plainly not recorded."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.factories import ScreeningFactory, VisitProcedureFactory
from tests.integration.conftest import DAY, fields_of
from visits.models import Visit, VisitProcedure
from visits.services import ProcedureValue, record_visit_facts

pytestmark = pytest.mark.django_db
DONE = {"done-PE-answer": "DONE", "done-CM-answer": "NOT_DONE", "done-CM-note": "no list with her"}


@pytest.fixture
def path(consulted):
    return f"/patients/{consulted.uuid}/visits/M6/record/"


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


@pytest.fixture
def fertile(consulted):
    return ScreeningFactory(patient=consulted, childbearing_potential=True, stable_hepatitis_b=True)


def words(page):
    return " ".join(page.content.decode().split())


def stored():
    return {row.procedure: (row.answer, row.note) for row in VisitProcedure.objects.all()}


def asked(page):
    return [form.code for form in page.context["forms"].procedures]


def test_the_page_asks_what_the_conditions_say(nurse, path, fertile):
    assert asked(nurse.open(path)) == ["PE", "PT", "HBV", "CM", "PRO"]


def test_it_asks_nothing_that_does_not_apply(nurse, path, consulted):
    ScreeningFactory(patient=consulted, childbearing_potential=False, stable_hepatitis_b=False)
    assert asked(nurse.open(path)) == ["PE", "CM", "PRO"]


def test_nothing_is_answered_beforehand(nurse, path, fertile):
    sent = fields_of(nurse.open(path))
    assert not any(sent[name] for name in sent if name.startswith("done-"))


def test_each_answer_has_a_key(nurse, path, fertile):
    page = words(nurse.open(path))
    assert "1 · Done" in page and "2 · Positive" in page and "4 · Not applicable" in page


def test_answers_are_saved_with_the_visit(nurse, path):
    assert nurse.send(path, **DONE).status_code == 302
    assert stored() == {"PE": ("DONE", ""), "CM": ("NOT_DONE", "no list with her")}


def test_blank_saves_nothing_and_stops_nothing(nurse, path):
    assert nurse.send(path).status_code == 302
    assert stored() == {}


def test_the_chart_says_what_is_not_recorded(nurse, path, consulted):
    nurse.send(path, **DONE)
    page = words(nurse.open(f"/patients/{consulted.uuid}/?tab=visits"))
    assert "Procedures: 2 of 4" in page
    assert 'Patient questionnaire</dt> <dd class="quiet"> Not recorded' in page
    assert "no list with her" in page


def test_a_note_wants_its_answer(nurse, path):
    page = words(nurse.send(path, **{"done-PE-note": "hernia"}))
    assert "Say whether it was done." in page and "hernia" in page
    assert stored() == {}


def test_a_positive_test_is_confirmed_first(nurse, path, fertile):
    page = nurse.send(path, **{"done-PT-answer": "POSITIVE"})
    assert [doubt.part for doubt in page.context["doubts"]] == ["done-PT"]
    assert stored() == {}
    ticked = {"confirm-confirmed": page.context["mark"], "confirm-doubted": "Blood test too"}
    nurse.send(path, **{"done-PT-answer": "POSITIVE"}, **ticked)
    assert stored() == {"PT": ("POSITIVE", "")}


def test_a_negative_test_is_one_answer(nurse, path, fertile):
    nurse.send(path, **{"done-PT-answer": "NEGATIVE"})
    assert stored() == {"PT": ("NEGATIVE", "")}


def test_an_unscheduled_visit_may_have_any_of_them(nurse, consulted):
    path = f"/patients/{consulted.uuid}/visits/UNS/record/"
    assert asked(nurse.open(path)) == ["PE", "PT", "ECH", "CM"]
    nurse.send(path, **{"done-ECH-answer": "DONE"})
    assert stored() == {"ECH": ("DONE", "")}


def test_a_correction_is_shown_and_says_why(nurse, path):
    nurse.send(path, **DONE)
    page = nurse.send(path, **{"done-CM-answer": "DONE", "done-CM-note": ""})
    assert [(row.label, row.stored, row.typed) for row in page.context["changes"]] == [
        ("Concomitant medication", "Not done · no list with her", "Done")
    ]
    assert stored()["CM"][0] == "NOT_DONE"
    nurse.explain(path, page)
    assert stored()["CM"] == ("DONE", "")


def test_an_answer_is_taken_back_with_its_reason(nurse, path):
    nurse.send(path, **DONE)
    page = nurse.send(path, **{"done-CM-answer": "", "done-CM-note": ""})
    assert len(stored()) == 2
    nurse.explain(path, page)
    assert stored() == {"PE": ("DONE", "")}


def test_an_answer_that_is_not_asked_any_more_is_still_shown(nurse, path, consulted):
    visit = Visit.objects.get(visit="M6")
    VisitProcedureFactory(visit=visit, procedure="ECH")
    assert "ECH" in asked(nurse.open(path))


def test_the_second_saver_sees_what_differs(nurse, path):
    first = fields_of(nurse.open(path)) | {"done-PE-answer": "NOT_APPLICABLE", "action": "save"}
    nurse.send(path, **DONE)
    page = nurse.send_again(path, first)
    assert page.status_code == 409
    differences = [choice.difference for choice in page.context["choices"]]
    found = {row.label: (row.stored, row.typed) for row in differences}
    assert found["Physical examination"] == ("Done", "Not applicable")
    assert found["Concomitant medication"] == ("Not done · no list with her", None)


def test_the_same_page_twice_is_one(nurse, path):
    typed = fields_of(nurse.open(path)) | DONE | {"action": "save"}
    assert [nurse.send_again(path, typed).status_code for _ in range(2)] == [302, 302]
    assert len(stored()) == 2


def test_taking_the_visit_back_takes_them_with_it(nurse, path, consulted):
    nurse.send(path, **DONE)
    gone = f"/patients/{consulted.uuid}/visits/M6/unrecord/"
    assert "Concomitant medication: Not done no list with her" in words(nurse.open(gone))
    nurse.send(gone, reason_kind="Typing error")
    assert stored() == {}


def test_the_history_names_them(nurse, path, consulted):
    nurse.send(path, **DONE)
    assert "Physical examination" in words(nurse.open(f"/patients/{consulted.uuid}/?tab=history"))


def test_the_service_takes_no_result_of_what_has_none(consulted, nurse_a, english):
    visit = Visit.objects.get(visit="M6")
    with pytest.raises(ValidationError, match="negative or positive"):
        record_visit_facts(
            by=nurse_a, visit=visit, occurred_on=DAY, procedures=[ProcedureValue("PE", "POSITIVE")]
        )


def test_the_database_wants_the_result_of_a_test(consulted):
    with pytest.raises(IntegrityError, match="a_test_says_its_result"), transaction.atomic():
        VisitProcedureFactory(visit=Visit.objects.get(visit="M6"), procedure="PT", answer="DONE")


def test_the_service_takes_nothing_back_without_a_reason(consulted, nurse_a, english):
    visit = VisitProcedureFactory(visit=Visit.objects.get(visit="M6")).visit
    with pytest.raises(ValidationError, match="say why"):
        record_visit_facts(by=nurse_a, visit=visit, occurred_on=DAY, procedures=[ProcedureValue("PE", "")])
    assert stored() == {"PE": ("DONE", "")}


def test_the_chart_opens_on_a_positive_test(nurse, consulted, path):
    nurse.send(path)
    VisitProcedureFactory(visit=Visit.objects.get(visit="M6"), procedure="PT", answer="POSITIVE")
    page = words(nurse.open(f"/patients/{consulted.uuid}/?tab=visits"))
    assert '<details class="procedures" open>' in page
