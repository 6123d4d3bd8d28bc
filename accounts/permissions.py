"""The one table of who may do what. Which rows somebody sees is decided by the sites of their delegations."""

from django.db import models
from django.utils.translation import gettext_lazy


class Role(models.TextChoices):
    NURSE = "nurse", gettext_lazy("Site nurse")
    INVESTIGATOR = "investigator", gettext_lazy("Investigator")
    PI = "pi", gettext_lazy("Principal investigator")
    DATA_MANAGER = "data_manager", gettext_lazy("Data manager")
    MONITOR = "monitor", gettext_lazy("Monitor")
    ADMINISTRATOR = "administrator", gettext_lazy("Administrator")


class Permission(models.TextChoices):
    VIEW_PATIENTS = "view_patients", gettext_lazy("See patients, charts and schedules")
    VIEW_WORKLIST = "view_worklist", gettext_lazy("See the worklist")
    VIEW_DASHBOARD = "view_dashboard", gettext_lazy("See the dashboard")
    VIEW_REMINDERS = "view_reminders", gettext_lazy("See the reminder ledger")
    MANAGE_REMINDERS = "manage_reminders", gettext_lazy("Send reminders again, or cancel them")
    ENROL_PATIENT = "enrol_patient", gettext_lazy("Screen and enrol patients")
    RECORD_VISIT = "record_visit", gettext_lazy("Record and book visits")
    ORDER_DOSE = "order_dose", gettext_lazy("Enter dose orders and tablets")
    DECIDE_DOSE = "decide_dose", gettext_lazy("Decide doses and confirm provisional orders")
    ACKNOWLEDGE_FLAG = "acknowledge_flag", gettext_lazy("Acknowledge flagged doses and holds")
    RECORD_ADVERSE_EVENT = "record_adverse_event", gettext_lazy("Enter adverse events")
    CONFIRM_ASSESSMENT = "confirm_assessment", gettext_lazy("Confirm assessments of adverse events")
    WRITE_SAFETY_REPORT = "write_safety_report", gettext_lazy("Write safety reports")
    RECORD_OUTCOME = "record_outcome", gettext_lazy("Enter outcomes and disposition")
    CORRECT_RECORD = "correct_record", gettext_lazy("Correct any record in the admin site")
    AMEND_PROTOCOL = "amend_protocol", gettext_lazy("Bring patients onto a new version of the protocol")
    IMPORT_COHORT = "import_cohort", gettext_lazy("Import a cohort")
    EXPORT_DATA = "export_data", gettext_lazy("Export data")
    MANAGE_SITES = "manage_sites", gettext_lazy("Manage sites, users and delegations")


_CLINIC = {Role.NURSE, Role.INVESTIGATOR, Role.PI}
_READERS = _CLINIC | {Role.DATA_MANAGER, Role.MONITOR}

TABLE: dict[Permission, set[Role]] = {
    Permission.VIEW_PATIENTS: _READERS,
    Permission.VIEW_WORKLIST: _READERS,
    Permission.VIEW_DASHBOARD: _READERS - {Role.NURSE},
    Permission.VIEW_REMINDERS: _READERS,
    Permission.MANAGE_REMINDERS: _CLINIC,
    Permission.ENROL_PATIENT: _CLINIC,
    Permission.RECORD_VISIT: _CLINIC,
    Permission.ORDER_DOSE: _CLINIC,
    Permission.DECIDE_DOSE: {Role.INVESTIGATOR, Role.PI},
    Permission.ACKNOWLEDGE_FLAG: {Role.PI},
    Permission.RECORD_ADVERSE_EVENT: _CLINIC,
    Permission.CONFIRM_ASSESSMENT: {Role.INVESTIGATOR, Role.PI},
    Permission.WRITE_SAFETY_REPORT: {Role.INVESTIGATOR, Role.PI},
    Permission.RECORD_OUTCOME: _CLINIC,
    Permission.CORRECT_RECORD: {Role.DATA_MANAGER},
    Permission.AMEND_PROTOCOL: {Role.PI, Role.DATA_MANAGER},
    Permission.IMPORT_COHORT: {Role.DATA_MANAGER},
    Permission.EXPORT_DATA: {Role.PI, Role.DATA_MANAGER},
    Permission.MANAGE_SITES: {Role.ADMINISTRATOR},
}


def roles_with(permission: Permission) -> set[Role]:
    return TABLE[permission]
