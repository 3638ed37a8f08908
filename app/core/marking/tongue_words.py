"""Words that people put around amounts and dates in German, French and Spanish, in English.

Each pair is a pattern, of whole words in any case, and what stands for it. "Billion" is a million
millions in all three, and is so told from the English one.
"""

Pairs = tuple[tuple[str, str], ...]

BEFORE: dict[str, str] = {
    "de": r"(?:also|ich (?:glaube|denke|meine|schätze|vermute)|wohl|vielleicht|vermutlich|"
    r"(?:das|es|er|sie|die antwort) (?:ist|war|sind|waren|hat|hatte|gab|betrug|kostete?))",
    "fr": r"(?:je (?:crois|pense)(?: que)?|peut-être|c'(?:est|était)|il y (?:a|avait)|"
    r"(?:elle|il|ça) (?:est|était|a|avait|coûte|coûtait))",
    "es": r"(?:creo(?: que)?|pienso(?: que)?|quizás?|(?:es|son|era|eran|fue|fueron|hay|había|tiene|"
    r"costó|cuesta))",
}
"""What comes before an answer and says nothing of it."""

_COUNTED = {
    "de": ("eine?|1", "zwei|2", "drei|3", "vier|4"),
    "fr": ("une?|1", "deux|2", "trois|3", "quatre|4"),
    "es": ("un|una|1", "dos|2", "tres|3", "cuatro|4"),
}
_PARTS = {
    "de": ("drittel", "viertel", "fünftel", "zehntel"),
    "fr": ("tiers", "quarts?", "cinquièmes?", "dixièmes?"),
    "es": ("tercios?", "cuartos?", "quintos?", "décimos?"),
}


def _shares(code: str) -> Pairs:
    """Return the words of a third to four tenths."""
    names = ("third", "quarter", "fifth", "tenth")
    counts = zip(_COUNTED[code], ("1", "two", "three", "four"), strict=True)
    return tuple(
        (rf"(?:{count}) (?:{part})", f"{number} {name}{'s' * (number != '1')}")
        for count, number in counts
        for part, name in zip(_PARTS[code], names, strict=True)
    )


SHARES: dict[str, Pairs] = {
    "de": (
        *_shares("de"),
        (r"jede[rs]? (?:zweite|2\.)", "half"),
        (r"jede[rs]? (?:dritte|3\.)", "1 third"),
        (r"jede[rs]? (?:vierte|4\.)", "1 quarter"),
        (r"jede[rs]? (?:fünfte|5\.)", "1 fifth"),
        (r"jede[rs]? (?:zehnte|10\.)", "1 tenth"),
        (r"(?:eine )?halbe million", "0.5 million"),
        (r"(?:eine )?halbe milliarde", "0.5 billion"),
        (r"eineinhalb|anderthalb", "1.5"),
        (r"zweieinhalb", "2.5"),
    ),
    "fr": (
        *_shares("fr"),
        (r"(?:un )?million et demi", "1.5 million"),
        (r"(?:un )?milliard et demi", "1.5 billion"),
        (r"(?:un )?demi-million", "0.5 million"),
        (r"pour cent", "percent"),
    ),
    "es": (
        *_shares("es"),
        (r"(?:un )?millón y medio", "1.5 million"),
        (r"medio millón", "0.5 million"),
        (r"por (?:ciento|cien)", "percent"),
    ),
}
"""What is read before the number words: of these alone the figures would be other ones."""

AMOUNTS: dict[str, Pairs] = {
    "de": (
        (r"(?:die )?hälfte|halb", "half"),
        (r"weniger als|unter|unterhalb von", "under"),
        (r"höchstens|maximal|nicht mehr als|bis zu", "at most"),
        (r"mehr als|über", "more than"),
        (r"mindestens|wenigstens|nicht weniger als|minimal", "at least"),
        (r"oder mehr|und mehr", "or more"),
        (r"oder weniger", "or less"),
        (r"etwa|ungefähr|circa|zirka|ca\.|rund|um die|genau", "about"),
        (r"zwischen", "between"),
        (r"von", "from"),
        (r"bis", "to"),
        (r"und", "and"),
        (r"oder", "or"),
        (r"pro|je", "per"),
        (r"tausend|tsd\.?", "thousand"),
        (r"mio\.?|millionen|million", "million"),
        (r"mrd\.?|milliarden|milliarde", "billion"),
        (r"bio\.?|billionen|billion", "trillion"),
        (r"(?:us-|us |amerikanische )?dollars?", "dollars"),
        (r"euros?", "euros"),
        (r"(?:britische )?pfund(?: sterling)?", "pounds"),
        (r"(?:schweizer )?franken", "chf"),
        (r"(?:chinesische )?yuan", "yuan"),
        (r"(?:japanische )?yen", "yen"),
        (r"(?:indische )?rupien?", "rupees"),
        (r"prozent", "percent"),
        (r"-?mal|-?fache?s?", "times"),
        (r"grad celsius", "°C"),
        (r"grad", "degrees"),
        (r"jahren?|jahre?s?", "years"),
        (r"monaten?|monate?s?", "months"),
        (r"wochen?", "weeks"),
        (r"tagen?|tage?s?", "days"),
        (r"stunden?|std\.?", "hours"),
        (r"minuten?|min\.", "minutes"),
        (r"sekunden?|sek\.?", "seconds"),
        (r"kilometern?", "km"),
        (r"metern?", "m"),
        (r"zentimetern?", "cm"),
        (r"millimetern?", "mm"),
        (r"meilen?", "miles"),
        (r"kilogramm|kilos?", "kg"),
        (r"gramm", "g"),
        (r"tonnen?", "tonnes"),
        (r"litern?", "litres"),
        (r"menschen?|personen?|leuten?|einwohner(?:innen|n)?", "people"),
        (r"stundenkilometern?", "km per hour"),
    ),
    "fr": (
        (r"sur", "in"),
        (r"(?:la )?moitié", "half"),
        (r"moins de|inférieur à|sous", "under"),
        (r"au plus|au maximum|jusqu'à|pas plus de", "at most"),
        (r"plus de|supérieur à", "more than"),
        (r"au moins|au minimum", "at least"),
        (r"ou plus", "or more"),
        (r"ou moins", "or less"),
        (r"environ|à peu près|autour de|près de|exactement", "about"),
        (r"entre", "between"),
        (r"à", "to"),
        (r"et", "and"),
        (r"ou", "or"),
        (r"par", "per"),
        (r"mille", "thousand"),
        (r"(?:millions?|mio)(?: de)?", "million"),
        (r"(?:milliards?|mrd)(?: de)?", "billion"),
        (r"billions?(?: de)?", "trillion"),
        (r"(?:de )?(?:dollars?(?: américains| des états-unis)?|\$ ?us)", "dollars"),
        (r"(?:d')?euros?", "euros"),
        (r"(?:de )?livres?(?: sterling)?", "pounds"),
        (r"(?:de )?francs suisses", "chf"),
        (r"fois", "times"),
        (r"degrés celsius", "°C"),
        (r"degrés?", "degrees"),
        (r"ans?|années?", "years"),
        (r"mois", "months"),
        (r"semaines?", "weeks"),
        (r"jours?", "days"),
        (r"heures?", "hours"),
        (r"secondes?", "seconds"),
        (r"kilomètres?", "km"),
        (r"mètres?", "m"),
        (r"kilogrammes?|kilos?", "kg"),
        (r"grammes?", "g"),
        (r"tonnes?", "tonnes"),
        (r"litres?", "litres"),
        (r"(?:d')?(?:personnes?|habitants?|gens)", "people"),
    ),
    "es": (
        (r"de cada", "in"),
        (r"(?:la )?mitad", "half"),
        (r"menos de|por debajo de", "under"),
        (r"como máximo|como mucho|hasta|no más de", "at most"),
        (r"más de", "more than"),
        (r"al menos|por lo menos|como mínimo", "at least"),
        (r"o más", "or more"),
        (r"o menos", "or less"),
        (r"aproximadamente|alrededor de|unos|unas|cerca de|exactamente", "about"),
        (r"entre", "between"),
        (r"desde|de(?= \d)", "from"),
        (r"a|hasta", "to"),
        (r"y", "and"),
        (r"o", "or"),
        (r"por", "per"),
        (r"(?:mil millones|millardos?)(?: de)?", "billion"),
        (r"mil", "thousand"),
        (r"(?:millones|millón)(?: de)?", "million"),
        (r"(?:billones|billón)(?: de)?", "trillion"),
        (r"(?:de )?dólar(?:es)?(?: estadounidenses)?", "dollars"),
        (r"(?:de )?euros?", "euros"),
        (r"(?:de )?libras?(?: esterlinas)?", "pounds"),
        (r"veces", "times"),
        (r"grados celsius", "°C"),
        (r"grados?", "degrees"),
        (r"años?", "years"),
        (r"mes(?:es)?", "months"),
        (r"semanas?", "weeks"),
        (r"días?", "days"),
        (r"horas?", "hours"),
        (r"minutos?", "minutes"),
        (r"segundos?", "seconds"),
        (r"kilómetros?", "km"),
        (r"metros?", "m"),
        (r"kilogramos?|kilos?", "kg"),
        (r"gramos?", "g"),
        (r"toneladas?", "tonnes"),
        (r"litros?", "litres"),
        (r"(?:de )?(?:personas?|habitantes?)", "people"),
    ),
}

DATES: dict[str, Pairs] = {
    "de": (
        (r"(?:gegen |am )?ende(?: des jahres)?", "late"),
        (r"(?:zu |am )?(?:anfang|beginn)(?: des jahres)?", "early"),
        (r"mitte(?: des jahres)?", "mid"),
        (r"spät(?: im jahre?)?", "late"),
        (r"früh(?: im jahre?)?", "early"),
        (r"n\. ?chr\.?|nach christus", "AD"),
        (r"(?:im )?jahre?", ""),
        (r"(?:der|dem|den|am|im)", ""),
        (r"jänner", "January"),
        (r"feber", "February"),
        (r"mrz\.?", "March"),
    ),
    "fr": (
        (r"(?:à la |vers la )?fin(?: de| d')?", "late"),
        (r"(?:au |vers le )?début(?: de| d')?", "early"),
        (r"(?:à la |au )?(?:mi-|milieu(?: de| d'))", "mid "),
        (r"(?:après|apr?\.?) (?:j\.? ?-?c\.?|jésus-christ)", "AD"),
        (r"(?:en|l')? ?(?:année|an)", ""),
        (r"(?:le|la|en)", ""),
        (r"1er", "1"),
    ),
    "es": (
        (r"(?:a )?(?:finales|fines)(?: de)?", "late"),
        (r"(?:a )?(?:principios|comienzos)(?: de)?", "early"),
        (r"(?:a )?mediados(?: de)?", "mid"),
        (r"d\. ?c\.?|después de cristo", "AD"),
        (r"(?:en )?(?:el )?año", ""),
        (r"(?:el|en|del?)", ""),
    ),
    "ru": (
        (r"(?:в )?(?:конце|конец)", "late"),
        (r"(?:в )?(?:начале|начало)", "early"),
        (r"(?:в )?(?:середине|середина)", "mid"),
        (
            r"(?:\u0433\.?|\u0433\u043e\u0434[\u0430\u0443\u0435]?)",
            "",
        ),  # year, in its cases and cut short
        (r"[\u0432\u043a]", ""),  # in, by
    ),
}

JOINING: dict[str, Pairs] = {
    "de": ((r"und|sowie", "and"), (r"oder", "or")),
    "fr": ((r"et", "and"), (r"ou", "or")),
    "es": ((r"[ye]", "and"), (r"[ou]", "or")),
}
"""Words between the names of a list."""

NEGATIONS: dict[str, str] = {
    "de": r"nicht|kein(?:e[nmrs]?)?|nie(?:mals)?|ohne|weder|außer",
    "fr": r"pas|jamais|sans|sauf|ni|aucune?|excepté",
    "es": r"no|nunca|jamás|sin|menos|excepto|salvo|ni|ning[uú]n[oa]?",
    "it": r"non|mai|senza|tranne|né|nessun[oa]?",
    "nl": r"niet|geen|nooit|zonder|behalve|noch",
    "pt": r"não|nunca|jamais|sem|exceto|menos|nem|nenhuma?",
}
"""Words that say of a name that it is not the answer."""
ARTICLES: dict[str, str] = {
    "de": r"(?:im|am|vom|beim|(?:(?:in|an|auf|bei|von) )?(?:der|die|das|den|dem|des|eine?[nmrs]?))",
    "fr": r"(?:le|la|les|une?|des|l'|d')",
    "es": r"(?:el|la|los|las|una?|unos|unas)",
}
ENDINGS: dict[str, str] = {"de": r"(?:ern?|e[mns]?|n|s)", "fr": r"[sx]", "es": r"(?:es|s)"}
"""Of nouns that stand for several."""
SPOKEN = frozenset({"de", "fr", "es", "it", "nl", "pt"})
"""Languages whose number words text2num reads."""
