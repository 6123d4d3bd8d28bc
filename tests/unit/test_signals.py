"""One act, one announcement."""

import pytest

from patients.signals import announce, announcing_once

pytestmark = pytest.mark.django_db


def test_an_announcement_is_heard_at_once(heard):
    announce([1], "dose order")
    assert heard == [("dose order", [1])]


def test_several_announcements_inside_become_one(heard):
    with announcing_once("consultation"):
        announce([1], "visit")
        announce([1, 2], "return")
        assert heard == []
    assert heard == [("consultation", [1, 2])]


def test_the_outer_act_announces_for_the_inner_one(heard):
    with announcing_once("outer"), announcing_once("inner"):
        announce([1], "visit")
    assert heard == [("outer", [1])]


def test_a_failed_act_announces_nothing(heard):
    with pytest.raises(ValueError, match="no"), announcing_once("consultation"):
        announce([1], "visit")
        raise ValueError("no")
    announce([2], "visit")
    assert heard == [("visit", [2])]
