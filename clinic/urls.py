from django.urls import URLPattern, path

from clinic.views import (
    adherence,
    adverse_events,
    amendments,
    booking,
    calendar,
    chart,
    consents,
    contacts,
    doses,
    drafts,
    ends,
    enrolment,
    event_acts,
    lab_proposals,
    labs,
    pregnancies,
    record,
    reports,
    schedule,
    tablets,
    unrecord,
    worklist,
)

app_name = "clinic"


def _report_pages(kind: str, below: str) -> list[URLPattern]:
    """The same pages about one event and about one pregnancy."""
    here = f"patients/<uuid:uuid>/{below}/"
    return [
        path(f"{here}reports/", reports.ReportsView.as_view(), name=f"{kind}_reports"),
        path(f"{here}reports/new/", reports.WriteReportView.as_view(), name=f"write_{kind}_report"),
        path(
            f"{here}reports/<int:report_no>/pdf/<str:language>/",
            reports.ReportPdfView.as_view(),
            name=f"{kind}_report_pdf",
        ),
        path(f"{here}dispatches/new/", reports.RecordDispatchView.as_view(), name=f"record_{kind}_dispatch"),
    ]


urlpatterns = [
    path("clinic/", worklist.WorklistView.as_view(), name="worklist"),
    path("clinic/worklist/<slug:part>/", worklist.WorklistPartView.as_view(), name="worklist_part"),
    path("patients/<uuid:uuid>/", chart.ChartView.as_view(), name="chart"),
    path(
        "patients/<uuid:uuid>/visits/<str:visit>/record/",
        record.RecordVisitView.as_view(),
        name="record_visit",
    ),
    path("patients/<uuid:uuid>/visits/<str:visit>/labs/", labs.RecordLabsView.as_view(), name="record_labs"),
    path(
        "patients/<uuid:uuid>/visits/<str:visit>/draft/discard/",
        drafts.DiscardDraftView.as_view(),
        name="discard_draft",
    ),
    path(
        "patients/<uuid:uuid>/visits/<str:visit>/unrecord/",
        unrecord.UnrecordVisitView.as_view(),
        name="unrecord_visit",
    ),
    path("patients/<uuid:uuid>/visits/<str:visit>/book/", booking.BookVisitView.as_view(), name="book_visit"),
    path("patients/<uuid:uuid>/doses/", doses.DosingView.as_view(), name="dosing"),
    path(
        "patients/<uuid:uuid>/visits/<str:visit>/contacts/",
        contacts.RecordContactView.as_view(),
        name="record_contact",
    ),
    path("clinic/calendar/", calendar.CalendarView.as_view(), name="calendar"),
    path("patients/<uuid:uuid>/schedule/", schedule.ScheduleView.as_view(), name="schedule"),
    path("patients/<uuid:uuid>/schedule.ics", schedule.ScheduleIcsView.as_view(), name="schedule_ics"),
    path("patients/<uuid:uuid>/doses/new/", doses.OrderDoseView.as_view(), name="order_dose"),
    path(
        "patients/<uuid:uuid>/doses/<int:order>/correct/",
        doses.CorrectOrderView.as_view(),
        name="correct_order",
    ),
    path(
        "patients/<uuid:uuid>/doses/<int:order>/confirm/",
        doses.ConfirmOrderView.as_view(),
        name="confirm_order",
    ),
    path("patients/<uuid:uuid>/accountability/", tablets.AccountabilityView.as_view(), name="accountability"),
    path("clinic/accountability/", tablets.SiteAccountabilityView.as_view(), name="site_accountability"),
    path("patients/<uuid:uuid>/kits/new/", tablets.DispenseKitView.as_view(), name="dispense_kit"),
    path(
        "patients/<uuid:uuid>/kits/<int:kit>/correct/", tablets.CorrectKitView.as_view(), name="correct_kit"
    ),
    path("patients/<uuid:uuid>/kits/<int:kit>/count/", tablets.CountKitView.as_view(), name="count_kit"),
    path("patients/<uuid:uuid>/adherence/", adherence.AdherenceView.as_view(), name="adherence"),
    path(
        "patients/<uuid:uuid>/flags/<str:code>/<str:day>/acknowledge/",
        doses.AcknowledgeFlagView.as_view(),
        name="acknowledge_flag",
    ),
    path("clinic/ctcae/", adverse_events.FindTermsView.as_view(), name="find_terms"),
    path(
        "patients/<uuid:uuid>/adverse-events/new/",
        adverse_events.ReportAdverseEventView.as_view(),
        name="report_adverse_event",
    ),
    path(
        "patients/<uuid:uuid>/adverse-events/<int:ae_no>/",
        event_acts.AdverseEventView.as_view(),
        name="adverse_event",
    ),
    path(
        "patients/<uuid:uuid>/adverse-events/<int:ae_no>/grades/new/",
        event_acts.RecordGradeView.as_view(),
        name="record_grade",
    ),
    path(
        "patients/<uuid:uuid>/adverse-events/<int:ae_no>/grades/<int:step>/",
        event_acts.CorrectGradeView.as_view(),
        name="correct_grade",
    ),
    path(
        "patients/<uuid:uuid>/adverse-events/<int:ae_no>/confirm/",
        event_acts.ConfirmAssessmentView.as_view(),
        name="confirm_assessment",
    ),
    path(
        "patients/<uuid:uuid>/adverse-events/<int:ae_no>/change/",
        adverse_events.ChangeAdverseEventView.as_view(),
        name="change_adverse_event",
    ),
    *_report_pages("event", "adverse-events/<int:ae_no>"),
    *_report_pages("pregnancy", "pregnancies/<int:pregnancy_no>"),
    path(
        "patients/<uuid:uuid>/pregnancies/new/",
        pregnancies.RecordPregnancyView.as_view(),
        name="record_pregnancy",
    ),
    path(
        "patients/<uuid:uuid>/pregnancies/<int:pregnancy_no>/",
        pregnancies.ChangePregnancyView.as_view(),
        name="change_pregnancy",
    ),
    path(
        "patients/<uuid:uuid>/graded-results/<str:test>/",
        lab_proposals.AnswerLabGradeView.as_view(),
        name="answer_lab_grade",
    ),
    path("patients/<uuid:uuid>/outcomes/new/", ends.RecordOutcomeView.as_view(), name="record_outcome"),
    path(
        "patients/<uuid:uuid>/outcomes/<int:outcome>/",
        ends.ChangeOutcomeView.as_view(),
        name="change_outcome",
    ),
    path(
        "patients/<uuid:uuid>/outcomes/<int:outcome>/settle/",
        ends.SettleSuspicionView.as_view(),
        name="settle_suspicion",
    ),
    path("patients/<uuid:uuid>/ends/new/", ends.RecordDispositionView.as_view(), name="record_disposition"),
    path("patients/<uuid:uuid>/enrol/", enrolment.EnrolPatientView.as_view(), name="enrol_patient"),
    path("amendments/", amendments.AmendmentsView.as_view(), name="amendments"),
    path(
        "amendments/applied/<uuid:act>/",
        amendments.AppliedAmendmentView.as_view(),
        name="applied_amendment",
    ),
    path("amendments/under-way/<uuid:run>/", amendments.AmendmentRunView.as_view(), name="amendment_run"),
    path("amendments/<str:version>/", amendments.ProtocolVersionView.as_view(), name="protocol_version"),
    path(
        "amendments/<str:version>/compare/<str:other>/",
        amendments.CompareVersionsView.as_view(),
        name="compare_versions",
    ),
    path("amendments/<str:version>/sites/<int:site>/", amendments.AmendSiteView.as_view(), name="amend_site"),
    path(
        "amendments/<str:version>/patients/<uuid:uuid>/",
        amendments.AmendPatientView.as_view(),
        name="amend_patient",
    ),
    path(
        "patients/<uuid:uuid>/screening/close/",
        enrolment.CloseScreeningView.as_view(),
        name="close_screening",
    ),
    path(
        "patients/<uuid:uuid>/eligibility/<int:record>/",
        enrolment.EligibilityRecordView.as_view(),
        name="eligibility_record",
    ),
    path("patients/<uuid:uuid>/consents/", consents.ConsentsView.as_view(), name="consents"),
    path("patients/<uuid:uuid>/contact/change/", consents.ChangeContactView.as_view(), name="change_contact"),
]
