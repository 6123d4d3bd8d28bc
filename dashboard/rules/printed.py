"""A page made ready for print.

WeasyPrint draws a picture with no styles but those inside of it, and resolves no variables there; and paper has no
links. Text in, text out.
"""

import re
from collections.abc import Iterable, Mapping

_DECLARED = re.compile(r"--([\w-]+):\s*([^;}]+);")
_ASKED = re.compile(r"var\(--([\w-]+)\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_AT_RULE = re.compile(r"@\w+[^{;]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_DRAWS = re.compile(r"\b(fill|stroke|text-anchor|font|paint-order|opacity)\b")
_ON_A_SCREEN = re.compile(r":(hover|focus|active)")
_PICTURE = re.compile(r"<svg\b[^>]*>")
_LINK = re.compile(r"(<a\b[^>]*?)\s+href=\"[^\"]*\"")


def picture_styles(sheets: Iterable[str]) -> str:
    """The rules of style sheets by which pictures are drawn, a value in the place of every variable.

    A variable that nobody declares stays as it is; what is for screens or some media only is left out.
    """
    text = _COMMENT.sub("", "\n".join(sheets))
    values = {name: value.strip() for name, value in _DECLARED.findall(text)}
    rules = _RULE.findall(_AT_RULE.sub("", text))
    drawing = [
        f"{selector.strip()}{{{' '.join(body.split())}}}"
        for selector, body in rules
        if _DRAWS.search(body) and not _ON_A_SCREEN.search(selector)
    ]
    return _resolved("\n".join(drawing), values)


def printed(html: str, *, styles: str) -> str:
    """The page with `styles` inside every picture, and its links as plain text."""
    with_styles = _PICTURE.sub(lambda picture: f"{picture[0]}<style>{styles}</style>", html)
    return _LINK.sub(r"\1", with_styles)


def _resolved(text: str, values: Mapping[str, str]) -> str:
    found = _ASKED.sub(lambda asked: values.get(asked[1], asked[0]), text)
    return found if found == text else _resolved(found, values)
