"""An amendment of many patients: asked for on a page, brought in by the worker as one act, all of it or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import F, Q
from psycopg.sql import SQL, Identifier

from accounts.access import require
from accounts.models import Site, User
from accounts.permissions import Permission
from clinic.models import AmendmentRun
from clinic.selectors.amendments import mark_of_page
from visits.services import PreviewChanged, apply_amendment

State = AmendmentRun.State
UNDER_WAY = (State.WAITING, State.RUNNING)
# A run that nobody has finished by then was in the hands of a worker that was killed: no task may take that long.
GIVEN_UP = timedelta(minutes=5)
MOST_TRIES = 3


@transaction.atomic
def ask_for_amendment(
    *, by: User, site: Site, version: str, effective_on: date, reason: str, seen: str, on: date, at: datetime
) -> AmendmentRun:
    """Leave it to the worker; what is under way at the site already is what is followed."""
    require(by, Permission.AMEND_PROTOCOL, site)
    site = Site.objects.select_for_update().get(pk=site.pk)
    run = AmendmentRun.objects.filter(site=site, state__in=UNDER_WAY).first()
    if run is not None:
        return run
    asked = {"site": site, "version": version, "effective_on": effective_on, "reason": reason, "seen": seen}
    steps = 2 * site.patients.count()
    return AmendmentRun.objects.create(**asked, on=on, asked_at=at, asked_by=by, steps=steps)


def bring_in_amendments(*, at: datetime) -> int:
    """Carry out what was asked for and nobody has in hand; returns how many runs that were."""
    open_ = Q(state=State.WAITING) | Q(state=State.RUNNING, taken_at__lt=at - GIVEN_UP)
    carried_out = 0
    for pk in AmendmentRun.objects.filter(open_).values_list("pk", flat=True):
        if _take(pk, open_, at):
            _carry_out(AmendmentRun.objects.get(pk=pk))
            carried_out += 1
    return carried_out


def _take(pk: int, open_: Q, at: datetime) -> bool:
    """Only one worker's statement finds it open."""
    mine = AmendmentRun.objects.filter(open_, pk=pk)
    return bool(mine.update(state=State.RUNNING, taken_at=at, done=0, tries=F("tries") + 1))


def _carry_out(run: AmendmentRun) -> None:
    if run.tries > MOST_TRIES:
        _refuse(run, AmendmentRun.Refusal.UNFINISHED)
        return
    try:
        _apply(run)
    except (PreviewChanged, ValidationError):
        _refuse(run, AmendmentRun.Refusal.CHANGED)
    except PermissionDenied:
        _refuse(run, AmendmentRun.Refusal.NOT_ALLOWED)
    except Exception:
        _refuse(run, AmendmentRun.Refusal.UNFINISHED)
        raise


@transaction.atomic
def _apply(run: AmendmentRun) -> None:
    """The end of the run stands in the act's own transaction: neither is there without the other."""
    with _progress(run) as tell:
        amendment = apply_amendment(
            by=run.asked_by,
            site=run.site,
            version=run.version,
            effective_on=run.effective_on,
            reason=run.reason,
            expected=run.seen,
            on=run.on,
            mark_of=lambda preview: mark_of_page(preview, on=run.on),
            tell=tell,
        )
    AmendmentRun.objects.filter(pk=run.pk).update(state=State.DONE, done=run.steps, amendment=amendment)


def _refuse(run: AmendmentRun, why: AmendmentRun.Refusal) -> None:
    AmendmentRun.objects.filter(pk=run.pk).update(state=State.REFUSED, refusal=why)


@contextmanager
def _progress(run: AmendmentRun) -> Iterator[Callable[[int], None]]:
    """Told on a connection of its own: of the act itself nobody sees anything until it is whole."""
    aside = connection.copy()
    table = Identifier(AmendmentRun._meta.db_table)
    advance = SQL("UPDATE {} SET done = least(done + %s, steps) WHERE id = %s").format(table)

    def tell(patients: int) -> None:
        with aside.cursor() as cursor:
            cursor.execute(
                advance,
                [patients, run.pk],
            )

    try:
        yield tell
    finally:
        aside.close()
