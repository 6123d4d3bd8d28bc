"""Every address of the product × every role = the written answer; what is not in the table fails.

"login" = sent to the login page. The records asked for belong to site 01; nurse_b works at site 02.
"""

import re
from fnmatch import fnmatchcase

import pghistory.models
import pytest
from django.apps import apps

from tests.architecture.addresses import ROLES, Address, addresses, answer, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]

#               anonymous nurse_a nurse_b investigator_a pi_a data_manager monitor administrator outsider
OPEN = "            200     200     200      200          200      200        200      200         200"
SIGNED_IN = "     login     200     200      200          200      200        200      200         200"
SENT_ON = "       login     302     302      302          302      302        302      302         302"
READERS = "       login     200     200      200          200      200        200      403         403"
CLINIC = "        login     200     200      200          200      403        403      403         403"
NOT_NURSES = "    login     403     403      200          200      200        200      403         403"
CHART = "         login     200     404      200          200      200        200      404         404"
CHART_WRITERS = " login     200     404      200          200      403        403      404         404"
AMENDERS = "      login     403     404      403          200      200        403      404         404"
CHART_DECIDERS = "login     403     404      200          200      403        403      404         404"
CHART_PI = "      login     403     404      403          200      403        403      404         404"
NOWHERE = "       login     404     404      404          404      404        404      404         404"
EXPORTERS = "     login     403     403      403          200      200        403      403         403"
BOTH_MANAGERS = " login     404     404      404          404      200        404      200         404"
DATA_MANAGER = "  login     404     404      404          404      200        404      403         404"
ADMINISTRATOR = " login     404     404      404          404      403        404      200         404"
NEITHER = "       login     404     404      404          404      403        404      403         404"
ONLY_POST = "       405     405     405      405          405      405        405      405         405"

# Of several lines that fit ("*" stands for anything) the first decides.
TABLE = {
    "home": SENT_ON,
    "set_language": ONLY_POST,
    "stay_signed_in": ONLY_POST.replace("405", "login", 1),
    "healthz": OPEN,
    "readyz": OPEN.replace("200", "503"),  # no worker runs beside this test
    "patients:list": READERS,
    "patients:create": CLINIC,
    "clinic:worklist": READERS,
    "clinic:worklist_part": READERS,
    "clinic:chart": CHART,
    "clinic:record_visit": CHART_WRITERS,
    "clinic:record_labs": CHART_WRITERS,
    "clinic:discard_draft": CHART_WRITERS,
    "clinic:unrecord_visit": CHART_WRITERS,
    "clinic:book_visit": CHART_WRITERS,
    "clinic:record_contact": CHART_WRITERS,
    "clinic:calendar": CLINIC,
    "clinic:schedule": CHART,
    "clinic:schedule_ics": CHART,
    "clinic:dosing": CHART,
    "clinic:adherence": CHART,
    "clinic:accountability": CHART,
    "clinic:site_accountability": READERS,
    "clinic:dispense_kit": CHART_WRITERS,
    "clinic:correct_kit": CHART_WRITERS,
    "clinic:count_kit": CHART_WRITERS,
    "clinic:order_dose": CHART_WRITERS,
    "clinic:correct_order": CHART_WRITERS,
    "clinic:confirm_order": CHART_DECIDERS,
    "clinic:acknowledge_flag": CHART_PI,
    "clinic:find_terms": READERS,
    "clinic:report_adverse_event": CHART_WRITERS,
    "clinic:adverse_event": CHART,
    "clinic:change_adverse_event": CHART_WRITERS,
    "clinic:record_grade": CHART_WRITERS,
    "clinic:correct_grade": CHART_WRITERS,
    "clinic:confirm_assessment": CHART_DECIDERS,
    "clinic:event_reports": CHART,
    "clinic:pregnancy_reports": CHART,
    "clinic:event_report_pdf": CHART,
    "clinic:pregnancy_report_pdf": CHART,
    "clinic:write_event_report": CHART_DECIDERS,
    "clinic:write_pregnancy_report": CHART_DECIDERS,
    "clinic:record_event_dispatch": CHART_WRITERS,
    "clinic:record_pregnancy_dispatch": CHART_WRITERS,
    "clinic:record_pregnancy": CHART_WRITERS,
    "clinic:change_pregnancy": CHART_WRITERS,
    "clinic:answer_lab_grade": CHART_WRITERS,
    "clinic:record_outcome": CHART_WRITERS,
    "clinic:change_outcome": CHART_WRITERS,
    "clinic:settle_suspicion": CHART_WRITERS,
    "clinic:record_disposition": CHART_WRITERS,
    "clinic:enrol_patient": CHART_WRITERS,
    "clinic:amendments": READERS,
    "clinic:protocol_version": READERS,
    "clinic:compare_versions": READERS,
    "clinic:amend_site": AMENDERS,
    "clinic:amend_patient": AMENDERS,
    "clinic:applied_amendment": CHART,
    "clinic:amendment_run": AMENDERS,
    "clinic:close_screening": CHART_WRITERS,
    "clinic:eligibility_record": CHART,
    "clinic:consents": CHART_WRITERS,
    "clinic:change_contact": CHART_WRITERS,
    "dashboard:dashboard": NOT_NURSES,
    "dashboard:patients": NOT_NURSES,
    "dashboard:swimmer": NOT_NURSES,
    "dashboard:events": NOT_NURSES,
    "dashboard:table": NOT_NURSES,
    "dashboard:build_past_day": ONLY_POST.replace("405", "login", 1),
    "dashboard:reports": NOT_NURSES,
    "dashboard:report_file": NOT_NURSES,
    "reminders:ledger": READERS,
    "exchange:export_survival": EXPORTERS,
    "reminders:preview": READERS,
    "reminders:reminder": CHART,
    "reminders:notice": CHART,
    "reminders:change_mails": SIGNED_IN,
    "reminders:opt_out": OPEN,
    # Everybody's own account. Nobody signs up, and a forgotten password tells nobody which names exist.
    "account_login": SENT_ON.replace("login", "  200"),
    "account_logout": SIGNED_IN.replace("login", "  302"),
    "account_signup": SENT_ON.replace("login", "  200"),
    "account_inactive": OPEN,
    "account_email_verification_sent": OPEN,
    "account_confirm_email": OPEN,
    "account_reset_password": OPEN,
    "account_reset_password_done": OPEN,
    "account_reset_password_from_key": OPEN,
    "account_reset_password_from_key_done": OPEN,
    "account_confirm_login_code": SENT_ON,
    "account_set_password": SENT_ON,
    "account_change_password": SIGNED_IN,
    "account_email": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_deactivate_totp": NOWHERE,
    "mfa_view_recovery_codes": NOWHERE,
    "mfa_download_recovery_codes": NOWHERE,
    "mfa_activate_totp": SENT_ON,
    "mfa_authenticate": SENT_ON,
    "mfa_reauthenticate": SENT_ON,
    "mfa_generate_recovery_codes": SENT_ON,
    "mfa_add_webauthn": SENT_ON,
    "mfa_reauthenticate_webauthn": SENT_ON,
    "mfa_remove_webauthn": SENT_ON,
    "mfa_edit_webauthn": SENT_ON,
    # The admin site: it does not exist but for those who correct records or manage people and sites.
    "admin:index": BOTH_MANAGERS,
    "admin:jsi18n": BOTH_MANAGERS,
    "admin:password_change_done": BOTH_MANAGERS,
    "admin:password_change": BOTH_MANAGERS.replace("200", "302"),
    "admin:logout": BOTH_MANAGERS.replace("200", "405"),
    "admin:login": SENT_ON.replace("302", "403"),
    "admin:autocomplete": NEITHER,
    "admin:view_on_site": NOWHERE,
    "admin:catch_all_view": NOWHERE,
    "admin:app_list": DATA_MANAGER.replace("403", "404"),
    "admin:view": BOTH_MANAGERS.replace("200", "302"),  # a record's address in short
    "admin:*_delete": NEITHER,
    "admin:accounts_site_add": ADMINISTRATOR,
    "admin:accounts_site_*": BOTH_MANAGERS,
    "admin:accounts_user_history": ADMINISTRATOR.replace("403", "404"),
    "admin:accounts_delegation_history": ADMINISTRATOR.replace("403", "404"),
    "admin:accounts_*": ADMINISTRATOR,
    "admin:auth_user_password_change": ADMINISTRATOR,
    "admin:*_history": DATA_MANAGER.replace("403", "404"),
    # Made by a first visit, a plan or a computation, and how patients are reached is not exported.
    "admin:patients_patient_add": NEITHER,
    "admin:patients_enrolment_add": NEITHER,
    "admin:patients_eligibilityrecord_add": NEITHER,
    "admin:patients_contact_export": NEITHER,
    "admin:adverse_events_eventgrade_add": NEITHER,
    "admin:visits_visit_add": NEITHER,
    "admin:visits_assessment_add": NEITHER,
    "admin:visits_contactattempt_add": NEITHER,
    "admin:visits_visitprocedure_add": NEITHER,
    "admin:adverse_events_labgradeanswer_add": NEITHER,
    "admin:dosing_flagacknowledgement_add": NEITHER,
    "admin:courses_coursesummary_add": NEITHER,
    "admin:review_query_add": NEITHER,
    "admin:reminders_reminder_add": NEITHER,
    "admin:reminders_reminder_export": NEITHER,
    "admin:*": DATA_MANAGER,
}
_FORM_LINES = (CLINIC, CHART_WRITERS, AMENDERS, CHART_DECIDERS, CHART_PI)
FORMS = {name for name, line in TABLE.items() if line in _FORM_LINES}
# What is computed is shown in the admin site, and nobody changes it there.
POSTED = {
    "clinic:amendment_run": ONLY_POST.replace("405", "login", 1),  # shows only, under the addresses of a form
    "dashboard:reports": NOT_NURSES,
    "reminders:reminder": CHART_WRITERS,
    "reminders:notice": CHART_WRITERS,
    "reminders:change_mails": SIGNED_IN,
    "dashboard:build_past_day": NOT_NURSES.replace("200", "404"),  # without a day there is nothing to build
    "admin:adverse_events_labgradeanswer_change": NEITHER,
    "admin:dosing_flagacknowledgement_change": NEITHER,
    "admin:courses_coursesummary_change": NEITHER,
    "admin:reminders_reminder_change": NEITHER,
    "admin:review_query_change": NEITHER,
    "admin:patients_eligibilityrecord_change": NEITHER,
}
ADMIN_FORM = re.compile(r"^admin:.*_(add|change|delete)$")
ADMIN_RECORD = re.compile(r"^admin:\w+_\w+_(change|history|delete)$")
OUR_ROOMS = {"clinic", "patients", "dashboard", "reminders", "healthz", "readyz", "home"}
WITHOUT_TOKEN = {"reminders:opt_out"}  # the one-click POST of RFC 8058: the one written exception


def line_of(address: Address) -> str | None:
    return next((line for line in TABLE if fnmatchcase(address.name, line)), None)


def expected(address: Address, role: str) -> str | None:
    line = line_of(address)
    return TABLE[line].split()[ROLES.index(role)] if line else None


def expected_of_post(address: Address, role: str) -> set[str | None]:
    """A form answers as its page does; a page that only shows takes no POST, whoever sends it."""
    if address.name in POSTED:
        return {POSTED[address.name].split()[ROLES.index(role)]}
    is_form = line_of(address) in FORMS or ADMIN_FORM.search(address.name)
    return {expected(address, role)} if is_form else {expected(address, role), "405"} - {"200", "302"}


def rows_of_everything() -> dict[str, int]:
    """Rows a table. An UPDATE of a clinical record is a row too: that of its event."""
    models = [model for model in apps.get_models() if model._meta.app_label not in {"sessions", "axes"}]
    kept = [
        model for model in models if not issubclass(model, pghistory.models.Events | pghistory.models.Context)
    ]
    return {model._meta.label: model._default_manager.count() for model in kept}


def test_every_address_is_in_the_table():
    assert [address for address in addresses() if line_of(address) is None] == []


def test_every_line_of_the_table_is_of_an_address():
    assert TABLE.keys() - {line_of(address) for address in addresses()} == set()


@pytest.mark.parametrize("role", ROLES)
def test_a_get_answers_as_written_and_changes_nothing(role, cast, world):
    client, before = client_of(cast(role)), rows_of_everything()
    found = {a: answer(client.get(world.path(a))) for a in addresses()}
    wrong = {a.name: (word, expected(a, role)) for a, word in found.items() if word != expected(a, role)}
    assert wrong == {}
    assert rows_of_everything() == before


@pytest.mark.parametrize("role", ROLES)
def test_a_blank_form_is_answered_as_its_page_and_changes_nothing(role, cast, world):
    client, before = client_of(cast(role)), rows_of_everything()
    asked = [a for a in addresses() if a.room in OUR_ROOMS or ADMIN_FORM.search(a.name)]
    found = {a: answer(client.post(world.path(a))) for a in asked if a.name not in WITHOUT_TOKEN}
    wrong = {a.name: word for a, word in found.items() if word not in expected_of_post(a, role)}
    assert wrong == {}
    assert rows_of_everything() == before


@pytest.mark.parametrize("role", ["nurse_b", "data_manager_b", "administrator_b"])
def test_people_of_another_site_read_no_id_of_this_one(role, cast, world):
    client = client_of(cast(role))
    bodies = {a.name: client.get(world.path(a)).getvalue().decode() for a in addresses()}
    assert [(n, secret) for n, body in bodies.items() for secret in world.secrets if secret in body] == []


@pytest.mark.parametrize("role", ["data_manager_b", "administrator_b"])
def test_a_record_of_another_site_is_not_there(role, cast, world):
    client = client_of(cast(role))
    records = [a for a in addresses() if ADMIN_RECORD.search(a.name)]
    found = {a.name: answer(client.get(world.path(a))) for a in records}
    assert {name: word for name, word in found.items() if word not in {"403", "404"}} == {}


def test_an_export_holds_no_record_of_another_site(cast, world):
    client = client_of(cast("data_manager_b"))
    exports = [a for a in addresses() if a.name.endswith("_export")]
    written = {a.name: client.post(world.path(a), {"format": "0", "resource": "0"}) for a in exports}
    bodies = {name: response.getvalue().decode() for name, response in written.items()}
    assert [(n, secret) for n, body in bodies.items() for secret in world.secrets if secret in body] == []
    assert "02-001" in bodies["admin:patients_patient_export"]


@pytest.mark.parametrize("role", ["anonymous", "nurse_a", "data_manager"])
def test_a_post_without_its_token_is_refused(role, cast, world):
    client = client_of(cast(role), enforce_csrf_checks=True)
    found = {a.name: answer(client.post(world.path(a))) for a in addresses()}
    assert {name for name, word in found.items() if word != "403"} == WITHOUT_TOKEN
