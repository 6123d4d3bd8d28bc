"""Pages as PDF: drawn by WeasyPrint from our own HTML and styles, the same bytes for the same page.

Nothing is fetched: a page names static files of the product as they lie in static/ ("css/print.css", no hashed name
of a deployment), and fonts are those of the system.
"""

import hashlib
import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

PRODUCT = "https://static.invalid"  # a host nobody can reach: addresses in a page are names of static files


class CannotPrint(Exception):
    """What is missing on this machine, in words for whoever runs it."""


def pdf_of(html: str, *, title: str) -> bytes:
    """A whole HTML document as PDF 1.7; raises CannotPrint where the system lacks what WeasyPrint draws with, and
    ValueError for a page that asks for anything but a static file of the product.

    The file names no moment but those in `html`, and its identifier is the hash of `html`.
    """
    weasyprint = _weasyprint()
    identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
    page = {"string": html, "base_url": f"{PRODUCT}/", "url_fetcher": _own_files(weasyprint)}
    try:
        document = weasyprint.HTML(**page).render()
        document.metadata.title = title
        document.metadata.created = document.metadata.modified = None
        pdf: bytes = document.write_pdf(pdf_identifier=identifier)
    except weasyprint.urls.FatalURLFetchingError as error:  # a BaseException: it would end the process
        raise ValueError(f"{error}: no static file of the product") from error
    return pdf


def _weasyprint() -> Any:
    """Loaded when something is printed: it needs Pango, which a machine that only serves pages may lack."""
    try:
        import weasyprint.urls
    except OSError as error:
        raise CannotPrint(
            _(
                "PDF files cannot be made on this server: Pango is missing. Debian, Ubuntu: apt-get install "
                "libpango-1.0-0 libpangoft2-1.0-0 fonts-noto-cjk. Nothing is lost: print again afterwards."
            )
        ) from error
    return weasyprint


def _own_files(weasyprint: Any) -> Any:
    """Hands out static files of the product; any other address ends the printing."""

    class OwnFiles(weasyprint.urls.URLFetcher):  # type: ignore[misc]  # known only once it is loaded
        def fetch(self, url: str, headers: Any = None) -> Any:
            name = unquote(urlsplit(url).path).lstrip("/")
            found = finders.find(name) if url.startswith(f"{PRODUCT}/") else None
            if not isinstance(found, str):
                raise ValueError("foreign address")
            kind = {"Content-Type": mimetypes.guess_type(found)[0] or "application/octet-stream"}
            return weasyprint.urls.URLFetcherResponse(url, Path(found).read_bytes(), kind)

    return OwnFiles(fail_on_errors=True)
