"""How a language is written: from its tag (BCP 47), the direction."""

RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"}
)
"""Languages that are written from right to left unless their tag names another script."""
RIGHT_TO_LEFT_SCRIPTS = frozenset(
    {"adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"}
)
_SCRIPT_LENGTH = 4
LANGUAGE = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"
"""A tag as people type it: en, pt-BR, zh-Hant."""


def direction(language: str) -> str:
    """Return "rtl" or "ltr": "ar", "he-IL" and "az-Arab" are right to left, "ks-Deva" is not.

    Where no language is known, "auto": the text itself decides.
    """
    if not language:
        return "auto"
    head, *subtags = language.lower().split("-")
    script = next((one for one in subtags if len(one) == _SCRIPT_LENGTH and one.isalpha()), "")
    is_rtl = script in RIGHT_TO_LEFT_SCRIPTS if script else head in RIGHT_TO_LEFT
    return "rtl" if is_rtl else "ltr"
