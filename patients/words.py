"""Code lists in the words people read; what is stored and submitted stays the code."""

from collections.abc import Mapping
from decimal import Decimal
from typing import overload

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from protocol.codes import DatePrecision
from protocol.partial_days import PartialDay
from protocol.sentences import Sentence

Words = Mapping[str, str | Promise]

PHASES: Words = {
    "PRE": _("Before treatment"),
    "STANDARD": _("Standard treatment"),
    "EXTENSION": _("IP extension"),
    "POST": _("After treatment"),
}
PATIENT_STATES: Words = {
    "SCREENING": _("In screening"),
    "ELIGIBLE": _("Eligible, not enrolled"),
    "ENROLLED": _("Enrolled"),
    "OFF_TREATMENT": _("Off treatment"),
    "OFF_STUDY": _("Off study"),
    "SCREEN_FAILURE": _("Screen failure"),
}
TUMOUR_SITES: Words = {
    "GASTRIC": _("Stomach"),
    "SMALL_BOWEL": _("Small bowel"),
    "COLORECTAL": _("Colon or rectum"),
}
DOSE_REASONS: Words = {
    "START": _("Start"),
    "TOXICITY": _("Toxicity"),
    "RE_ESCALATION": _("Back to a higher dose"),
    "RESUME": _("Resumed"),
    "PATIENT_DECISION": _("Patient's decision"),
    "SUPPLY": _("Supply"),
    "OTHER": pgettext_lazy("reason", "Other"),
}
SOURCES: Words = {"PRESCRIPTION": _("Prescription"), "IP": _("Study drug")}
LAB_TESTS: Words = {
    "ANC": _("Neutrophils"),
    "PLT": _("Platelets"),
    "HGB": _("Haemoglobin"),
    "WBC": _("White cells"),
    "BILI": _("Bilirubin"),
    "AST": "AST",
    "ALT": "ALT",
    "CREAT": _("Creatinine"),
}
SERIOUS: Words = {
    "DEATH": _("Death"),
    "LIFE_THREATENING": _("Life-threatening"),
    "HOSPITALISATION": _("Hospitalisation"),
    "DISABILITY": _("Disability"),
    "CONGENITAL_ANOMALY": _("Congenital anomaly"),
    "MEDICALLY_IMPORTANT": _("Medically important"),
}
CAUSALITIES: Words = {
    "CERTAIN": _("Certain"),
    "PROBABLE": _("Probable"),
    "POSSIBLE": _("Possible"),
    "UNLIKELY": _("Unlikely"),
    "UNASSESSABLE": _("Cannot be assessed"),
    "NOT_RELATED": _("Not related"),
}
EVENT_OUTCOMES: Words = {
    "RECOVERED/RESOLVED": _("Recovered"),
    "RECOVERED/RESOLVED WITH SEQUELAE": _("Recovered with sequelae"),
    "RECOVERING/RESOLVING": _("Recovering"),
    "NOT RECOVERED/NOT RESOLVED": _("Not recovered"),
    "FATAL": _("Fatal"),
    "UNKNOWN": _("Unknown"),
}
ACTIONS: Words = {
    "DOSE NOT CHANGED": _("Dose not changed"),
    "DOSE REDUCED": _("Dose reduced"),
    "DOSE INCREASED": _("Dose increased"),
    "DOSE RATE REDUCED": _("Dose rate reduced"),
    "DRUG INTERRUPTED": _("Drug interrupted"),
    "DRUG WITHDRAWN": _("Drug withdrawn"),
    "NOT APPLICABLE": _("Not applicable"),
    "UNKNOWN": _("Unknown"),
}
EXPECTEDNESS: Words = {"EXPECTED": _("Expected"), "UNEXPECTED": _("Unexpected")}
TREATMENTS: Words = {
    "NONE": _("No treatment"),
    "MEDICATION": _("Medication"),
    "PROCEDURE": _("Procedure or surgery"),
    "HOSPITALISATION": _("Hospitalisation"),
    "OTHER": pgettext_lazy("reason", "Other"),
}
PRECISIONS: Words = {"DAY": _("the day"), "MONTH": _("the month"), "YEAR": _("the year only")}
OUTCOMES: Words = {
    "DISEASE_FREE": _("No recurrence seen"),
    "RECURRENCE": _("Recurrence"),
    "DEATH": _("Death"),
    "ALIVE": _("Last contact"),
    "SUSPECTED": _("Suspected recurrence"),
    "CONFIRMED": _("Confirmed"),
    "REFUTED": _("Refuted"),
    "STOP": _("Treatment ended"),
    "IP_START": _("First study drug (IP)"),
    "CENSORED": _("No event so far"),
}
ORIGINS: Words = {
    "FIRST_DOSE": _("First dose"),
    "SURGERY": _("Surgery"),
    "ENROLMENT": _("Enrolment"),
    "EXTENSION": _("IP extension"),
}
VERDICTS: Words = {
    "ELIGIBLE": _("Eligible"),
    "NOT_ELIGIBLE": _("Not eligible"),
    "INCOMPLETE": _("Not complete"),
    "MET": _("Met"),
    "NOT_MET": _("Not met"),
    "BOUNDARY_NOT_MET": _("On the limit: not met"),
    "UNKNOWN": _("Unknown"),
}
RISKS: Words = {
    "VERY_LOW": _("Very low risk"),
    "LOW": _("Low risk"),
    "INTERMEDIATE": _("Intermediate risk"),
    "HIGH": _("High risk"),
}
DISPOSITION_REASONS: Words = {
    "COMPLETED": _("Completed"),
    "DISEASE RELAPSE": _("Recurrence"),
    "ADVERSE EVENT": _("Adverse event"),
    "WITHDRAWAL BY SUBJECT": _("Withdrawn by the patient"),
    "PHYSICIAN DECISION": _("Physician's decision"),
    "DEATH": _("Death"),
    "LOST TO FOLLOW-UP": _("Lost to follow-up"),
    "NON-COMPLIANCE WITH STUDY DRUG": _("Study drug not taken as ordered"),
    "PREGNANCY": _("Pregnancy"),
    "PROTOCOL DEVIATION": _("Protocol deviation"),
    "FAILURE TO MEET CONTINUATION CRITERIA": _("Continuation criteria not met"),
    "PROTOCOL-SPECIFIED WITHDRAWAL CRITERION MET": _("Withdrawal criterion of the protocol met"),
    "SITE TERMINATED BY SPONSOR": _("Site closed by the sponsor"),
    "STUDY TERMINATED BY SPONSOR": _("Study ended by the sponsor"),
    "SCREEN FAILURE": _("Screen failure"),
    "OTHER": pgettext_lazy("reason", "Other"),
}
SEXES: Words = {"F": _("Female"), "M": _("Male")}
HIV: Words = {"negative": _("Negative"), "positive": _("Positive")}
LANGUAGES: Words = {"ko": _("Korean"), "en": _("English")}
ENDS: Words = {"TREATMENT": _("Treatment with imatinib"), "PARTICIPATION": _("Participation in the study")}
# Nishida 2019; not in ALL, for R1 is a resection too.
RUPTURES: Words = {
    "R1": _("R1 tumour fracture or spillage"),
    "R2": _("R2 blood-stained ascites"),
    "R3": _("R3 perforation at the tumour"),
    "R4": _("R4 microscopic infiltration of an adjacent organ"),
    "R5": _("R5 dissection into the tumour or piecemeal resection"),
    "R6": _("R6 incisional biopsy"),
    "N1": _("N1 mucosal defect, or spillage kept in the lumen"),
    "N2": _("N2 microscopic penetration or damage of the peritoneal lining only"),
    "N3": _("N3 uncomplicated needle biopsy through the peritoneum"),
    "N4": _("N4 R1 resection"),
}
CRITERIA: Words = {
    "I1": _("Old enough on the day of consent"),
    "I2": _("GIST confirmed by histology, with CD117, DOG-1, or a KIT or PDGFRA mutation"),
    "I3": _("R0 resection; first dose soon after surgery, or already on imatinib with a high risk"),
    "I4": _("High risk: tumour rupture, or size and mitoses both over the limit"),
    "I5": _("ECOG performance status low enough"),
    "I6a": _("Neutrophils high enough"),
    "I6b": _("Platelets high enough"),
    "I6c": _("Haemoglobin high enough"),
    "I6d": _("Bilirubin low enough"),
    "I6e": _("AST and ALT low enough"),
    "I6f": _("Creatinine low enough"),
    "I7": _("Written consent, signed by the day of enrolment"),
    "E1": _("Pregnant or breastfeeding"),
    "E2": _("No contraception although it is needed"),
    "E3": _("Cardiovascular event shortly before enrolment, or heart failure NYHA III/IV"),
    "E4": _("Uncontrolled infection"),
    "E5": _("Liver disease other than stable chronic hepatitis B"),
    "E6": _("Dose under the minimum for toxicity before enrolment"),
    "E7": _("Another condition that makes the patient unsuitable"),
    "E8": _("HIV infection known"),
    "E9": _("Another active malignancy"),
    "E10": _("Alcohol or substance abuse"),
    "E11": _("PDGFRA D842V mutation"),
}
PROCEDURE_ANSWERS: Words = {
    "DONE": _("Done"),
    "NEGATIVE": _("Negative"),
    "POSITIVE": _("Positive"),
    "PENDING": _("Result pending"),
    "NOT_DONE": _("Not done"),
    "NOT_APPLICABLE": _("Not applicable"),
}
ALL: tuple[Words, ...] = (
    PHASES, TUMOUR_SITES, DOSE_REASONS, SOURCES, LAB_TESTS, SERIOUS, CAUSALITIES, EVENT_OUTCOMES, ACTIONS, OUTCOMES,
    VERDICTS, RISKS, DISPOSITION_REASONS, SEXES, HIV, LANGUAGES, ENDS, ORIGINS, PROCEDURE_ANSWERS,
    EXPECTEDNESS, TREATMENTS, PRECISIONS,
)  # fmt: skip


def word_of(code: str) -> str:
    """The words of a code, in the reader's language; a code of no list is shown as it is."""
    return str(next((words[code] for words in ALL if code in words), code))


def choices(words: Words) -> list[tuple[str, str | Promise]]:
    """(code, words) pairs for a form field."""
    return list(words.items())


def day_words(day: PartialDay) -> str:
    """A day as people read it; of one known in part what is known, and what is not."""
    if day.precision == DatePrecision.YEAR:
        return gettext("%(year)s (month and day unknown)") % {"year": day}
    if day.precision == DatePrecision.MONTH:
        return gettext("%(month)s (day unknown)") % {"month": day}
    return date_format(day.earliest)


def sentence_words(sentence: Sentence) -> str:
    """A rule's sentence in the reader's language."""
    return gettext(sentence.message) % sentence.values


@overload
def plain(value: Decimal) -> Decimal: ...
@overload
def plain(value: None) -> None: ...
def plain(value: Decimal | None) -> Decimal | None:
    """A measured number without the zeros that storage adds: 1.500000 is 1.5, and 100 stays 100."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
