"""Columns of days of which only the month or the year may be known: the first possible day and its precision."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, TruncMonth, TruncYear
from django.db.models.lookups import Exact
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from protocol.codes import DatePrecision, choices
from protocol.partial_days import first_possible

ONLY_FIRST = _("Of a month or year without a day, the first day is kept.")


def precision_field(label: str | Promise) -> models.CharField:
    return models.CharField(
        label,
        max_length=5,
        choices=choices(DatePrecision),
        default=DatePrecision.DAY.value,
        db_default=DatePrecision.DAY.value,
    )


def precision_fits(day: str, precision: str) -> models.CheckConstraint:
    """A month is kept as its first day, a year as its first of January."""
    typed = Cast(day, models.DateField())  # Django tries the constraint with a value that may be NULL
    return models.CheckConstraint(
        name=f"ae_{day}_fits_its_precision",
        condition=Q(**{precision: "DAY"})
        | Q(Exact(F(day), TruncMonth(typed)), **{precision: "MONTH"})
        | Q(Exact(F(day), TruncYear(typed)), **{precision: "YEAR"}),
        violation_error_message=ONLY_FIRST,
    )


def refuse_other_days(record: models.Model, day: str, precision: str) -> None:
    """The same in words, before anything is asked of the partial day."""
    on, known = getattr(record, day), DatePrecision(getattr(record, precision))
    if (on is None and known is not DatePrecision.DAY) or (on and first_possible(on, known) != on):
        raise ValidationError({day: ONLY_FIRST})
