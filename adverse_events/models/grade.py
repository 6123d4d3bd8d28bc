"""The grades an adverse event had, one after the other."""

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as sentence
from django.utils.translation import gettext_lazy as _

from adverse_events.models.days import precision_field, precision_fits, refuse_other_days
from adverse_events.models.event import AdverseEvent
from adverse_events.rules.ctcae import ImpossibleGrade, check_grade
from adverse_events.rules.history import GradeStep
from adverse_events.triggers import worst_is_of_history
from audit.tracking import clinical
from patients.validation import refuse_future, refused
from protocol.codes import DatePrecision
from protocol.partial_days import PartialDay


@clinical
class EventGrade(models.Model):
    """A grade from a day until the next of its event, or until the event ends."""

    adverse_event = models.ForeignKey(
        AdverseEvent, models.PROTECT, related_name="grades", verbose_name=_("adverse event")
    )
    grade = models.PositiveSmallIntegerField(_("grade"))
    from_on = models.DateField(_("from"))
    from_precision = precision_field(_("known of the first day"))

    class Meta:
        verbose_name = _("grade of an adverse event")
        verbose_name_plural = _("grades of adverse events")
        ordering = ["adverse_event", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["adverse_event", "from_on"],
                name="one_grade_of_an_event_from_a_day",
                violation_error_message=_("A grade from this day is recorded already: correct that one."),
            ),
            models.CheckConstraint(name="event_grade_1_to_5", condition=Q(grade__range=(1, 5))),
            precision_fits("from_on", "from_precision"),
        ]
        triggers = [
            worst_is_of_history(
                "COALESCE(NEW.adverse_event_id, OLD.adverse_event_id)",
                pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def clean(self) -> None:
        if self.adverse_event_id is None or self.grade is None or self.from_on is None:
            return
        refuse_future(self, "from_on")
        refuse_other_days(self, "from_on", "from_precision")
        try:
            check_grade(self.adverse_event.term, self.grade, self.adverse_event.dictionary_version)
        except ImpossibleGrade as refusal:
            raise refused(refusal, "grade") from refusal
        self._check_within()

    def _check_within(self) -> None:
        if self.since.is_before(self.adverse_event.start):
            raise ValidationError({"from_on": sentence("This is before the event began.")})
        if self.adverse_event.end is not None and self.adverse_event.end.is_before(self.since):
            raise ValidationError({"from_on": sentence("This is after the event ended.")})

    @property
    def since(self) -> PartialDay:
        return PartialDay(self.from_on, DatePrecision(self.from_precision))

    @property
    def step(self) -> GradeStep:
        return GradeStep(self.grade, self.since)
