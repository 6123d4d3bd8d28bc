"""Which versions there are, which amends which, and the protocol of a patient who lived through several."""

from datetime import date

import pytest

from protocol import ProtocolError, load_protocol
from protocol.binding import BindingError
from protocol.numbering import visit_numbers
from protocol.versions import amended_protocol, amends, available_versions, known_visit, lineage, newest
from tests.protocols import FIRST, SECOND, THIRD, amendment_text

CHANGED_ON = date(2024, 6, 1)


def codes(protocol):
    return [visit.code for visit in protocol.schedule]


def test_the_product_ships_the_first_version_alone():
    assert [protocol.version for protocol in available_versions()] == [FIRST]
    edition = load_protocol().edition
    assert (edition.number, edition.follows) == ("1.0", None)


def test_versions_stand_from_the_oldest_to_the_newest(definitions):
    definitions(THIRD, follows=SECOND)
    definitions()
    assert [protocol.version for protocol in available_versions()] == [FIRST, SECOND, THIRD]
    assert lineage(THIRD) == (THIRD, SECOND, FIRST)
    assert newest([SECOND, FIRST]) == SECOND
    assert newest([]) is None


@pytest.mark.parametrize(
    ("version", "earlier", "expected"),
    [(SECOND, FIRST, True), (FIRST, SECOND, False), (FIRST, FIRST, False), (SECOND, SECOND, False)],
)
def test_only_a_later_version_amends(second_version, version, earlier, expected):
    assert amends(version, earlier) is expected


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"follows": "amc2202_v0"}, "edition.follows: there is no definition 'amc2202_v0'"),
        ({"follows": SECOND}, "edition.follows: amc2202_v2 and amc2202_v2 follow each other in a circle"),
        (
            {"approved_on": "2022-09-06"},
            "edition.approved_on: lies before that of amc2202_v1, which it amends",
        ),
    ],
)
def test_a_version_that_amends_nothing_sensible_names_file_and_key(definitions, options, fault):
    with pytest.raises(ProtocolError, match=f"^amc2202_v2.toml: {fault}$"):
        load_protocol(definitions(**options))


def test_two_versions_that_follow_each_other_are_refused(definitions):
    definitions(THIRD, follows=SECOND)
    definitions(SECOND, follows=THIRD)
    with pytest.raises(ProtocolError, match="in a circle"):
        load_protocol(SECOND)


def test_a_visit_that_changes_its_place_needs_a_code_of_its_own(definitions):
    text = amendment_text().replace("at = [14]", "at = [40]")
    with pytest.raises(
        ProtocolError, match=r"amc2202_v2\.toml: schedule: the visit W2 stands in another place"
    ):
        load_protocol(definitions(text=text))


def test_a_visit_keeps_its_number_and_a_new_one_stands_between(second_version):
    first, second = load_protocol(FIRST), load_protocol(second_version)
    assert {v.code: v.number for v in first.schedule}.items() <= {
        v.code: v.number for v in second.schedule
    }.items()
    assert first.visit("W4").number < second.visit("M1").number < first.visit("M2").number


@pytest.mark.parametrize(
    ("wanted", "taken", "numbers"),
    [
        (["A", "B"], {}, [10, 20]),
        (["A", "N", "B"], {"A": 10, "B": 20}, [10, 15, 20]),
        (["N", "A"], {"A": 10}, [5, 10]),
        (["A", "N", "O"], {"A": 10}, [10, 20, 30]),
        (["A", "N"], {"A": 10, "GONE": 20}, [10, 30]),
        (["A", "N", "B"], {"A": 10, "GONE": 20, "B": 30}, [10, 21, 30]),
    ],
)
def test_visit_numbers(wanted, taken, numbers):
    assert visit_numbers(wanted, taken) == numbers


def test_numbers_run_out_with_words():
    with pytest.raises(BindingError, match="no number left for so many visits before B"):
        visit_numbers(["A", "N", "B"], {"A": 10, "B": 11})


def test_a_patient_of_one_version_has_that_version(second_version):
    assert amended_protocol(second_version) is load_protocol(second_version)


def test_what_an_amendment_adds_and_drops_carries_its_day(definitions):
    version = definitions(drop="M57")
    protocol = amended_protocol(version, ((FIRST, CHANGED_ON),))
    assert protocol.version == version
    assert protocol.visit("M1").added_on == CHANGED_ON
    assert protocol.visit("M57").dropped_on == CHANGED_ON
    assert (protocol.visit("M6").added_on, protocol.visit("M6").before_days) == (None, 21)
    assert codes(protocol) == [v.code for v in sorted(protocol.schedule, key=lambda visit: visit.number)]


def test_a_second_amendment_keeps_the_days_of_the_first(definitions):
    definitions(drop="M57")
    definitions(THIRD, follows=SECOND, drop="M54")
    later = date(2025, 6, 1)
    protocol = amended_protocol(THIRD, ((FIRST, CHANGED_ON), (SECOND, later)))
    assert protocol.visit("M1").added_on == CHANGED_ON
    assert protocol.visit("M57").added_on == later  # dropped by the second version, and back in the third
    assert protocol.visit("M54").dropped_on == later


def test_a_visit_that_two_amendments_left_out_keeps_its_day(definitions):
    definitions(drop="M57")
    definitions(THIRD, follows=SECOND, drop="M57")
    protocol = amended_protocol(THIRD, ((FIRST, CHANGED_ON), (SECOND, date(2025, 6, 1))))
    assert protocol.visit("M57").dropped_on == CHANGED_ON


def test_a_visit_of_another_version_has_a_name(second_version):
    assert known_visit(load_protocol(FIRST), "M1").name_en == "Month 1"
    with pytest.raises(KeyError):
        known_visit(load_protocol(FIRST), "M7")
