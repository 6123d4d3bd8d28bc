"""What is wrong with the forms of a page, as one list for the summary at its top."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django import template
from django.forms import BaseForm, BaseFormSet, BoundField
from django.utils.functional import Promise

register = template.Library()


class Fault(NamedTuple):
    field_id: str | None
    label: str | Promise
    message: str


@register.simple_tag
def errors_of(*sources: object) -> list[Fault]:
    """The faults of forms, formsets and lists of either, in the order given; anything else is passed over."""
    return [fault for source in sources for fault in _faults(source)]


def _faults(source: object) -> Iterator[Fault]:
    if isinstance(source, BaseForm):
        yield from _faults_of_form(source)
    elif isinstance(source, BaseFormSet):
        yield from (Fault(None, "", str(message)) for message in source.non_form_errors())
        yield from (fault for form in source.forms for fault in _faults(form))
    elif isinstance(source, Iterable) and not isinstance(source, str):
        yield from (fault for item in source for fault in _faults(item))


def _faults_of_form(form: BaseForm) -> Iterator[Fault]:
    for name, messages in form.errors.items():
        for message in messages:
            if name in form.fields:
                yield Fault(_field_id(form[name]), form[name].label, str(message))
            else:
                yield Fault(None, "", str(message))


def _field_id(field: BoundField) -> str | None:
    """A group of radio buttons or boxes has no id of its own: its first choice stands for it."""
    return field.id_for_label or next((choice.id_for_label for choice in field), None)
