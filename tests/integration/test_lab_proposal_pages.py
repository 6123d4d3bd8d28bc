"""A graded result asks whether it is an adverse event: on the chart, on the worklist, on the page of its answer."""

import pytest

from adverse_events.models import AdverseEvent, LabGradeAnswer
from courses.models import LabProposal
from patients.signals import announce
from tests.factories import AdverseEventFactory, LabResultFactory

pytestmark = pytest.mark.django_db
TERM = "Neutrophil count decreased"


@pytest.fixture
def asked(consulted):
    """ANC 0.8 of the day before."""
    LabResultFactory(patient=consulted, value="0.8")
    announce([consulted.pk], "results")
    return consulted


@pytest.fixture
def base(asked):
    return f"/patients/{asked.uuid}"


@pytest.fixture
def nurse(hand, nurse_a):
    return hand(nurse_a)


def text(page):
    return page.content.decode()


@pytest.mark.parametrize("tab", ["events", "labs"])
def test_the_chart_shows_what_waits_with_its_answer(nurse, base, tab):
    page = nurse.open(f"{base}/?tab={tab}")
    assert "Neutrophils 0.8 10⁹/L on 6 Jul 2025: grade 3 by CTCAE" in text(page)
    assert f'href="{base}/graded-results/ANC/"' in text(page)


def test_an_earlier_day_of_the_chart_asks_nothing(nurse, base):
    assert "graded-results" not in text(nurse.open(f"{base}/?tab=events&on=2025-07-06"))


def test_the_worklist_leads_to_the_answer(nurse, base):
    (part,) = [
        p for p in nurse.open("/clinic/").context["worklist"].loose_ends if p.source.key == "graded-results"
    ]
    (row,) = part.rows
    assert (row.verb, row.url) == (f"Answer: is it an adverse event? {TERM}", f"{base}/graded-results/ANC/")


def test_not_significant_needs_a_reason_and_settles_it(nurse, base):
    path = f"{base}/graded-results/ANC/"
    assert nurse.send(path).context["form"].errors["comment"]
    assert nurse.send(path, comment="Known benign neutropenia").status_code == 302
    assert LabGradeAnswer.objects.get().grade == 3
    assert not LabProposal.objects.exists()
    assert nurse.open(path)["Location"] == f"{base}/?tab=events"


def test_the_event_form_knows_term_and_day_and_says_the_grade(nurse, base):
    path = f"{base}/adverse-events/new/?test=ANC"
    page = nurse.open(path)
    form = page.context["form"]
    assert (form["term"].value(), str(form["started_on"].value())) == (TERM, "2025-07-06")
    assert not form["grade"].value() and "grade 3 by CTCAE" in text(page)
    nurse.send(path, grade="3")
    assert AdverseEvent.objects.get(term=TERM).grade == 3
    assert not LabProposal.objects.exists()


def test_an_event_that_became_worse_is_offered_to_be_changed(nurse, base, asked):
    AdverseEventFactory(patient=asked, ae_no=5, term=TERM, grade=2)
    announce([asked.pk], "adverse event")
    path = f"{base}/adverse-events/5/grades/new/?test=ANC"
    assert f'href="{path}"' in text(nurse.open(f"{base}/graded-results/ANC/"))
    nurse.send(path, grade="3")
    assert not LabProposal.objects.exists()


def test_an_answer_to_another_result_than_the_one_shown_is_refused(nurse, base):
    page = nurse.send(f"{base}/graded-results/ANC/", grade="2", comment="Known")
    assert "asks for nothing any more" in text(page) and not LabGradeAnswer.objects.exists()


@pytest.mark.parametrize("test", ["PLT", "NONE"])
def test_a_test_that_asks_nothing_leads_back_to_the_chart(nurse, base, test):
    assert nurse.send_again(f"{base}/graded-results/{test}/", {}).status_code == 302


@pytest.mark.parametrize(
    ("who", "verb"),
    [("nurse_a", "Have the order confirmed: On hold"), ("pi_a", "Confirm the order: On hold")],
)
def test_a_provisional_order_waits_on_the_worklist(nurse, hand, request, base, who, verb):
    nurse.send(f"{base}/doses/new/", act="HOLD", reason="OTHER")
    page = hand(request.getfixturevalue(who)).open("/clinic/")
    (part,) = [p for p in page.context["worklist"].loose_ends if p.source.key == "orders"]
    assert part.rows[0].verb == verb


def test_the_page_of_a_visit_says_what_no_event_accounts_for(nurse, consulted, asked):
    path = f"/patients/{asked.uuid}/visits/M6/record/"
    typed = {"lab-ANC-value": "0.8", "lab-ANC-lln": "1.8"}
    assert "no event of this grade yet" in text(nurse.send(path, "check", **typed))
    event = {"new-0-term": TERM, "new-0-grade": "3", "new-0-started_on": "2025-07-07"}
    assert "no event of this grade yet" not in text(nurse.send(path, "check", **typed, **event))


def test_a_saved_visit_says_which_results_wait_for_an_answer(nurse, consulted):
    typed = {"lab-ANC-value": "0.8", "lab-ANC-lln": "1.8"}
    answer = nurse.send(f"/patients/{consulted.uuid}/visits/M6/record/", **typed)
    assert "Is it an adverse event?" in text(nurse.open(answer["Location"]))


def test_units_are_read_with_a_raised_nine_and_stored_as_before(nurse, consulted):
    path = f"/patients/{consulted.uuid}/visits/M6/record/"
    assert 'value="10⁹/L"' in text(nurse.open(path))
    nurse.send(path, **{"lab-ANC-value": "3.8", "lab-ANC-lln": "1.8"})
    assert consulted.labs.get(test="ANC").unit == "10^9/L"
