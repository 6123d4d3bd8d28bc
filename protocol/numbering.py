"""Visit numbers (VISITNUM): in schedule order, and the same for a visit in every version that has it.

A first version counts in tens; a visit that an amendment adds stands between its neighbours.
"""

from collections.abc import Mapping, Sequence

from protocol.binding import BindingError

STEP = 10


def visit_numbers(codes: Sequence[str], taken: Mapping[str, int]) -> list[int]:
    """A number for each visit, in order; `taken` are those of the version that is amended.

    BindingError for a visit that has changed its place among those kept, and where there is no number left.
    """
    numbers: list[int] = []
    waiting = 0
    for code in codes:
        if code not in taken:
            waiting += 1
            continue
        numbers += _between(numbers[-1] if numbers else 0, taken, waiting, code)
        numbers.append(taken[code])
        waiting = 0
    highest = max(taken.values(), default=0)
    return numbers + [highest + STEP * place for place in range(1, waiting + 1)]


def _between(below: int, taken: Mapping[str, int], count: int, before: str) -> list[int]:
    """`count` numbers evenly between, none of which was ever given to a visit."""
    above, used = taken[before], set(taken.values())
    if above <= below:
        raise BindingError(
            "schedule", f"the visit {before} stands in another place than before: give it a code of its own"
        )
    free = [number for number in range(below + 1, above) if number not in used]
    if len(free) < count:
        raise BindingError("schedule", f"there is no number left for so many visits before {before}")
    return [free[len(free) * place // (count + 1)] for place in range(1, count + 1)]
