"""Patients are brought onto a newer version of the protocol: looked at first, then done exactly so, or not at all."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.access import require
from accounts.models import Site, User
from accounts.permissions import Permission
from accounts.services import set_protocol_version
from audit import recording
from audit.context import one_act
from audit.reasons import reason_of
from patients.models import Amendment, Patient
from patients.signals import announce
from protocol import load_protocol
from visits.models import Visit
from visits.rules.amendment import ChangeKind, VisitChange
from visits.selectors.amendment import LeftOut, amendable, amended, changes_of
from visits.services.projection import PATIENTS_A_BATCH, project_visits

T = TypeVar("T")
AMENDED = gettext_noop("Protocol amended")
_VERSIONS = ("protocol_version", "earlier_versions", "amended_on")
_BOOKING = ("booked_on", "booked_time", "booked_at", "did_not_come", "revision")


@dataclass(frozen=True, slots=True)
class PatientAmendment:
    """One patient, still as they are, and what changes."""

    patient: Patient
    changes: tuple[VisitChange, ...]

    @property
    def counts(self) -> dict[str, int]:
        kinds = [change.kind for change in self.changes]
        return {kind.value: kinds.count(kind) for kind in ChangeKind if kind in kinds}


@dataclass(frozen=True, slots=True)
class AmendmentPreview:
    """What applying would do. `mark` stands for all of it: another mark, and something has changed since."""

    site: Site
    version: str
    effective_on: date
    patients: tuple[PatientAmendment, ...]
    left_out: tuple[tuple[Patient, LeftOut], ...]
    moves_site: bool

    @property
    def is_empty(self) -> bool:
        return not self.patients and not self.moves_site

    @property
    def mark(self) -> str:
        said = [(one.patient.pk, one.patient.protocol_version, one.changes) for one in self.patients]
        left = [(patient.pk, why.value) for patient, why in self.left_out]
        everything = (self.site.pk, self.version, self.effective_on, said, left, self.moves_site)
        return hashlib.sha256(repr(everything).encode()).hexdigest()


class PreviewChanged(Exception):
    """Something has changed since the preview was shown; `preview` is how it stands now."""

    def __init__(self, preview: AmendmentPreview) -> None:
        super().__init__(_("Something has changed since this preview was made: look at the new one."))
        self.preview = preview


def preview_amendment(
    *, by: User, site: Site, version: str, effective_on: date, on: date, patient: Patient | None = None
) -> AmendmentPreview:
    """What bringing a site (or one patient of it) onto a version would do; nothing is written.

    ValidationError, in words, for a version or a day that cannot be.
    """
    require(by, Permission.AMEND_PROTOCOL, site)
    check_amendment(site, version, effective_on, on=on, patient=patient)
    return _preview(site, version, effective_on, on, patient)


@transaction.atomic
def apply_amendment(
    *,
    by: User,
    site: Site,
    version: str,
    effective_on: date,
    reason: str,
    expected: str,
    on: date,
    patient: Patient | None = None,
    mark_of: Callable[[AmendmentPreview], str] = attrgetter("mark"),
    tell: Callable[[int], None] = lambda patients: None,
) -> Amendment | None:
    """Do what the preview with the mark `expected` showed; None where there is nothing (left) to do.

    Raises PreviewChanged, and writes nothing, if it would be something else by now. `mark_of`: where more than the
    visits was shown. `tell` is told how many patients were dealt with: each is looked at once and brought over once.
    """
    require(by, Permission.AMEND_PROTOCOL, site)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the protocol is amended here.")})
    site = Site.objects.select_for_update().get(pk=site.pk)
    list(amendable(site, patient).select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    check_amendment(site, version, effective_on, on=on, patient=patient)
    preview = _preview(site, version, effective_on, on, patient, tell)
    if preview.is_empty:
        return None
    if mark_of(preview) != expected:
        raise PreviewChanged(preview)
    amendment = _write(preview, by, reason.strip(), patient)
    for batch in _batches([one.patient.pk for one in preview.patients]):
        announce(batch, "amendment")
        tell(len(batch))
    return amendment


def check_amendment(
    site: Site, version: str, effective_on: date, *, on: date, patient: Patient | None = None
) -> None:
    """Nobody goes back to an older version, and none holds before it was approved, or from a day to come."""
    current = site.protocol_version if patient is None else patient.protocol_version
    if version != current and LeftOut.of_version(current, version) is not None:
        raise ValidationError(
            _("Version %(version)s does not amend %(current)s: going back is not possible.")
            % {"version": version, "current": current},
            code="version",
        )
    approved_on = load_protocol(version).edition.approved_on
    if not approved_on <= effective_on <= on:
        sentence = _("Give a day from the approval of this version, %(approved)s, until today.")
        raise ValidationError({"effective_on": sentence % {"approved": approved_on.isoformat()}})


def _preview(
    site: Site,
    version: str,
    effective_on: date,
    on: date,
    patient: Patient | None,
    tell: Callable[[int], None] = lambda patients: None,
) -> AmendmentPreview:
    changed: list[PatientAmendment] = []
    left: list[tuple[Patient, LeftOut]] = []
    for batch in _batches(list(amendable(site, patient))):
        for one, outcome in _outcomes(batch, version, effective_on, on):
            if isinstance(outcome, LeftOut):
                left.append((one, outcome))
            else:
                changed.append(PatientAmendment(one, outcome))
        tell(len(batch))
    moves_site = patient is None and site.protocol_version != version
    return AmendmentPreview(site, version, effective_on, tuple(changed), tuple(left), moves_site)


def _batches(everybody: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(everybody), PATIENTS_A_BATCH):
        yield everybody[start : start + PATIENTS_A_BATCH]


def _outcomes(
    patients: Sequence[Patient], version: str, effective_on: date, on: date
) -> Iterator[tuple[Patient, LeftOut | tuple[VisitChange, ...]]]:
    staying = {patient.pk: LeftOut.of(patient, version, effective_on) for patient in patients}
    going = [patient for patient in patients if staying[patient.pk] is None]
    changes = changes_of(going, version, effective_on, on=on)
    for patient in patients:
        yield patient, staying[patient.pk] or changes[patient.pk]


def _write(preview: AmendmentPreview, by: User, reason: str, patient: Patient | None) -> Amendment:
    patients = [amended(one.patient, preview.version, preview.effective_on) for one in preview.patients]
    protocol = load_protocol(preview.version)
    record = Amendment(
        site=preview.site,
        patient=patient,
        version=preview.version,
        approved_on=protocol.edition.approved_on,
        effective_on=preview.effective_on,
        reason=reason,
        changes={str(one.patient.pk): one.counts for one in preview.patients},
        applied_at=timezone.now(),
        applied_by=by,
    )
    record.full_clean()
    with one_act(reason_of(AMENDED, f"{protocol.edition.number}: {reason}")), recording(by=by):
        Patient.objects.bulk_update(patients, _VERSIONS, batch_size=PATIENTS_A_BATCH)
        project_visits(by=by, patient_ids=[one.pk for one in patients])
        _cancel_bookings(preview)
        if preview.moves_site:
            set_protocol_version(by=by, site=preview.site, version=preview.version, reason=reason)
        record.save()
    return record


def _cancel_bookings(preview: AmendmentPreview) -> None:
    """Appointments of visits that the schedule no longer has. The row stays: calendars know it."""
    fallen = {
        (one.patient.pk, change.code)
        for one in preview.patients
        for change in one.changes
        if change.cancels_booking
    }
    rows = Visit.objects.filter(
        patient_id__in={pk for pk, _code in fallen}, visit__in={code for _pk, code in fallen}
    )
    visits = [row for row in rows if (row.patient_id, row.visit) in fallen]
    for visit in visits:
        visit.booked_on = visit.booked_time = visit.booked_at = None
        visit.did_not_come, visit.revision = False, visit.revision + 1
    if visits:
        Visit.objects.bulk_update(visits, _BOOKING, batch_size=PATIENTS_A_BATCH)
