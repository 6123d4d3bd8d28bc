"""The frame of every page: home by role, places in the head, language, sign-in and its refusals."""

import re

import pytest

from accounts.navigation import home_of, places_for
from accounts.permissions import Role

pytestmark = pytest.mark.django_db
ENGLISH, KOREAN = {"accept-language": "en"}, {"accept-language": "ko"}
HOMES = {
    "nurse_a": "/clinic/",
    "pi_a": "/dashboard/",
    "data_manager": "/admin/",
    "administrator": "/admin/",
    "monitor": "/patients/",
    "outsider": "/patients/",
}
PLACES = [
    (
        Role.NURSE,
        ["clinic:worklist", "patients:list", "clinic:calendar", "reminders:ledger", "clinic:amendments"],
    ),
    (
        Role.PI,
        [
            "clinic:worklist",
            "patients:list",
            "clinic:calendar",
            "dashboard:dashboard",
            "reminders:ledger",
            "clinic:amendments",
        ],
    ),
    (Role.ADMINISTRATOR, ["admin:index"]),
]


@pytest.mark.parametrize("name", HOMES)
def test_home_is_the_page_of_the_role(client, request, name):
    client.force_login(request.getfixturevalue(name))
    assert client.get("/").url == HOMES[name]


def test_the_first_role_in_the_day_s_work_decides():
    assert home_of({Role.MONITOR, Role.PI, Role.NURSE}) == "clinic:worklist"


@pytest.mark.parametrize(("role", "places"), PLACES)
def test_head_offers_the_places_of_the_role(role, places):
    assert [place.url_name for place in places_for({role})] == places


def test_nobody_s_head_offers_nothing():
    assert places_for(set()) == []


def test_data_manager_is_offered_every_place():
    assert len(places_for({Role.DATA_MANAGER})) == 6


def test_page_one_is_on_is_marked(client, nurse_a):
    client.force_login(nurse_a)
    html = client.get("/patients/", headers=ENGLISH).content.decode()
    assert re.search(r'href="/patients/"\s+aria-current="page">Patients', html)


def test_a_page_below_two_places_marks_the_nearer_one(client, nurse_a):
    client.force_login(nurse_a)
    html = client.get("/clinic/calendar/", headers=ENGLISH).content.decode()
    assert re.findall(r'aria-current="page">([^<]*)', html) == ["Calendar"]


@pytest.mark.parametrize(("language", "words"), [("ko", "로그인"), ("en", "Sign in")])
def test_language_is_switched_in_place(client, language, words):
    answer = client.post("/accounts/language/", {"language": language, "next": "/accounts/login/"})
    assert answer.url == "/accounts/login/"
    assert words in client.get("/accounts/login/").content.decode()


def test_language_switch_leads_nowhere_else(client):
    answer = client.post("/accounts/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer.url == "/"


def test_language_is_not_switched_by_a_link(client):
    assert client.get("/accounts/language/?language=en").status_code == 405


def test_sign_in_with_wrong_password_keeps_the_name(client, nurse_a):
    answer = client.post("/accounts/login/", {"login": "nurse_a", "password": "wrong"}, headers=ENGLISH)
    html = answer.content.decode()
    assert re.search(r"<title>Error:\s+Sign in", html)
    assert "There is a problem" in html
    assert 'value="nurse_a"' in html


def test_sign_in_leads_home_without_a_word(client, nurse_a):
    answer = client.post("/accounts/login/", {"login": "nurse_a", "password": "a long test password"})
    assert answer.url == "/"
    assert "notice" not in client.get("/patients/").content.decode()


def test_five_wrong_passwords_lock_with_a_page(client, nurse_a):
    for _ in range(5):
        answer = client.post("/accounts/login/", {"login": "nurse_a", "password": "wrong"}, headers=ENGLISH)
    assert answer.status_code == 429
    assert "Signing in is locked" in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/logout/",
        "/accounts/password/change/",
        "/accounts/reauthenticate/",
        "/accounts/2fa/",
    ],
)
def test_account_pages_wear_the_frame(client, nurse_a, path):
    client.force_login(nurse_a)
    html = client.get(path, headers=ENGLISH, follow=True).content.decode()
    assert 'class="masthead"' in html
    assert html.count("<h1") == 1


def test_page_not_found_says_so_in_the_frame(client, nurse_a):
    client.force_login(nurse_a)
    answer = client.get("/patients/00000000-0000-0000-0000-000000000000/", headers=ENGLISH)
    assert answer.status_code == 404
    assert "belongs to a site that is not yours" in answer.content.decode()


def test_refusal_names_what_is_missing(client, administrator):
    client.force_login(administrator)
    answer = client.get("/patients/", headers=ENGLISH)
    assert answer.status_code == 403
    assert "Your role does not allow this: See patients" in answer.content.decode()


def test_pages_say_which_language_they_speak(client):
    assert '<html lang="ko">' in client.get("/accounts/login/", headers=KOREAN).content.decode()
