"""What the pages of amendments read: versions in use, acts, and what a preview means for courses."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet

from accounts.models import Site, User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from clinic.models import AmendmentRun
from courses.rules.changes import CourseChange, course_changes
from courses.rules.summary import course_summary
from courses.selectors import facts_of, with_course
from patients.models import Amendment, Patient
from protocol.definition import Protocol
from protocol.versions import amends, available_versions
from visits.selectors.amendment import amended
from visits.services import AmendmentPreview

PATIENTS_A_BATCH = 250


@dataclass(frozen=True, slots=True)
class SiteVersions:
    """A site, how many of its patients are on each version (in the order of the versions), and what may come next."""

    site: Site
    patients: tuple[tuple[Protocol, int], ...]
    screens_under: Protocol | None
    next_versions: tuple[Protocol, ...]


def versions_of_sites(user: User) -> list[SiteVersions]:
    """The sites a user sees. To a site where they may not amend no next version is offered."""
    sites = sites_visible_to(user).order_by("code")
    allowed = set(sites_visible_to(user, Permission.AMEND_PROTOCOL).values_list("pk", flat=True))
    counts = _patients_by_version(user)
    versions = available_versions()
    return [_site_versions(site, counts, versions, site.pk in allowed) for site in sites]


def _patients_by_version(user: User) -> dict[tuple[int, str], int]:
    rows = Patient.objects.visible_to(user).order_by().values_list("site_id", "protocol_version")
    return {(site_id, version): count for site_id, version, count in rows.annotate(patients=Count("pk"))}


def _site_versions(
    site: Site, counts: Mapping[tuple[int, str], int], versions: Iterable[Protocol], may_amend: bool
) -> SiteVersions:
    here = [(protocol, counts.get((site.pk, protocol.version), 0)) for protocol in versions]
    behind = {site.protocol_version, *(protocol.version for protocol, count in here if count)}
    ahead = [
        protocol
        for protocol, _count in here
        if protocol.version == site.protocol_version or amends(protocol.version, site.protocol_version)
    ]
    waiting = [p for p in ahead if any(amends(p.version, version) for version in behind)]
    return SiteVersions(
        site=site,
        patients=tuple((protocol, count) for protocol, count in here if count),
        screens_under=next((p for p, _count in here if p.version == site.protocol_version), None),
        next_versions=tuple(waiting) if may_amend else (),
    )


def amendments_seen_by(user: User) -> QuerySet[Amendment]:
    """The acts at the sites a user sees, the latest first."""
    rows = Amendment.objects.filter(site__in=sites_visible_to(user))
    return rows.select_related("site", "patient", "applied_by").order_by("-applied_at")


def amendment_by(user: User, act: UUID) -> Amendment | None:
    return amendments_seen_by(user).filter(uuid=act).first()


def patients_of(amendment: Amendment, user: User) -> list[Patient]:
    """Who was amended by it."""
    patients = Patient.objects.visible_to(user).filter(pk__in=[int(pk) for pk in amendment.changes])
    return list(patients.order_by("subject_id"))


def site_seen_by(user: User, pk: int) -> Site | None:
    return sites_visible_to(user).filter(pk=pk).first()


def course_changes_of(preview: AmendmentPreview, *, on: date) -> dict[int, tuple[CourseChange, ...]]:
    """What becomes of the course summary of every patient of a preview, by primary key."""
    return dict(_course_changes(preview, on))


def _course_changes(preview: AmendmentPreview, on: date) -> Iterator[tuple[int, tuple[CourseChange, ...]]]:
    ids = [one.patient.pk for one in preview.patients]
    for start in range(0, len(ids), PATIENTS_A_BATCH):
        for patient in with_course(Patient.objects.filter(pk__in=ids[start : start + PATIENTS_A_BATCH])):
            old = patient.protocol
            new = amended(patient, preview.version, preview.effective_on).protocol
            facts = facts_of(patient)
            summaries = course_summary(facts, old, on), course_summary(facts, new, on)
            yield patient.pk, course_changes(*summaries, (old.adherence, new.adherence))


def mark_of_preview(preview: AmendmentPreview, courses: Mapping[int, tuple[CourseChange, ...]]) -> str:
    """Stands for everything the page shows: visits and courses."""
    return hashlib.sha256(f"{preview.mark} {sorted(courses.items())!r}".encode()).hexdigest()


def mark_of_page(preview: AmendmentPreview, *, on: date) -> str:
    """The same, with the courses looked up."""
    return mark_of_preview(preview, course_changes_of(preview, on=on))


def amendment_run_by(user: User, run: UUID) -> AmendmentRun | None:
    """One at the sites a user sees."""
    rows = AmendmentRun.objects.filter(site__in=sites_visible_to(user)).select_related("site", "amendment")
    return rows.filter(uuid=run).first()


def amendment_under_way(site: Site) -> AmendmentRun | None:
    return AmendmentRun.objects.filter(site=site, state__in=("WAITING", "RUNNING")).first()


def is_for_the_worker(site: Site) -> bool:
    """A page does not wait for so many patients."""
    return site.patients.count() > settings.AMENDED_AT_ONCE
