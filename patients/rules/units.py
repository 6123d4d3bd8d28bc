"""Laboratory values of screening in the unit their criterion is written in.

Every pair of units differs by a power of ten, so nothing is rounded. A value with an upper limit of its own is
compared to that limit, in whatever unit both are.
"""

from decimal import Decimal

# (value, unit it was written in) → the power of ten that leads to the unit of the criterion
_POWERS = {("anc", "/mm³"): -3, ("platelets", "/mm³"): -3, ("haemoglobin", "g/L"): -1}
CRITERION_UNITS = {"anc": "10⁹/L", "platelets": "10⁹/L", "haemoglobin": "g/dL"}


def in_criterion_unit(name: str, value: Decimal | None, unit: str) -> Decimal | None:
    """1500 /mm³ of `anc` is 1.500 (10⁹/L); a value in the criterion's own unit stays as it is."""
    power = _POWERS.get((name, unit), 0)
    if value is None or not power:
        return value
    sign, digits, exponent = value.as_tuple()
    return Decimal((sign, digits, int(exponent) + power))  # exact, whatever the precision of the context
