"""Work outside the request. The broker only wakes; what is due stands in the database.

So a message may be lost or arrive twice: tasks take an id, read the row and decide anew.
"""

import os
import warnings
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_process_init

from gisttrial.embedded.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisttrial.settings")

from django.conf import settings

# A message that a lost worker held comes back after this time; no task may run longer.
VISIBILITY_SECONDS = 300
TASK_SECONDS = 240
# A page that wakes the worker must not wait for a broker that is down: the sweep finds the row anyway.
BROKER_SECONDS = 2

app = Celery("gisttrial")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_connection_timeout=BROKER_SECONDS,
    broker_transport_options={
        "visibility_timeout": VISIBILITY_SECONDS,
        "unacked_restore_throttle": 1,
        "socket_timeout": 2 * BROKER_SECONDS,
        "socket_connect_timeout": BROKER_SECONDS,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.2,
        "interval_max": 0.2,
    },
    task_publish_retry_policy={
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.2,
        "interval_max": 0.2,
    },
    task_default_queue="gisttrial",
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_time_limit=TASK_SECONDS,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    accept_content=["json"],
    task_serializer="json",
    result_serializer="json",
    timezone=settings.TIME_ZONE,
    beat_schedule_filename=str(settings.DATA_DIR / "beat-schedule"),
    beat_sync_every=1,  # a killed beat knows what it has already asked for
)
app.autodiscover_tasks()
# In a container root is the usual user, and the danger meant here is pickle, which is not accepted.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")


@worker_process_init.connect
def end_with_the_worker(**_: Any) -> None:
    """A pool process does not outlive a worker that was killed: its message goes to the next worker."""
    die_with_parent()


@beat_init.connect
def say_beat_is_alive(**_: Any) -> None:
    """The first heartbeat at once, not after the first interval."""
    app.send_task("reminders.tasks.beat_heartbeat")
