"""Names of one thing that share no letters: elements and their symbols, renamed places, DNA.

Only what any reader knows; whatever else a thing is called stands in its deck as an alias.
"""

from app.core.marking.vocabulary import listed

SYMBOLS = dict(
    pair.split(":")
    for pair in [
        "H:hydrogen",
        "He:helium",
        "Li:lithium",
        "Be:beryllium",
        "B:boron",
        "C:carbon",
        "N:nitrogen",
        "O:oxygen",
        "F:fluorine",
        "Ne:neon",
        "Na:sodium",
        "Mg:magnesium",
        "Al:aluminium",
        "Si:silicon",
        "P:phosphorus",
        "S:sulphur",
        "Cl:chlorine",
        "Ar:argon",
        "K:potassium",
        "Ca:calcium",
        "Sc:scandium",
        "Ti:titanium",
        "V:vanadium",
        "Cr:chromium",
        "Mn:manganese",
        "Fe:iron",
        "Co:cobalt",
        "Ni:nickel",
        "Cu:copper",
        "Zn:zinc",
        "Ga:gallium",
        "Ge:germanium",
        "As:arsenic",
        "Se:selenium",
        "Br:bromine",
        "Kr:krypton",
        "Rb:rubidium",
        "Sr:strontium",
        "Y:yttrium",
        "Zr:zirconium",
        "Nb:niobium",
        "Mo:molybdenum",
        "Tc:technetium",
        "Ru:ruthenium",
        "Rh:rhodium",
        "Pd:palladium",
        "Ag:silver",
        "Cd:cadmium",
        "In:indium",
        "Sn:tin",
        "Sb:antimony",
        "Te:tellurium",
        "I:iodine",
        "Xe:xenon",
        "Cs:caesium",
        "Ba:barium",
        "La:lanthanum",
        "Ce:cerium",
        "Nd:neodymium",
        "Eu:europium",
        "Gd:gadolinium",
        "Hf:hafnium",
        "Ta:tantalum",
        "W:tungsten",
        "Re:rhenium",
        "Os:osmium",
        "Ir:iridium",
        "Pt:platinum",
        "Au:gold",
        "Hg:mercury",
        "Tl:thallium",
        "Pb:lead",
        "Bi:bismuth",
        "Po:polonium",
        "At:astatine",
        "Rn:radon",
        "Fr:francium",
        "Ra:radium",
        "Ac:actinium",
        "Th:thorium",
        "Pa:protactinium",
        "U:uranium",
        "Np:neptunium",
        "Pu:plutonium",
        "Am:americium",
    ]
)
"""Elements by their symbols, in the spelling of `equivalents.CANONICAL`."""

_FORMULAS = """
    co2:carbondioxide h2o:water nacl:sodiumchloride nh3:ammonia ch4:methane h2so4:sulphuricacid
    hno3:nitricacid naoh:sodiumhydroxide h2o2:hydrogenperoxide n2o:nitrousoxide o3:ozone
    so2:sulphurdioxide caco3:calciumcarbonate nahco3:sodiumbicarbonate c6h12o6:glucose
    koh:potassiumhydroxide kcl:potassiumchloride hcl:hydrochloricacid no2:nitrogendioxide
    o2:oxygen n2:nitrogen cl2:chlorine
"""
_OTHER_NAMES = """
    peking:beijing holland:netherlands nederland:netherlands burma:myanmar ceylon:srilanka
    siam:thailand bombay:mumbai calcutta:kolkata madras:chennai saigon:hochiminhcity kiev:kyiv
    ivorycoast:cotedivoire republicofcotedivoire:cotedivoire turkiye:turkey swaziland:eswatini
    easttimor:timorleste capeverde:caboverde deutschland:germany espana:spain
    sanktpetersburg:saintpetersburg drc:democraticrepublicofcongo
    drcongo:democraticrepublicofcongo congokinshasa:democraticrepublicofcongo
    dna:deoxyribonucleicacid rna:ribonucleicacid atp:adenosinetriphosphate
    jeannedarc:joanofarc maotsetung:maozedong chinggiskhan:genghiskhan
    chiangkaishek:jiangjieshi peoplesrepublicofkorea:northkorea
    democraticpeoplesrepublicofkorea:northkorea islamicrepublicofiran:iran
    hellenicrepublic:greece commonwealthofaustralia:australia unitedmexicanstates:mexico
    republicofireland:ireland eire:ireland kingdomofspain:spain italianrepublic:italy
    portugueserepublic:portugal arabrepublicofegypt:egypt republicofturkey:turkey
    hellas:greece losangelescalifornia:losangeles la:losangeles philly:philadelphia
    lisboa:lisbon napoli:naples roma:rome milano:milan torino:turin firenze:florence venezia:venice
    wien:vienna munchen:munich koln:cologne praha:prague warszawa:warsaw moskva:moscow
    beograd:belgrade bucuresti:bucharest kobenhavn:copenhagen goteborg:gothenburg
    bruxelles:brussels geneve:geneva sevilla:seville ayasofya:hagiasophia tb:tuberculosis
    tv:television ac:airconditioning
    ny:newyork bigapple:newyork
"""
_KNOWN_BY_ONE_NAME = """
    napoleonbonaparte:napoleon napoleoni:napoleon napoleonibonaparte:napoleon
    galileogalilei:galileo dantealighieri:dante michelangelobuonarroti:michelangelo
    michelangelodilodovicobuonarrotisimoni:michelangelo rembrandtvanrijn:rembrandt
    rembrandtharmenszoonvanrijn:rembrandt rembrandtharmenszvanrijn:rembrandt
    raffaellosanzio:raphael raphaelsanzio:raphael raffaellosanziodaurbino:raphael
    tizianovecellio:titian tiziano:titian michelangelomerisidacaravaggio:caravaggio
    domenikostheotokopoulos:elgreco adeleadkins:adele adelelaurieblueadkins:adele
    madonnaciccone:madonna madonnalouiseciccone:madonna robynfenty:rihanna
    robynrihannafenty:rihanna rihannafenty:rihanna beyonceknowles:beyonce
    beyonceknowlescarter:beyonce beyoncegiselleknowlescarter:beyonce beyoncegiselleknowles:beyonce
    marshallmathers:eminem marshallbrucemathers:eminem aubreygraham:drake gordonsumner:sting
    paulhewson:bono stefanigermanotta:ladygaga shakiramebarak:shakira princerogersnelson:prince
    edsonarantesdonascimento:pele francoismariearouet:voltaire jeanbaptistepoquelin:moliere
    samuelclemens:marktwain samuellanghorneclemens:marktwain ericblair:georgeorwell
    ericarthurblair:georgeorwell charlesdodgson:lewiscarroll
    charleslutwidgedodgson:lewiscarroll theodorgeisel:drseuss theodorseussgeisel:drseuss
    ernestoguevara:cheguevara ernestocheguevara:cheguevara cassiusclay:muhammadali
    siddharthagautama:buddha gautamabuddha:buddha kongfuzi:confucius kongzi:confucius
    jesuschrist:jesus jesusofnazareth:jesus christ:jesus fatherchristmas:santaclaus
    gaiusjuliuscaesar:juliuscaesar motherteresaofcalcutta:motherteresa octavian:augustus
    iosifstalin:josephstalin mohandaskaramchandgandhi:mahatmagandhi
"""
_IN_PLAIN_WORDS = """
    caesaraugustus:augustus augustuscaesar:augustus fall:autumn
    pianoforte:piano atmosphericpressure:airpressure koran:quran
    holyquran:quran holykoran:quran holybible:bible garbanzobeans:chickpeas
    garbanzobean:chickpea garbanzos:chickpeas scotus:unitedstatessupremecourt qb:quarterback
    supremecourtofunitedstates:unitedstatessupremecourt
    ussupremecourt:unitedstatessupremecourt springtime:spring
    summertime:summer wintertime:winter eggplant:aubergine eggplants:aubergines
    zucchini:courgette cilantro:coriander corn:maize pingpong:tabletennis checkers:draughts
    associationfootball:football soccer:football petrol:gasoline elevator:lift sidewalk:pavement
    collarbone:clavicle shoulderblade:scapula breastbone:sternum kneecap:patella
    shinbone:tibia thighbone:femur windpipe:trachea voicebox:larynx gullet:esophagus
    jawbone:mandible lowerjaw:mandible redbloodcells:erythrocytes
    whitebloodcells:leukocytes leucocytes:leukocytes thrombocytes:platelets
    acetaminophen:paracetamol epinephrine:adrenaline norepinephrine:noradrenaline
    laughinggas:nitrousoxide quicksilver:mercury bakingsoda:sodiumbicarbonate
    ascorbicacid:vitaminc causticsoda:sodiumhydroxide heartattack:myocardialinfarction
    highbloodpressure:hypertension chickenpox:varicella whoopingcough:pertussis
    lockjaw:tetanus germanmeasles:rubella shortsightedness:myopia nearsightedness:myopia
    farsightedness:hypermetropia longsightedness:hypermetropia hyperopia:hypermetropia
    killerwhale:orca mountainlion:cougar puma:cougar caribou:reindeer polestar:polaris
    northstar:polaris northernlights:auroraborealis southernlights:auroraaustralis
    liedetector:polygraph coke:cocacola vw:volkswagen chevy:chevrolet chevys:chevrolet
"""
OTHER_NAMES = dict(
    pair.split(":")
    for pair in (_FORMULAS + _OTHER_NAMES + _KNOWN_BY_ONE_NAME + _IN_PLAIN_WORDS).split()
)
"""Names run together by what they are names of, run together as well."""

CITIES = listed(
    """
    london paris berlin madrid rome vienna prague budapest warsaw lisbon dublin athens brussels
    amsterdam copenhagen stockholm oslo helsinki moscow kyiv istanbul munich hamburg frankfurt
    cologne milan turin naples venice florence barcelona seville valencia lyon marseille
    manchester liverpool birmingham leeds glasgow edinburgh cardiff belfast bristol sheffield
    newcastle oxford cambridge geneva zurich bern boston chicago houston dallas denver detroit
    miami atlanta seattle portland philadelphia phoenix baltimore cleveland cincinnati
    pittsburgh milwaukee minneapolis indianapolis nashville memphis orlando tampa charlotte
    buffalo sacramento oakland newyork newyorkcity losangeles sanfrancisco sandiego sanantonio
    saltlakecity lasvegas neworleans kansascity oklahomacity greenbay washington saintlouis
    jacksonville columbus toronto montreal vancouver ottawa calgary edmonton winnipeg quebec
    mexicocity havana bogota lima santiago buenosaires riodejaneiro saopaulo caracas cairo lagos
    nairobi johannesburg capetown durban accra casablanca tunis algiers tokyo osaka kyoto seoul
    beijing shanghai guangzhou shenzhen hongkong taipei singapore bangkok hanoi manila jakarta
    kualalumpur delhi newdelhi mumbai kolkata chennai bangalore hyderabad karachi lahore dhaka
    tehran baghdad jerusalem telaviv dubai doha riyadh sydney melbourne brisbane perth adelaide
    auckland wellington canberra
    """
)
"""Large cities, run together, that people put before a team or behind a building."""
