"""Who the patient is in the study, and, apart from it, how to reach them."""

import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.models import Site, User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from audit.tracking import clinical
from patients.validation import ONE_EACH, refuse_distant, refuse_future
from protocol import codes
from protocol.definition import Protocol
from protocol.versions import amended_protocol


class PatientQuerySet(models.QuerySet["Patient"]):
    def visible_to(self, user: User, permission: Permission = Permission.VIEW_PATIENTS) -> Self:
        """The patients of the sites where a delegation of `user` carries the permission."""
        if user.is_service:
            return self
        return self.filter(site__in=sites_visible_to(user, permission))


@clinical
class Patient(models.Model):
    """A subject of the trial. No name is kept: people are told apart by `subject_id`, pages by `uuid`.

    `earlier_versions` are those of the protocol the patient was on before, in order, each left on the day at the same
    place of `amended_on`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject_id = models.CharField(
        _("subject id"),
        max_length=1000,
        unique=True,
        error_messages={"unique": _("This subject id is taken already: check it, or choose another one.")},
    )
    site = models.ForeignKey(Site, models.PROTECT, related_name="patients", verbose_name=_("site"))
    sex = models.CharField(_("sex"), max_length=1, choices=codes.choices(codes.Sex), blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    entry_path = models.CharField(_("entry path"), max_length=1, choices=codes.choices(codes.EntryPath))
    first_dose_on = models.DateField(_("first adjuvant dose (T0)"), null=True, blank=True)
    protocol_version = models.CharField(_("protocol version"), max_length=50, default="amc2202_v1")
    earlier_versions = ArrayField(
        models.CharField(max_length=50), verbose_name=_("earlier versions"), default=list, blank=True
    )
    amended_on = ArrayField(models.DateField(), verbose_name=_("amended on"), default=list, blank=True)

    objects: ClassVar = PatientQuerySet.as_manager()

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        ordering = ["subject_id"]
        indexes = [  # a number is searched for by how it begins
            models.Index(OpClass(Upper("subject_id"), name="text_pattern_ops"), name="patient_by_beginning")
        ]
        constraints = [
            models.CheckConstraint(name="subject_id_not_blank", condition=~Q(subject_id="")),
            models.CheckConstraint(name="entry_path_known", condition=Q(entry_path__in=["A", "B"])),
            models.CheckConstraint(
                name="every_earlier_version_was_left_on_a_day",
                condition=Q(earlier_versions__len=F("amended_on__len")),
            ),
        ]

    @property
    def protocol(self) -> Protocol:
        """What holds for this patient: the version they are on, with what they have lived through under others."""
        earlier = tuple(zip(self.earlier_versions, self.amended_on, strict=True))
        return amended_protocol(self.protocol_version, earlier)

    def clean(self) -> None:
        refuse_distant(self, "birth_date", "first_dose_on")


@clinical
class Contact(models.Model):
    """How reminders reach a patient, and whether they agreed to them: the one record of that consent.

    `reminders` is what the site recorded (unknown = never asked: nothing is sent), by `form_version` and since
    `opted_in_on`; `withdrawn_on` is the day it was taken back at the site. `opted_out_at` is the patient's own word
    through the link in a mail; it stands above the site's record until the patient is asked again. `refused_email` is
    the address that a mail server knew nothing of: as long as it is the one that stands here, nothing is sent.
    """

    patient = models.OneToOneField(Patient, models.PROTECT, related_name="contact", error_messages=ONE_EACH)
    email = models.EmailField(_("e-mail"), max_length=1000, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=codes.choices(codes.Language), blank=True
    )
    reminders = models.BooleanField(_("wants reminders by e-mail"), null=True, blank=True)
    opted_in_on = models.DateField(_("agreed on"), null=True, blank=True)
    form_version = models.CharField(_("version of the form"), max_length=50, blank=True, db_default="")
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    opted_out_at = models.DateTimeField(_("opted out at"), null=True, blank=True)
    refused_email = models.EmailField(
        _("refused e-mail"), max_length=1000, blank=True, editable=False, db_default=""
    )
    refused_at = models.DateTimeField(
        _("refused by the mail server at"), null=True, blank=True, editable=False
    )
    opt_out_token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(
                name="who_withdrew_wants_no_reminders",
                condition=Q(withdrawn_on__isnull=True) | Q(reminders=False),
                violation_error_message=_("A withdrawal means that no reminders are wanted."),
            ),
            models.CheckConstraint(
                name="reminders_withdrawn_after_agreed",
                condition=Q(withdrawn_on__isnull=True)
                | Q(opted_in_on__isnull=True)
                | Q(withdrawn_on__gte=F("opted_in_on")),
                violation_error_message=_("The withdrawal lies before the signature."),
            ),
            models.CheckConstraint(
                name="refused_email_with_its_instant",
                condition=Q(refused_email="", refused_at__isnull=True)
                | ~Q(refused_email="") & Q(refused_at__isnull=False),
            ),
        ]

    @property
    def is_refused(self) -> bool:
        """A mail server knew no such address, and nobody has corrected or confirmed it since."""
        return self.email != "" and self.refused_email == self.email

    def clean(self) -> None:
        refuse_future(self, "opted_in_on", "withdrawn_on")
