"""Tables of records for spreadsheets: what is text there stays text, whatever somebody typed."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
from django.db.models import Model, QuerySet
from import_export.fields import Field
from import_export.formats.base_formats import XLSX
from import_export.resources import ModelResource
from tablib import Dataset

from audit.history import plain_decimal

# What a spreadsheet reads as the start of a formula, also in the full width of Korean keyboards.
_STARTS_FORMULA = re.compile(r"^[=+\-@\t\r\n＝＋－＠]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
ROWS_AT_ONCE = 5000
_NEVER = frozenset({"id", "uuid", "opt_out_token"})


def inert(text: str) -> str:
    """A text that no spreadsheet runs: an apostrophe before what looks like a formula."""
    text = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return f"'{text}" if _STARTS_FORMULA.match(text) else text


def cell(value: Any) -> Any:
    """A stored value as a cell: dates ISO 8601, yes/no as words, lists with semicolons, missing as empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return inert(plain_decimal(value))
    if isinstance(value, list | tuple):
        return inert(";".join(str(entry) for entry in value))
    return value if isinstance(value, int) else inert(str(value))


class RecordResource(ModelResource):
    """Every column of a record but keys that mean nothing outside; row by row, no record is built for it."""

    def rows(self, queryset: QuerySet[Any]) -> Iterator[list[Any]]:
        """The names of the columns, then a line for each record."""
        columns = self.get_export_fields()
        yield [column.column_name for column in columns]
        values = queryset.values_list(*(column.attribute for column in columns))
        for row in values.iterator(chunk_size=ROWS_AT_ONCE):
            yield [cell(value) for value in row]

    def export(self, queryset: QuerySet[Any] | None = None, **options: Any) -> Dataset:
        headers, *rows = self.rows(self.get_queryset() if queryset is None else queryset)
        return Dataset(*rows, headers=headers)


class _Line:
    """A file that hands back what was written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[list[Any]]) -> Iterator[bytes]:
    """Lines of a CSV file as they come, however many; the first one says UTF-8, or Korean would be unreadable."""
    yield codecs.BOM_UTF8
    yield from (line.encode() for line in csv_text(rows))


def csv_text(rows: Iterable[list[Any]]) -> Iterator[str]:
    """The same for a program: no mark in front."""
    writer = csv.writer(_Line())
    return (writer.writerow(row) for row in rows)  # type: ignore[misc]  # what write() gave


class Workbook(XLSX):
    """A workbook written row by row: the usual way holds every cell as an object."""

    def get_title(self) -> str:
        return "xlsx"

    def export_data(self, dataset: Dataset, **options: Any) -> bytes:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        sheet.append(dataset.headers)
        for row in dataset:
            sheet.append(row)
        written = io.BytesIO()
        book.save(written)
        return written.getvalue()


def resource_of(model: type[Model], paths: Mapping[str, str]) -> type[RecordResource]:
    """The resource of a model: columns reached through other records (name → path) first, then its own."""
    own = [
        field.name
        for field in model._meta.concrete_fields
        if not field.is_relation and field.name not in _NEVER
    ]
    columns = {**paths, **{name: name for name in own if name not in paths}}
    fields = {name: Field(attribute=path, column_name=name) for name, path in columns.items()}
    meta = type("Meta", (), {"model": model, "fields": tuple(fields), "export_order": tuple(fields)})
    return type(f"{model.__name__}Resource", (RecordResource,), {**fields, "Meta": meta})
