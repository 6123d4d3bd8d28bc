"""People, sites, and who may act where, from when until when."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Role
from audit.tracking import clinical
from protocol import load_protocol
from protocol.definition import Protocol

SYSTEM_USERNAME = "system"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]


class UserManager(DjangoUserManager["User"]):
    def system(self) -> "User":
        """The product itself as an actor (sweeps, re-projection, imports by hand in the demo). It cannot sign in."""
        return self.get(username=SYSTEM_USERNAME)


class User(AbstractUser):
    """Somebody who signs in; what they may do comes from their delegations alone."""

    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="ko")
    is_service = models.BooleanField(_("the product itself"), default=False, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                name="a_service_never_signs_in",
                condition=Q(is_service=False) | Q(password__startswith="!"),  # noqa: S106
            ),
        ]


@clinical
class Site(models.Model):
    """A hospital; what is said of it here is what patients read in their mails."""

    code = models.CharField(
        _("code"),
        max_length=1000,
        unique=True,
        error_messages={"unique": _("There is a site with this code already.")},
    )
    name_ko = models.CharField(_("name (Korean)"), max_length=200, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    place_ko = models.CharField(_("place (Korean)"), max_length=300, blank=True)
    place_en = models.CharField(_("place (English)"), max_length=300, blank=True)
    phone_ko = models.CharField(_("phone (Korean)"), max_length=50, blank=True)
    phone_en = models.CharField(_("phone (English)"), max_length=50, blank=True)
    bring_ko = models.CharField(_("what to bring (Korean)"), max_length=300, blank=True, db_default="")
    bring_en = models.CharField(_("what to bring (English)"), max_length=300, blank=True, db_default="")
    protocol_version = models.CharField(
        _("protocol version of new patients"), max_length=50, default="amc2202_v1", editable=False
    )

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["code"]
        constraints = [models.CheckConstraint(name="site_code_not_blank", condition=~Q(code=""))]

    def __str__(self) -> str:
        return self.name_in(get_language() or "ko")

    @property
    def protocol(self) -> Protocol:
        """What patients who are screened here now come under."""
        return load_protocol(self.protocol_version)

    def name_in(self, language: str) -> str:
        """The clinic's display name; one that nobody has named yet is "Clinic <code>"."""
        name = self.name_en if language == "en" else self.name_ko
        return name or self.name_ko or self.name_en or f"Clinic {self.code}"

    def place_in(self, language: str) -> str:
        return self.place_en if language == "en" else self.place_ko

    def phone_in(self, language: str) -> str:
        return self.phone_en if language == "en" else self.phone_ko

    def bring_in(self, language: str) -> str:
        """What patients bring to a visit: read by them, so nothing of study, drug or diagnosis."""
        return self.bring_en if language == "en" else self.bring_ko


@clinical
class Delegation(models.Model):
    """The delegation log: a role at a site, from a day until a day (both inside; open while `until_on` is blank)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="delegations", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    site = models.ForeignKey(Site, models.PROTECT, related_name="delegations", verbose_name=_("site"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    delegated_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("delegated by"))

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["site", "user", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "site", "from_on"],
                name="one_delegation_a_day",
                violation_error_message=_(
                    "This delegation from that day is there already: correct that one."
                ),
            ),
            models.CheckConstraint(
                name="delegation_ends_after_start",
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
            ),
        ]
