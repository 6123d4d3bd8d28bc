"""How an impossible value is refused in words for the person who typed it."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from protocol.sentences import Refusal

YEARS = range(1900, 2101)
ONE_EACH = {"unique": gettext_lazy("There is such a record already: open it and correct it there.")}


class NeedsConfirmation(ValidationError):
    """Doubtful, not impossible: it is saved once somebody confirms it and says why."""


def refuse_distant(record: Model, *fields: str) -> None:
    """A year of no living patient is a slip of the hand, and months cannot be counted from it."""
    far = [field for field in fields if (day := getattr(record, field)) and day.year not in YEARS]
    if far:
        raise ValidationError({field: _("This day cannot be right.") for field in far})


def refused(refusal: Refusal, field: str | None = None) -> ValidationError:
    """A rule's refusal as the error of a form or of one of its fields."""
    sentence = _(refusal.message) % refusal.values
    return ValidationError({field: sentence} if field else sentence)


def refuse_future(record: Model, *fields: str) -> None:
    """What has happened cannot lie ahead. Validation is a door: it looks at today's date itself."""
    today = timezone.localdate()
    late = {field: day for field in fields if (day := getattr(record, field)) and day > today}
    if late:
        raise ValidationError({field: in_the_future(day) for field, day in late.items()})


def in_the_future(day: date) -> str:
    return _("%(day)s lies in the future.") % {"day": date_format(day)}
