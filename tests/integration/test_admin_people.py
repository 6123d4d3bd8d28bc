"""Administrators look after people, sites and delegations; data managers after what patients read of a site."""

from datetime import date

import pytest
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.access import may
from accounts.models import Delegation, Site, User
from accounts.permissions import Permission, Role
from accounts.selectors import sites_with_gaps
from accounts.services import add_site, change_site, change_user
from tests.factories import DelegationFactory

pytestmark = pytest.mark.django_db
WHY = {"reason_code": "NEW_INFORMATION", "reason_detail": ""}
LINES = ("name_ko", "name_en", "place_ko", "place_en", "phone_ko", "phone_en")


@pytest.fixture
def at(client, administrator):
    client.force_login(administrator)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def at_data(client, data_manager):
    client.force_login(data_manager)
    client.cookies["django_language"] = "en"
    return client


def site_answers(site, **changed):
    lines = {line: getattr(site, line) for line in LINES}
    return lines | {"seen_event": site.events.latest("pgh_id").pk} | WHY | changed


@pytest.mark.parametrize("cast", ["nurse_a", "pi_a", "monitor", "outsider"])
def test_for_everybody_else_the_admin_site_does_not_exist(client, request, cast):
    client.force_login(request.getfixturevalue(cast))
    assert client.get("/admin/").status_code == 404


def test_flags_of_django_open_nothing(client, outsider):
    User.objects.filter(pk=outsider.pk).update(is_staff=True, is_superuser=True)
    client.force_login(User.objects.get(pk=outsider.pk))
    assert client.get("/admin/").status_code == 404
    assert client.get("/admin/accounts/user/").status_code == 404


def test_without_a_session_one_is_sent_to_the_one_login_page(client, db):
    answer = client.get("/admin/accounts/user/")
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/")


def test_only_pages_of_this_house_are_there(db):
    assert all(page.of_this_house for page in admin.site._registry.values())


def test_passwords_are_changed_on_the_one_page_for_it(at):
    assert at.get("/admin/password_change/").url == "/accounts/password/change/"


def test_signing_out_leads_to_the_login_page(at):
    assert at.post("/admin/logout/").url == "/accounts/login/"


def test_an_account_is_made_without_any_power(at):
    password = {
        "password1": "a long new password",
        "password2": "a long new password",
        "usable_password": "true",
    }
    answer = at.post("/admin/accounts/user/add/", {"username": "newcomer", "language": "ko"} | password)
    user = User.objects.get(username="newcomer")
    assert (answer.status_code, user.is_staff, user.is_superuser) == (302, False, False)
    assert user.check_password("a long new password")


def test_an_account_is_closed_never_deleted(at, nurse_a):
    address = f"/admin/accounts/user/{nurse_a.pk}/"
    at.post(f"{address}change/", {"username": "nurse_a", "language": "en"})
    assert User.objects.get(pk=nurse_a.pk).is_active is False
    assert at.get(f"{address}delete/").status_code == 403


def test_an_administrator_sees_the_people_of_their_sites_and_those_without_any(
    at, nurse_a, nurse_b, outsider, system
):
    text = at.get("/admin/accounts/user/").text
    assert all(name in text for name in ("nurse_a", "outsider"))
    assert "nurse_b" not in text and ">system<" not in text


def test_somebody_with_several_roles_is_listed_once(at, nurse_a, site_01):
    DelegationFactory(user=nurse_a, site=site_01, role="pi")
    assert at.get(f"/admin/accounts/user/{nurse_a.pk}/change/").status_code == 200


def test_a_delegation_is_given_by_whoever_is_signed_in(at, administrator, outsider, site_01):
    sent = {"user": outsider.pk, "role": "nurse", "site": site_01.pk, "from_on": "2025-01-06"}
    assert at.post("/admin/accounts/delegation/add/", sent).status_code == 302
    given = Delegation.objects.get(user=outsider)
    assert given.delegated_by == administrator
    assert given.events.get().pgh_context["actor"] == "administrator"


def test_a_delegation_cannot_be_given_at_another_site(at, outsider, site_02):
    sent = {"user": outsider.pk, "role": "nurse", "site": site_02.pk, "from_on": "2025-01-06"}
    assert at.post("/admin/accounts/delegation/add/", sent).status_code == 200
    assert not Delegation.objects.filter(user=outsider).exists()


def test_a_delegation_ends_with_a_reason(at, nurse_a):
    given = nurse_a.delegations.get()
    sent = {"until_on": "2025-06-30", "seen_event": given.events.get().pk} | WHY
    at.post(f"/admin/accounts/delegation/{given.pk}/change/", sent)
    assert Delegation.objects.get(pk=given.pk).until_on == date(2025, 6, 30)
    assert given.events.latest("pgh_id").pgh_context["reason"] == "New information"
    assert not may(nurse_a, Permission.RECORD_VISIT)


def test_an_end_before_the_start_is_an_error_of_the_form(at, nurse_a):
    given = nurse_a.delegations.get()
    sent = {"until_on": "2000-01-01", "seen_event": given.events.get().pk} | WHY
    answer = at.post(f"/admin/accounts/delegation/{given.pk}/change/", sent)
    assert answer.context["adminform"].form.errors


def test_a_new_site_is_administered_by_whoever_made_it(at, administrator):
    at.post("/admin/accounts/site/add/", {"code": "03", "name_ko": "셋째 병원"})
    assert may(administrator, Permission.MANAGE_SITES, Site.objects.get(code="03"))


class TestSite:
    def test_a_data_manager_completes_what_patients_read(self, at_data, site_01):
        at_data.post(f"/admin/accounts/site/{site_01.pk}/change/", site_answers(site_01, phone_ko="02-1"))
        assert Site.objects.get(pk=site_01.pk).phone_ko == "02-1"

    def test_the_code_of_a_site_stays(self, at_data, site_01):
        at_data.post(
            f"/admin/accounts/site/{site_01.pk}/change/", site_answers(site_01, code="99", name_en="X")
        )
        assert Site.objects.get(pk=site_01.pk).code == "01"

    def test_a_data_manager_adds_no_sites(self, at_data):
        assert at_data.get("/admin/accounts/site/add/").status_code == 403

    def test_a_missing_line_is_told(self, at_data, site_01):
        at_data.post(f"/admin/accounts/site/{site_01.pk}/change/", site_answers(site_01, phone_en=""))
        notices = at_data.get("/admin/").context["notices"]
        assert notices == ["Site 01: name, place or phone is missing, and so it is in reminders."]

    def test_complete_sites_are_not_mentioned(self, data_manager, nurse_a):
        assert not sites_with_gaps(data_manager) and not sites_with_gaps(nurse_a)

    def test_a_change_says_why(self, site_01, data_manager):
        site_01.name_en = "Mine"
        with pytest.raises(ValidationError):
            change_site(by=data_manager, site=site_01, reason=" ")

    def test_nothing_different_leaves_no_event(self, site_01, administrator):
        assert change_site(by=administrator, site=site_01, reason="Looked at it") is False
        assert site_01.events.count() == 1

    @pytest.mark.parametrize("cast", ["nurse_a", "pi_a", "outsider"])
    def test_nobody_else_changes_a_site(self, site_01, request, cast):
        site_01.name_en = "Mine"
        with pytest.raises(PermissionDenied):
            change_site(by=request.getfixturevalue(cast), site=site_01, reason="Because")


@pytest.mark.parametrize("cast", ["nurse_a", "data_manager", "outsider"])
def test_people_and_sites_are_made_by_administrators_only(request, cast, nurse_b):
    by = request.getfixturevalue(cast)
    with pytest.raises(PermissionDenied):
        add_site(by=by, site=Site(code="09"))
    with pytest.raises(PermissionDenied):
        change_user(by=by, user=nurse_b)


def test_every_role_is_in_the_delegation_form(at):
    text = at.get("/admin/accounts/delegation/add/").text
    assert all(f'value="{role.value}"' in text for role in Role)
