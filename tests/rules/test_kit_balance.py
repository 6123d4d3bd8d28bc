"""Where the tablets are: 1,000 random kit histories against a walk of single tablets; returns too large."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dosing.rules.balance import KitBalance, strength_balances
from dosing.rules.kits import KitFacts, KitReturnFacts
from dosing.rules.returns import ReturnExceedsSupply, check_return, return_excesses

T0 = date(2025, 1, 6)
FATES = ("returned", "lost", "kept", "used")


def kit(day, tablets, strength_mg=400, number=0):
    on = T0 + timedelta(days=day)
    return KitFacts(f"{day}-{strength_mg}-{number}", on, "IP", strength_mg, tablets)


def back(of, returned=0, lost=0, kept=0):
    return KitReturnFacts(of.kit_id, of.dispensed_on, returned, lost, kept)


def kits_of(day, strength):
    sizes = st.lists(st.integers(0, 8), max_size=2)
    return sizes.map(lambda found: [kit(day, tablets, strength, n) for n, tablets in enumerate(found)])


@st.composite
def histories(draw):
    """Dispensings in order; of each strength every tablet in hand meets its fate, or nobody counts.

    Gives kits, returns, and where each single tablet ended, by strength.
    """
    kits, returns = [], []
    fates = {100: Counter(), 400: Counter()}
    in_hand = Counter()
    for number in range(draw(st.integers(1, 6))):
        day = {strength: draw(kits_of(number * 30, strength)) for strength in fates}
        if not any(day.values()):
            continue
        for strength, mine in day.items():
            kits += mine
            tablets = in_hand.pop(strength, 0) + sum(one.tablets for one in mine)
            is_counted = draw(st.booleans())
            met = Counter(draw(st.lists(st.sampled_from(FATES), min_size=tablets, max_size=tablets)))
            if mine and is_counted:
                returns += [back(mine[0], met["returned"], met["lost"], met["kept"]), *map(back, mine[1:])]
                in_hand[strength] = met.pop("kept", 0)
            else:
                met = Counter(not_counted=tablets) if mine else Counter(used=tablets)
            fates[strength].update(met)
    for strength, kept in in_hand.items():
        fates[strength]["kept"] += kept
    return kits, returns, fates


@settings(max_examples=1000, deadline=None)
@given(histories())
def test_the_balance_adds_up_and_says_where_every_tablet_is(history):
    kits, returns, fates = history
    assert return_excesses(kits, returns) == ()
    for found in strength_balances(kits, returns):
        walked = fates[found.strength_mg]
        assert found.difference == 0
        assert (found.returned, found.lost, found.used) == (
            walked["returned"],
            walked["lost"],
            walked["used"],
        )
        assert (found.not_counted, found.kept) == (walked["not_counted"], walked["kept"])


@settings(max_examples=200, deadline=None)
@given(histories(), st.integers(1, 50))
def test_one_tablet_too_many_is_refused(history, surplus):
    """Of the last dispensing of a strength, whatever was in hand: more than that cannot come back."""
    kits, returns, _fates = history
    for found in strength_balances(kits, returns):
        last = max(
            (one for one in kits if one.strength_mg == found.strength_mg), key=lambda k: k.dispensed_on
        )
        with pytest.raises(ReturnExceedsSupply):
            check_return(kits, returns, back(last, returned=found.dispensed + surplus))


def test_a_kit_says_what_is_gone_of_it():
    one = kit(0, 100)
    assert KitBalance(one, back(one, 9, 1, 2)).tablets_gone == 88
    assert KitBalance(one, None).tablets_gone is None


def test_pill8_kept_tablets_go_into_the_next_dispensing():
    first, second = kit(0, 100), kit(91, 90)
    (found,) = strength_balances([first, second], [back(first, kept=9), back(second, returned=10)])
    assert (found.dispensed, found.returned, found.used, found.kept) == (190, 10, 180, 0)


def test_a_dispensing_that_nobody_counted_is_not_used():
    (found,) = strength_balances([kit(0, 100)], [])
    assert (found.used, found.not_counted, found.difference) == (0, 100, 0)
