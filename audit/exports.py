"""Tables of records for spreadsheets: what is text there stays text, whatever somebody typed."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model
from import_export.fields import Field
from import_export.resources import ModelResource

from audit.history import plain_decimal

# What a spreadsheet reads as the start of a formula, also in the full width of Korean keyboards.
_STARTS_FORMULA = re.compile(r"^[=+\-@\t\r\n＝＋－＠]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
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
    """Every column of a record but keys that mean nothing outside."""

    def export_field(self, field: Field, instance: Model, **kwargs: Any) -> Any:
        return cell(field.get_value(instance))


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
