"""Pages that are not there, and pages that are refused: a page of the product and one line in the log."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.defaults import page_not_found


class NotFoundPageMiddleware:
    """With DEBUG, as in the demo, Django would list every address of the product instead: `?debug` asks for that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_technical = settings.DEBUG and isinstance(response, HttpResponseNotFound)
        return page_not_found(request, Http404()) if is_technical and "debug" not in request.GET else response


class TracebackOfFaultsOnly(logging.Filter):
    """A refusal is not a fault: what is less than an error is logged without its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.ERROR:
            record.exc_info = None
        return True
