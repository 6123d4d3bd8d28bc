"""What is stored, in the words of the folder: a query a file, with the file's columns under their names and types."""

from exchange.rules import cohort

PATIENTS = """
    SELECT p.subject_id, s.code AS site_id, p.sex, p.birth_date, c.consented_on AS consent_on, e.enrolled_on,
        p.entry_path, t.surgery_on, COALESCE(t.resection, '') AS resection, p.first_dose_on,
        COALESCE(t.tumour_site, '') AS tumour_site, t.tumour_size_cm, t.mitoses_per_50hpf,
        t.rupture_codes::text[] AS rupture, t.pdgfra_d842v,
        COALESCE(k.email, '') AS email, COALESCE(k.language, '') AS language, k.reminders
    FROM patients_patient p
    JOIN accounts_site s ON s.id = p.site_id
    LEFT JOIN patients_tumour t ON t.patient_id = p.id
    LEFT JOIN patients_enrolment e ON e.patient_id = p.id
    LEFT JOIN patients_contact k ON k.patient_id = p.id
    LEFT JOIN LATERAL (
        SELECT consented_on FROM patients_consent WHERE patient_id = p.id AND purpose = 'STUDY'
        ORDER BY version <> '', consented_on LIMIT 1
    ) c ON TRUE
"""
SCREENING = """
    SELECT p.subject_id, histology_confirmed, cd117, dog1, kit_mutation, pdgfra_mutation, ecog, anc, platelets,
        haemoglobin, bilirubin, bilirubin_uln, ast, ast_uln, alt, alt_uln, creatinine, creatinine_uln,
        childbearing_potential, pregnant_or_breastfeeding, contraception_agreed,
        CASE WHEN cardiovascular_event
            THEN COALESCE(to_char(cardiovascular_event_on, 'YYYY-MM-DD'), 'a day not known')
            WHEN NOT cardiovascular_event THEN 'none' END AS cardiovascular_event_on,
        nyha_iii_iv, uncontrolled_infection, liver_disease, stable_hepatitis_b, other_unsuitable_condition, hiv,
        other_malignancy_active, substance_abuse
    FROM patients_screening JOIN patients_patient p ON p.id = patient_id
"""
DOSE_ORDERS = """
    SELECT p.subject_id, o.from_on, o.pattern_mg, o.anchor_on, o.reason, e.ae_no
    FROM dosing_doseorder o JOIN patients_patient p ON p.id = o.patient_id
    LEFT JOIN adverse_events_adverseevent e ON e.id = o.adverse_event_id
"""
MISSED_DOSES = """
    SELECT p.subject_id, m.from_on, m.to_on, m.doses_missed
    FROM dosing_misseddoses m JOIN patients_patient p ON p.id = m.patient_id
"""
DISPENSING = """
    SELECT p.subject_id, k.dispensed_on, k.kit_id, k.source, k.strength_mg, k.tablets
    FROM dosing_kit k JOIN patients_patient p ON p.id = k.patient_id
"""
RETURNS = """
    SELECT p.subject_id, k.kit_id, r.returned_on, r.tablets_returned, r.tablets_lost, r.tablets_kept
    FROM dosing_kitreturn r JOIN dosing_kit k ON k.id = r.kit_id JOIN patients_patient p ON p.id = k.patient_id
"""
VISITS = """
    SELECT p.subject_id, v.visit, v.occurred_on, v.not_done, v.reason
    FROM visits_visit v JOIN patients_patient p ON p.id = v.patient_id
    WHERE v.occurred_on IS NOT NULL OR v.not_done
"""
BOOKINGS = """
    SELECT p.subject_id, v.visit,
        to_char(v.booked_on, 'YYYY-MM-DD') || COALESCE(to_char(v.booked_time, '"T"HH24:MI'), '') AS booked_for
    FROM visits_visit v JOIN patients_patient p ON p.id = v.patient_id
    WHERE v.booked_on IS NOT NULL
"""
LABS = """
    SELECT p.subject_id, l.collected_on, l.test, l.value, l.unit, l.lln, l.uln
    FROM visits_labresult l JOIN patients_patient p ON p.id = l.patient_id
"""
ADVERSE_EVENTS = """
    SELECT p.subject_id, e.ae_no, e.term, e.started_on, e.ended_on, e.grade, e.serious::text[] AS serious, e.aware_at,
        e.causality, e.outcome, e.action_taken
    FROM adverse_events_adverseevent e JOIN patients_patient p ON p.id = e.patient_id
"""
OUTCOMES = """
    SELECT p.subject_id, o.kind, o."on" FROM patients_outcome o JOIN patients_patient p ON p.id = o.patient_id
"""
DISPOSITION = """
    SELECT p.subject_id, d.record, d.ended_on, d.reason, d.last_dose_on
    FROM patients_disposition d JOIN patients_patient p ON p.id = d.patient_id
"""

STORED = {
    cohort.PATIENTS.name: PATIENTS,
    cohort.SCREENING.name: SCREENING,
    cohort.DOSE_ORDERS.name: DOSE_ORDERS,
    cohort.MISSED_DOSES.name: MISSED_DOSES,
    cohort.DISPENSING.name: DISPENSING,
    cohort.RETURNS.name: RETURNS,
    cohort.VISITS.name: VISITS,
    cohort.BOOKINGS.name: BOOKINGS,
    cohort.LABS.name: LABS,
    cohort.ADVERSE_EVENTS.name: ADVERSE_EVENTS,
    cohort.OUTCOMES.name: OUTCOMES,
    cohort.DISPOSITION.name: DISPOSITION,
}
