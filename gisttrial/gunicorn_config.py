"""How the web server runs, under the supervisor and in the container alike."""

from typing import Any

from gisttrial.embedded.processes import die_with_parent

wsgi_app = "gisttrial.wsgi:application"
worker_class = "gthread"
workers = 2
threads = 4
preload_app = True  # loaded once, shared by the workers
timeout = 60
graceful_timeout = 10
# Query strings may hold what a person typed: no access log.
accesslog = None
errorlog = "-"
loglevel = "warning"


def post_fork(_server: Any, _worker: Any) -> None:
    """A web process does not outlive a master that was killed."""
    die_with_parent()
