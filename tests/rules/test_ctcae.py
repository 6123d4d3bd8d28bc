"""The CTCAE dictionary: complete, impossible grades refused, terms found while typing."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adverse_events.rules.ctcae import (
    FILES,
    GRADES,
    ImpossibleGrade,
    UnknownTerm,
    check_grade,
    find_term,
    search_terms,
    term_meant,
    terms,
)
from adverse_events.rules.ctcae_words import WORDS

NAMES = sorted(terms())


def names_of(typed, limit=20):
    return [term.name for term in search_terms(typed, limit)]


def test_the_dictionary_has_837_terms_in_26_classes():
    assert len(terms()) == 837
    assert len({term.soc for term in terms().values()}) == 26
    assert sum("Other, specify" in name for name in terms()) == 26


def test_every_term_has_a_grade_and_a_text_for_each():
    for term in terms().values():
        assert term.grades and set(term.grades) <= set(GRADES)
        assert term.highest_grade == max(term.grades)
        assert all(text.strip() for text in term.grade_texts.values())


def test_exactly_1000_pairs_of_term_and_grade_are_impossible():
    refused = Counter()
    for name in terms():
        for grade in GRADES:
            try:
                check_grade(name, grade)
            except ImpossibleGrade:
                refused[name] += 1
    assert refused.total() == 1000


@pytest.mark.parametrize(
    ("name", "highest"),
    [
        ("Anemia", 5),
        ("Neutrophil count decreased", 4),
        ("Platelet count decreased", 4),
        ("White blood cell decreased", 4),
        ("Alanine aminotransferase increased", 4),
        ("Aspartate aminotransferase increased", 4),
        ("Blood bilirubin increased", 4),
        ("Creatinine increased", 4),
        ("Diarrhea", 5),
        ("Edema limbs", 3),
        ("Periorbital edema", 3),
        ("Fatigue", 3),
        ("Nausea", 3),
        ("Muscle cramp", 3),
        ("Rash maculo-papular", 3),
    ],
)
def test_highest_grade(name, highest):
    assert find_term(name).highest_grade == highest


@pytest.mark.parametrize(("name", "grade"), [("Fatigue", 4), ("Nausea", 5), ("Anemia", 0), ("Anemia", 6)])
def test_check_grade_refuses_a_grade_the_term_does_not_have(name, grade):
    with pytest.raises(ImpossibleGrade):
        check_grade(name, grade)


def test_the_refusal_names_the_grades_there_are():
    with pytest.raises(ImpossibleGrade) as refused:
        check_grade("Fatigue", 4)
    assert str(refused.value) == "“Fatigue” has no grade 4 in CTCAE 5.0; its grades are 1, 2, 3."


@pytest.mark.parametrize("name", ["", "anemia", "Anemia ", "Tiredness"])
def test_a_term_is_found_only_by_its_exact_name(name):
    assert find_term(name) is None
    with pytest.raises(UnknownTerm):
        check_grade(name, 1)


def test_a_version_we_do_not_have_is_an_error():
    with pytest.raises(KeyError):
        terms("4.03")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Anemia", "Anemia"),
        ("anaemia", "Anemia"),
        ("fatig", "Fatigue"),
        ("diarrh", "Diarrhea"),
        ("diarrhoea", "Diarrhea"),
        ("periorb", "Periorbital edema"),
        ("oedema limbs", "Edema limbs"),
        ("neutropenia", "Neutrophil count decreased"),
        ("ALT", "Alanine aminotransferase increased"),
        ("rash mac", "Rash maculo-papular"),
        ("papular", "Rash maculo-papular"),
        ("count plat", "Platelet count decreased"),
        ("  muscle   cramp ", "Muscle cramp"),
    ],
)
def test_search_finds_the_term_as_typed(typed, first):
    assert names_of(typed)[0] == first


def test_search_ranks_the_beginning_of_the_name_before_the_middle():
    found = names_of("edema", limit=30)
    begins = [name.startswith("Edema") for name in found]
    assert begins == sorted(begins, reverse=True)
    assert "Periorbital edema" in found


def test_search_puts_the_unspecific_term_last():
    assert names_of("blood and lymphatic") == ["Blood and lymphatic system disorders - Other, specify"]
    found = names_of("eye", limit=50)
    assert found.index("Eye disorders - Other, specify") > found.index("Eye pain")


@pytest.mark.parametrize("typed", ["", "   ", "qqqq"])
def test_search_of_nothing_finds_nothing(typed):
    assert names_of(typed) == []


def test_search_is_limited():
    assert len(names_of("in", limit=5)) == 5


@pytest.mark.parametrize("version", FILES)
@pytest.mark.parametrize("word", WORDS)
def test_every_word_finds_the_first_of_its_terms_that_the_version_has(word, version):
    meant = [name for name in WORDS[word] if name in terms(version)]
    assert search_terms(word, version=version)[0].name == meant[0]


def test_every_word_leads_to_terms_there_are():
    known = {name for version in FILES for name in terms(version)}
    assert {name for names in WORDS.values() for name in names} <= known


@pytest.mark.parametrize(
    ("typed", "version", "name"),
    [
        ("diarrhoea", "5.0", "Diarrhea"),
        ("설사", "5.0", "Diarrhea"),
        ("근육경련", "5.0", "Muscle cramp"),
        ("PLT", "5.0", "Platelet count decreased"),
        ("PLT", "6.0", "Thrombocytopenia"),
        ("말초 부종", "5.0", "Edema limbs"),
        ("말초 부종", "6.0", "Peripheral edema"),
        ("부종", "5.0", None),
        ("", "5.0", None),
    ],
)
def test_a_word_means_a_term_only_where_there_is_no_choice(typed, version, name):
    meant = term_meant(typed, version)
    assert (meant.name if meant else None) == name


@given(st.sampled_from(NAMES), st.data())
def test_a_name_typed_in_full_is_found_first_and_its_beginning_finds_it(name, data):
    assert names_of(name)[0] == name
    beginning = name[: data.draw(st.integers(1, len(name)))]
    if beginning.strip() and not beginning.endswith(("a", "o")):
        assert name in names_of(beginning, limit=len(NAMES))


@given(st.text(max_size=30))
def test_search_takes_any_text(typed):
    assert all(name in terms() for name in names_of(typed))
