"""`manage.py create_user`: for scripts, with the password from standard input."""

import io
import sys

import pytest
from django.core.management import CommandError, call_command

from accounts.access import may
from accounts.models import Delegation, Site, User
from accounts.permissions import Permission

pytestmark = pytest.mark.django_db
PASSWORD = "a long new password"


@pytest.fixture
def create(monkeypatch, system):
    def run(*arguments, password=PASSWORD):
        monkeypatch.setattr(sys, "stdin", io.StringIO(password + "\n"))
        out = io.StringIO()
        call_command("create_user", *arguments, stdout=out)
        return out.getvalue()

    return run


def test_an_account_has_its_role_at_every_site_named(create, site_01):
    said = create("kim", "--role", "nurse", "--site", "01", "--site", "02")
    user = User.objects.get(username="kim")
    assert user.check_password(PASSWORD)
    assert [d.site.code for d in user.delegations.order_by("site__code")] == ["01", "02"]
    assert all(may(user, Permission.RECORD_VISIT, site) for site in Site.objects.all())
    assert said == "kim: nurse at 01, 02\n"


def test_the_trail_names_who_made_the_delegation(create):
    create("kim", "--role", "pi", "--site", "01")
    assert Delegation.objects.get().events.get().pgh_context["actor"] == "system"


def test_a_site_named_twice_is_one(create):
    create("kim", "--role", "pi", "--site", "01", "--site", "01")
    assert Delegation.objects.count() == 1


@pytest.mark.parametrize("role", ["nurse", "investigator", "pi", "data_manager", "monitor", "administrator"])
def test_every_role_is_known_by_its_name(create, role):
    create("kim", "--role", role, "--site", "01")
    assert User.objects.get(username="kim").delegations.get().role == role


@pytest.mark.parametrize(
    ("arguments", "password"),
    [
        (("kim", "--role", "nurse", "--site", "01"), "short"),
        (("kim", "--role", "nurse", "--site", "01"), ""),
        (("not a name", "--role", "nurse", "--site", "01"), PASSWORD),
        (("system", "--role", "nurse", "--site", "01"), PASSWORD),
        (("kim", "--role", "doctor", "--site", "01"), PASSWORD),
        (("kim", "--role", "nurse"), PASSWORD),
        (("kim", "--role", "nurse", "--site", ""), PASSWORD),
        (("kim", "--role", "nurse", "--site", "01", "--by", "nobody"), PASSWORD),
        (("kim", "--role", "nurse", "--site", "01", "--by", "nurse_a"), PASSWORD),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(create, nurse_a, arguments, password):
    with pytest.raises(CommandError):
        create(*arguments, password=password)
    assert not User.objects.filter(username="kim").exists()


def test_an_administrator_makes_accounts_at_their_own_sites(create, administrator, site_02):
    create("kim", "--role", "nurse", "--site", "01", "--by", "administrator")
    with pytest.raises(CommandError):
        create("lee", "--role", "nurse", "--site", "02", "--by", "administrator")
