"""A page made ready for print: pictures carry their styles, variables their values, links are plain text."""

from dashboard.rules.printed import picture_styles, printed


def test_variables_become_their_values_also_through_each_other():
    sheets = [":root { --deep: #0b4a7e; --accent: var(--deep); }", ".bar { fill: var(--accent); }"]
    assert picture_styles(sheets) == ".bar{fill: #0b4a7e;}"


def test_an_unknown_variable_stays():
    assert picture_styles([".bar { fill: var(--nowhere); }"]) == ".bar{fill: var(--nowhere);}"


def test_comments_screens_and_layout_are_left_out():
    left_out = "/* .a { fill: red; } */ .b { width: 1px; } .c:hover { fill: red; } @media print { .d { fill: red; } }"
    sheet = f"{left_out} .e {{ stroke: red; }}"
    assert picture_styles([sheet]) == ".e{stroke: red;}"


def test_every_picture_carries_the_styles():
    page = printed('<svg class="a"><g/></svg><p/><svg\n viewBox="0 0 1 1"></svg>', styles=".b{}")
    assert page.count("<style>.b{}</style>") == 2
    assert page.startswith('<svg class="a"><style>')


def test_links_are_plain_but_symbols_are_still_found():
    page = printed('<a class="x" href="/patients/1/">01-001</a><use href="#stop" />', styles="")
    assert page == '<a class="x">01-001</a><use href="#stop" />'
