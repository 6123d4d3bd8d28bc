"""Settings: what runs where comes from the environment (gisttrial/environment.py), the rest is decided here."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pghistory
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from gisttrial import environment

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = environment.read(BASE_DIR)

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
DEMO = ENVIRONMENT.demo
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENVIRONMENT.csrf_trusted_origins
DATA_DIR = ENVIRONMENT.data_dir
BASE_URL = ENVIRONMENT.base_url
REQUIRE_MFA = ENVIRONMENT.require_mfa
SEND_HOURS = ENVIRONMENT.send_hours
MAILS_PER_MINUTE = ENVIRONMENT.mails_per_minute

INSTALLED_APPS = [
    # Bottom up: what changes below is received in this order (the schedule, queries, summary and agenda, reminders).
    "accounts",
    "audit",
    "patients",
    "visits",
    "adverse_events",
    "dosing",
    "review",
    "courses",
    "agenda",
    "reminders",
    "clinic",
    "dashboard",
    "exchange",
    "gisttrial",
    "accounts.admin_config.StudyAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",  # the list of security keys says how long ago each was used
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "pghistory",
    "pgtrigger",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_filters",
    "django_tables2",
    "import_export",
    "django_linear_migrations",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sessions.SessionEndMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "gisttrial.not_found.NotFoundPageMiddleware",
]

ROOT_URLCONF = "gisttrial.urls"
WSGI_APPLICATION = "gisttrial.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.navigation",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": ENVIRONMENT.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- who may come in ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapters.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # one lock-out only, and that is axes
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS: list[str] = []

SESSION_IDLE, SESSION_WARNING = (
    timedelta(minutes=15),
    timedelta(minutes=2),
)  # the warning comes that long before
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
AMENDED_AT_ONCE = (
    100  # patients of a site brought onto a new version while the page waits; more go to the worker
)
DRAFTS_LAST = timedelta(days=14)  # what somebody typed and never saved
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = not DEBUG
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 0 if DEBUG else int(timedelta(days=365).total_seconds())
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# -- language, time, numbers -------------------------------------------------------------------------
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Seoul"
CLINIC_ZONE = ZoneInfo(TIME_ZONE)
FORMAT_MODULE_PATH = ["gisttrial.formats"]

# -- static files, forms, tables ---------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "components/table.html"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# -- the audit trail: one event per changed row, its actor and reason inside it -----------------------
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField(null=True)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="events", related_query_name="event")
PGHISTORY_APPEND_ONLY = True
PGHISTORY_LEVEL = pghistory.Statement  # one insert into the trail per statement, also for COPY

# -- mail, broker, schedule --------------------------------------------------------------------------
vars().update(ENVIRONMENT.email)
# How long a worker may hold a reminder: longer than one conversation with a mail server that waits before each line.
REMINDER_CLAIM_SECONDS = 120
REDIS_URL = ENVIRONMENT.redis_url
# The figures of a past day: so many patients are looked at while a person waits, more by a worker.
PAST_PATIENTS_IN_A_REQUEST = 500

CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "sweep-reminders": {"task": "reminders.tasks.sweep", "schedule": timedelta(seconds=60)},
    "plan-reminders": {"task": "reminders.tasks.plan", "schedule": timedelta(minutes=15)},
    "beat-heartbeat": {"task": "reminders.tasks.beat_heartbeat", "schedule": timedelta(seconds=20)},
    "sweep-drafts": {"task": "clinic.tasks.sweep_drafts", "schedule": timedelta(hours=6)},
    "bring-in-amendments": {
        "task": "clinic.tasks.bring_in_amendments_asked_for",
        "schedule": timedelta(seconds=10),
    },
    "rebuild-agendas": {"task": "agenda.tasks.rebuild_stale_agendas", "schedule": timedelta(minutes=10)},
    "make-reports": {"task": "dashboard.tasks.make_waiting_reports", "schedule": timedelta(seconds=60)},
    "rebuild-summaries": {"task": "courses.tasks.rebuild_stale_summaries", "schedule": timedelta(minutes=10)},
    "build-past-sums": {"task": "courses.tasks.build_past_tallies", "schedule": timedelta(minutes=5)},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"faults": {"()": "gisttrial.not_found.TracebackOfFaultsOnly"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["faults"]}},
    "loggers": {
        name: {"level": level}
        for name, level in (("axes", "WARNING"), ("weasyprint", "ERROR"), ("fontTools", "ERROR"))
    },
    "root": {"handlers": ["console"], "level": "INFO"},
}
