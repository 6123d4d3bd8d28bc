"""A return is refused when more tablets are accounted for than were out."""

from datetime import date

import pytest
from course_walk import back, kit

from dosing.rules.returns import ReturnExceedsSupply, check_return, return_excesses

OUT = date(2025, 9, 7)
NEXT = date(2025, 12, 7)
A = kit(OUT, 90, kit_id="A")
B = kit(OUT, 90, kit_id="B")
C = kit(NEXT, 90, kit_id="C")
LOW = kit(OUT, 90, 100, kit_id="L")


@pytest.mark.parametrize(
    ("kits", "recorded", "new"),
    [
        ([A], [], back(A, 90)),
        ([A], [], back(A, 40, 30, 20)),
        ([A, B], [], back(A, 95)),
        ([A, B], [back(A, 95)], back(B, 85)),
        ([A, C], [back(A, 0, kept=9)], back(C, 99)),
        ([A], [back(A, 95)], back(A, 90)),
    ],
)
def test_check_return_accepts_what_was_out(kits, recorded, new):
    check_return(kits, recorded, new)


@pytest.mark.parametrize(
    ("kits", "recorded", "new"),
    [
        ([A], [], back(A, 95)),
        ([A], [], back(A, 91)),
        ([A], [], back(A, 90, 1)),
        ([A], [], back(A, 90, 0, 1)),
        ([A, B], [back(A, 95)], back(B, 86)),
        ([A, LOW], [], back(A, 91)),
        ([A, C], [], back(C, 91)),
        ([A, C], [back(A, 0, kept=9)], back(C, 100)),
        ([A, C], [back(A, 0, kept=9), back(C, 99)], back(A, 0, kept=8)),
    ],
)
def test_check_return_refuses_more_than_was_out(kits, recorded, new):
    with pytest.raises(ReturnExceedsSupply):
        check_return(kits, recorded, new)


def test_pill16_the_refusal_is_a_sentence_with_its_numbers():
    with pytest.raises(ReturnExceedsSupply) as refused:
        check_return([A], [], back(A, 95))
    assert str(refused.value) == (
        "95 tablets of 400 mg came back, were lost or are kept, but only 90 were out."
    )
    assert refused.value.message % refused.value.values == str(refused.value)


def test_return_excesses_names_day_strength_and_kits_of_each():
    found = return_excesses([A, LOW, C], [back(A, 91), back(LOW, 91), back(C, 90)])
    assert [(e.from_on, e.count.strength_mg, e.count.kit_ids) for e in found] == [
        (OUT, 100, ("L",)),
        (OUT, 400, ("A",)),
    ]
