"""Binding plain data (as a TOML reader gives it) to frozen dataclasses: strict and typed.

Nothing is converted silently: a key that is missing, unknown or of another type is an error that names the
dotted key. The text `"none"` stands for the empty value, which TOML does not have. A tuple of pairs is
written as a table (`{ANC = …, PLT = …}`). A field with a default may be left out.
"""

import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

NONE_WORD = "none"


class ProtocolError(ValueError):
    """A definition that cannot be used; the text names the file and the dotted key."""

    def __init__(self, source: str, key: str, problem: str) -> None:
        self.source, self.key, self.problem = source, key, problem
        super().__init__(f"{source}: {key}: {problem}" if key else f"{source}: {problem}")


class BindingError(ValueError):
    """What is wrong with the value at a dotted key."""

    def __init__(self, key: str, problem: str) -> None:
        self.key, self.problem = key, problem
        super().__init__(f"{key}: {problem}")


def bind(expected: Any, value: Any, key: str = "") -> Any:
    """`value` as `expected` (dataclass, tuple, Literal, Optional, plain type); BindingError if it is not."""
    if is_dataclass(expected):
        return _bind_dataclass(expected, value, key)
    origin = get_origin(expected)
    if origin in (Union, types.UnionType):
        return _bind_optional(expected, value, key)
    if origin is Literal:
        return _bind_choice(get_args(expected), value, key)
    if origin is tuple:
        return _bind_tuple(get_args(expected), value, key)
    return _bind_plain(expected, value, key)


@lru_cache
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)


def _bind_dataclass(cls: Any, value: Any, key: str) -> Any:
    if not isinstance(value, dict):
        raise BindingError(key, f"expected a table, found {_kind(value)}")
    required = {field.name: field.default is MISSING for field in fields(cls)}
    for name in value:
        if name not in required:
            raise BindingError(_join(key, name), "unknown key")
    for name, is_required in required.items():
        if is_required and name not in value:
            raise BindingError(_join(key, name), "missing")
    hints = _hints(cls)
    return cls(**{name: bind(hints[name], item, _join(key, name)) for name, item in value.items()})


def _bind_optional(expected: Any, value: Any, key: str) -> Any:
    if value is None or value == NONE_WORD:
        return None
    (inner,) = [arg for arg in get_args(expected) if arg is not type(None)]
    return bind(inner, value, key)


def _bind_choice(choices: tuple[Any, ...], value: Any, key: str) -> Any:
    if value not in choices:
        raise BindingError(key, f"expected one of {', '.join(map(str, choices))}, found {value!r}")
    return value


def _bind_tuple(args: tuple[Any, ...], value: Any, key: str) -> tuple[Any, ...]:
    if args[-1] is Ellipsis:
        if isinstance(value, dict) and get_origin(args[0]) is tuple:
            return tuple(
                (name, bind(get_args(args[0])[1], item, _join(key, name))) for name, item in value.items()
            )
        _expect_list(value, key)
        return tuple(bind(args[0], item, f"{key}[{index}]") for index, item in enumerate(value))
    _expect_list(value, key)
    if len(value) != len(args):
        raise BindingError(key, f"expected {len(args)} entries, found {len(value)}")
    return tuple(
        bind(arg, item, f"{key}[{index}]") for index, (arg, item) in enumerate(zip(args, value, strict=True))
    )


def _expect_list(value: Any, key: str) -> None:
    if not isinstance(value, list):
        raise BindingError(key, f"expected a list, found {_kind(value)}")


def _bind_plain(expected: type, value: Any, key: str) -> Any:
    if expected is Decimal and type(value) is int:
        return Decimal(value)
    # exact types: a bool is an int and a datetime a date to isinstance, and neither is meant here
    if type(value) is not expected:
        raise BindingError(key, f"expected {_WORDS.get(expected, expected.__name__)}, found {_kind(value)}")
    return value


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _kind(value: Any) -> str:
    if isinstance(value, dict | list):
        return _WORDS[type(value)]
    return f"{_WORDS.get(type(value), type(value).__name__)} {value!r}"


_WORDS: dict[type, str] = {
    dict: "a table",
    list: "a list",
    int: "a whole number",
    Decimal: "a number",
    str: "text",
    bool: "true or false",
    date: "a date",
    datetime: "a date and time",
    time: "a time",
}
