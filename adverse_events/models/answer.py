"""What was said to a graded laboratory result that is no adverse event."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.tracking import clinical
from patients.models import Patient
from patients.validation import refuse_future
from protocol import codes


@clinical
class LabGradeAnswer(models.Model):
    """A graded result that somebody judged not to be clinically significant, and why.

    It speaks of one grade of one test on one day, and of no worse one: a result that is corrected asks again.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="lab_grade_answers")
    test = models.CharField(_("test"), max_length=5, choices=codes.choices(codes.LabTest))
    collected_on = models.DateField(_("collected on"))
    grade = models.PositiveSmallIntegerField(_("grade"))
    comment = models.CharField(_("why it is not clinically significant"), max_length=1000)
    answered_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("answered by"), editable=False
    )
    answered_at = models.DateTimeField(_("answered at"), editable=False)

    class Meta:
        verbose_name = _("answer to a graded result")
        verbose_name_plural = _("answers to graded results")
        ordering = ["patient", "collected_on", "test"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "test", "collected_on", "grade"],
                name="a_lab_grade_is_answered_once",
                violation_error_message=_("This result is answered already."),
            ),
            models.CheckConstraint(name="answered_grade_1_to_4", condition=Q(grade__range=(1, 4))),
            models.CheckConstraint(name="lab_answer_says_something", condition=~Q(comment="")),
        ]

    def clean(self) -> None:
        refuse_future(self, "collected_on")
