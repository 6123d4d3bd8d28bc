"""PDF files: the same bytes for the same page, nothing fetched, and words where Pango is missing."""

import builtins
import io

import pypdf
import pytest

from courses.printing import CannotPrint, pdf_of

PAGE = "<html lang='ko'><head>{head}</head><body>중대한 이상반응</body></html>"


def test_korean_is_in_the_file_and_the_title_too():
    reader = pypdf.PdfReader(io.BytesIO(pdf_of(PAGE.format(head=""), title="보고서 1")))
    assert "중대한 이상반응" in reader.pages[0].extract_text()
    assert reader.metadata.title == "보고서 1"


def test_the_same_page_is_the_same_bytes_without_a_moment_of_its_own():
    first, second = (pdf_of(PAGE.format(head=""), title="x") for _ in range(2))
    assert first == second
    assert b"CreationDate" not in first and b"ModDate" not in first


@pytest.mark.parametrize(
    "address", ["https://example.org/a.css", "file:///etc/passwd", "/static/no/such.css"]
)
def test_only_files_of_the_product_are_read(address):
    with pytest.raises(ValueError, match="no static file of the product"):
        pdf_of(PAGE.format(head=f"<link rel='stylesheet' href='{address}'>"), title="x")


def test_without_pango_the_reader_is_told_what_to_install(monkeypatch, settings):
    imported = builtins.__import__

    def without_pango(name, *args, **kwargs):
        if name.startswith("weasyprint"):
            raise OSError("cannot load library 'libpango-1.0-0'")
        return imported(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_pango)
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(CannotPrint, match="libpangoft2"):
        pdf_of("<p>x</p>", title="x")
