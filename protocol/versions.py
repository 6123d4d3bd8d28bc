"""The versions of the protocol: which there are, which amends which, and what holds for who lived through several."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache

from protocol import loader
from protocol.definition import Protocol, ScheduledVisit


def available_versions() -> tuple[Protocol, ...]:
    """Every definition there is, the oldest first; ProtocolError names file and key of one that cannot be used."""
    names = (path.stem for path in loader.DEFINITIONS.glob("*.toml"))
    return tuple(sorted(map(loader.load_protocol, names), key=_age))


def lineage(version: str) -> tuple[str, ...]:
    """The version itself, the one it amends, and so on back to the first."""
    follows = loader.load_protocol(version).edition.follows
    return (version, *(lineage(follows) if follows else ()))


def amends(version: str, earlier: str) -> bool:
    """Does `version` come after `earlier`, directly or over others between?"""
    return version != earlier and earlier in lineage(version)


def newest(versions: Iterable[str]) -> str | None:
    """Of some versions the one that amends the most others."""
    return max(versions, key=lambda version: _age(loader.load_protocol(version)), default=None)


def known_visit(protocol: Protocol, code: str) -> ScheduledVisit:
    """The visit of that code, if not of this protocol then of the newest version that has it; else KeyError."""
    for candidate in (protocol, *reversed(available_versions())):
        if any(visit.code == code for visit in candidate.schedule):
            return candidate.visit(code)
    raise KeyError(code)


def _age(protocol: Protocol) -> tuple[int, date, str]:
    return len(lineage(protocol.version)), protocol.edition.approved_on, protocol.version


@lru_cache(maxsize=1024)
def amended_protocol(version: str, earlier: tuple[tuple[str, date], ...] = ()) -> Protocol:
    """The protocol of a patient who is on `version` and was on others before.

    `earlier` names them in order, each with the day from which the next one held. What the versions do not share of
    the schedule carries that day, so that time already lived through is never judged by visits nobody could know of.
    """
    if not earlier:
        return loader.load_protocol(version)
    *before, (previous, changed_on) = earlier
    return _merged(amended_protocol(previous, tuple(before)), loader.load_protocol(version), changed_on)


def _merged(before: Protocol, after: Protocol, changed_on: date) -> Protocol:
    old = {visit.code: visit for visit in before.schedule}
    kept = {visit.code for visit in after.schedule}
    visits = [_continued(visit, old.get(visit.code), changed_on) for visit in after.schedule]
    for visit in before.schedule:
        if visit.code not in kept:
            visits.append(visit if visit.dropped_on else replace(visit, dropped_on=changed_on))
    return replace(
        after,
        schedule=tuple(sorted(visits, key=lambda visit: visit.number)),
        eligibility_before=(*before.eligibility_before, (changed_on, before.eligibility)),
    )


def _continued(visit: ScheduledVisit, earlier: ScheduledVisit | None, changed_on: date) -> ScheduledVisit:
    """A visit of the new version: added on that day, or what it was before with its new window."""
    if earlier is None or earlier.dropped_on is not None:
        return replace(visit, added_on=changed_on)
    return replace(visit, added_on=earlier.added_on)
