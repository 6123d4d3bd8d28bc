"""What the database refuses, said to the person who asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _


@contextmanager
def refusals_as_validation_errors() -> Iterator[None]:
    """Check every constraint before leaving, the deferred ones too, and turn a refusal into a ValidationError.

    What was written inside is taken back then. The message of the database is kept: it is the only one that knows
    what its triggers found. Its detail line, which repeats stored values, is not.
    """
    try:
        with transaction.atomic():
            yield
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        found = getattr(getattr(error.__cause__, "diag", None), "message_primary", "") or ""
        raise ValidationError(_("The database refuses this: %(why)s") % {"why": found}) from error
