"""An assessment as it is kept: frozen values as JSON, read back as they were, whatever the rules say by then."""

import json
from dataclasses import asdict, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from patients.rules.facts import PatientFacts, PriorOrder, ScreeningFacts, TumourFacts


def as_json(values: Any) -> Any:
    """A frozen dataclass as plain JSON values: days as ISO texts, numbers exactly as texts."""
    return json.loads(json.dumps(asdict(values), cls=DjangoJSONEncoder))


def facts_from_json(kept: dict[str, Any]) -> PatientFacts:
    """The facts an assessment was made from, so that it can be made again."""
    values = dict(kept)
    tumour, screening = values.pop("tumour"), values.pop("screening")
    codes = tumour.pop("rupture_codes")
    orders = values.pop("prior_orders")
    return PatientFacts(
        **_typed(values, PatientFacts),
        tumour=TumourFacts(
            **_typed(tumour, TumourFacts), rupture_codes=None if codes is None else tuple(codes)
        ),
        screening=ScreeningFacts(**_typed(screening, ScreeningFacts)),
        prior_orders=tuple(
            PriorOrder(date.fromisoformat(o["from_on"]), tuple(o["pattern_mg"]), o["reason"]) for o in orders
        ),
    )


def _typed(values: dict[str, Any], kind: type) -> dict[str, Any]:
    """JSON has no days and no decimals: their type is that of the field."""
    readers: dict[Any, Any] = {date | None: date.fromisoformat, Decimal | None: Decimal}
    types = {field.name: field.type for field in fields(kind)}
    return {
        name: readers[types[name]](value) if value is not None and types[name] in readers else value
        for name, value in values.items()
    }
