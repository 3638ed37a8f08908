"""What is published about writing questions and keeping facts: every rule names its source."""

HALADYNA = (
    "Haladyna, Downing & Rodriguez (2002), A review of multiple-choice item-writing guidelines for "
    "classroom assessment, Applied Measurement in Education 15(3)"
)
NBME = (
    "Case & Swanson (2002), Constructing written test questions for the basic and clinical "
    "sciences, 3rd edition, National Board of Medical Examiners"
)
TARRANT = (
    "Tarrant, Knierim, Hayes & Ware (2006), The frequency of item writing flaws in "
    "multiple-choice questions used in high stakes nursing assessments, Nurse Education Today 26(8)"
)
FRISBIE = (
    "Frisbie & Becker (1991), An analysis of textbook advice about true-false tests, Applied "
    "Measurement in Education 4(1)"
)
WOZNIAK = "Wozniak (1999), Effective learning: twenty rules of formulating knowledge, SuperMemo"
CHRISTEN = "Christen (2012), Data matching, Springer"
WIKIDATA = "Wikidata, Help:Property constraints portal (single-value constraint)"


def reason_of(check: object) -> str:
    """Return why a rule is there: the docstring of its check, on one line."""
    return " ".join((check.__doc__ or "").split())
