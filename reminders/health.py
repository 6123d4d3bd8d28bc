"""For machines that watch: alive, and ready. Without login, and without a word about anybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reminders import readiness


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The web process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when all parts work, 503 otherwise with those that do not under `failing`."""
    parts = readiness.parts()
    ready = readiness.is_ready(parts)
    body = {
        "status": "ready" if ready else "not ready",
        "failing": sorted(name for name, state in parts.items() if state == readiness.FAILING),
        "parts": parts,
    }
    return JsonResponse(body, status=200 if ready else 503)
