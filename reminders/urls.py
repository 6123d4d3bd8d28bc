"""The paths of this room, and the two that machines ask."""

from django.urls import include, path

from reminders import health, views

reminders = (
    [
        path("reminders/", views.LedgerView.as_view(), name="ledger"),
        path("reminders/preview/", views.PreviewView.as_view(), name="preview"),
        path("reminders/mine/", views.MailChoiceView.as_view(), name="change_mails"),
        path("reminders/<int:reminder>/", views.ReminderView.as_view(), name="reminder"),
        path("reminders/staff/<int:notice>/", views.NoticeView.as_view(), name="notice"),
        path("r/<uuid:token>/", views.OptOutView.as_view(), name="opt_out"),
    ],
    "reminders",
)

urlpatterns = [
    path("", include(reminders)),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
