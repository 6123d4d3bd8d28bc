"""A second record where there can be one: the refusal says what to do, in words and without names of columns."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import OneToOneField, UniqueConstraint
from django.utils.translation import override

from tests import factories

APPS = ("accounts", "patients", "visits", "dosing", "adverse_events")
MODELS = [
    model for app in APPS for model in apps.get_app_config(app).get_models() if hasattr(model, "events")
]
CONSTRAINTS = [
    (model.__name__, constraint)
    for model in MODELS
    for constraint in model._meta.constraints
    if isinstance(constraint, UniqueConstraint)
]
TYPED = [
    field for model in MODELS for field in model._meta.concrete_fields
    if field.unique and field.editable and (field.name.endswith(("_id", "code")) or isinstance(field, OneToOneField))
]  # fmt: skip


@pytest.mark.parametrize(("model", "constraint"), CONSTRAINTS)
def test_every_rule_of_one_says_what_to_do(model, constraint):
    with override("ko"):
        sentence = str(constraint.violation_error_message)
    assert sentence != constraint.default_violation_error_message and not sentence.isascii()


@pytest.mark.parametrize("field", TYPED, ids=str)
def test_every_number_given_once_says_what_to_do(field):
    with override("ko"):
        assert "%(" not in str(field.error_messages["unique"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("factory", "same", "sentence"),
    [
        (factories.OutcomeFactory, ("patient", "kind", "on"), "다른 날짜를 골라 주세요"),
        (factories.DoseOrderFactory, ("patient", "from_on"), "이미 있습니다"),
        (factories.KitFactory, ("kit_id",), "이미 지급되었습니다"),
        (factories.PatientFactory, ("subject_id",), "이미 쓰이는 대상자 번호"),
        (factories.AdverseEventFactory, ("patient", "ae_no"), "다음 번호"),
        (factories.EnrolmentFactory, ("patient",), "이미 기록이 있습니다"),
    ],
)
def test_a_second_one_is_refused_in_words(factory, same, sentence):
    first = factory()
    second = type(first)(**{name: getattr(first, name) for name in same})
    with override("ko"):
        with pytest.raises(ValidationError) as refusal:
            second.full_clean()
        assert sentence in " ".join(refusal.value.messages)
