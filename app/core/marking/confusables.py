"""Pairs of words a slip or two apart that are two words: no typo of each other.

Plural, British and American spellings are not here; endings of chemistry and negating prefixes
have rules of their own.
"""

_GROUPS = """
friction fiction; horse hoarse; heart hart;
 insulin inulin; athens athena; seoul soul; china chin chia; paris pairs parish;
spain spin; iran iraq; nepal naples; niger nigeria; austria australia; slovakia slovenia;
mali malta malawi; gambia zambia; guinea guiana; dominica dominican; india indian;
korea korean; russia prussia russian; sweden swedish; greece grease; turkey turkic; cuba cube;
chile chili child; peru pero; oman roman; norway conway; georgia georgian; boston houston;
mitosis meiosis mitotic miotic; anion cation onion union; proton photon proteon;
photons photos protons photo; neutron neuron;
electron election; ration ratio; nuclear nucleus; mucous mucus; ureter urethra; ilium ileum;
humerus humorous; tibia fibula; malleus mallet; thalamus hypothalamus; palate palette pallet;
carpal tarsal; carpals tarsals; metacarpal metatarsal; peroneal perineal peritoneal;
venous venus; artery artist; pleural plural; facial fascial; labial labile; radial radical;
afferent efferent; abduction adduction; absorption adsorption; aphasia aphagia; dysphasia
dysphagia dysplasia; arthritis arteritis; atherosclerosis arteriosclerosis; prostate prostrate;
glycogen glucagon glycerol; glucose gluconate galactose; lactose lactase lactate; maltose maltase;
sucrose sucrase; fructose fructase; cellulose cellulase cellulite; amylose amylase; protease
protein proteins; lipase lipids; ribose ribosome; thymine thiamine thymidine; cytosine cytokine;
adenine adenosine guanine; cysteine cystine; leucine lysine; serine serene; tyrosine thyroxine;
digoxin digitoxin; ketamine ketoprofen; prednisone prednisolone; hydralazine hydroxyzine;
chlorine fluorine chloride; bromine bromide; iodine iodide; silicon silicone; magnesium manganese;
radium radon rhodium; rubidium ruthenium; thallium thulium thorium; hafnium holmium; curium
cerium; germanium geranium; titanium tantalum; barium boron; argon arson;
carbon carton; nickel pickle; copper copter; silver sliver; oxygen oxide; ozone ovine;
meteor meter; comet comment; planet plant planets; plants planet; solar polar; lunar linear;
crater carter; orbit obit; galaxy galley; weather whether; climate climax; erosion emotion
explosion; corrosion corrasion; gravity gravidity; velocity veracity; mass moss; weight height;
angle angel; breath breadth breathe; desert dessert; causal casual; marital martial; trial trail;
lose loose; moral morale; personal personnel; principal principle; stationary stationery;
complement compliment; council counsel; affect effect; accept except; advice advise;
adverse averse; allusion illusion elusion; altar alter; assure ensure insure; bazaar bizarre;
berth birth; board broad; calendar colander; cannon canon; censor sensor censure; cite site;
coarse course; conscience conscious; coral choral; corps corpse; decent descent dissent;
device devise; diary dairy; elicit illicit; emigrate immigrate; emigration immigration;
eminent imminent; envelop envelope; erupt eruption; fair fare; farther further father;
formally formerly; forth fourth; genus genius; hoard horde; human humane; idle idol; later latter;
libel label liable; mantle mental; mantel mantle; medal metal model; metal mettle; miner minor;
naval navel novel; ordinance ordnance; peace piece; pedal petal; perpetrate perpetuate; poplar
popular; precede proceed; prescribe proscribe; profit prophet; prosecute persecute;
quiet quite quit; reality realty; regime regimen; rational rationale; right night light fight might
eight sight; salmon salon; sever severe; statue statute stature; steal steel;
tenant tenet; tortuous torturous; trust thrust; vain vein; verses versus; wander wonder;
plaintiff plaintive; defendant dependant; libel liable; larceny lacing; murder murmur;
custody custard; bail bale; battery buttery; assault asphalt; parole payroll; felony felon;
treason reason; estate state; tort torte; equity equality; mortgage mortgagor mortgagee;
lessor lessee lesser; employer employee; payer payee; trustor trustee; donor donee;
violin viola violet; cello hello; flute fluke; treble tremble; tenor tenon; minor miner;
sonata sonnet; cantata cantina; opera operas; rhythm rhyme; quaver quiver; chord cord;
tempo temple; largo cargo; allegro allegra; crescendo decrescendo; batman
barman; rugby ruby; tennis tents; soccer sorcerer; hockey jockey; racket rocket; discus discuss;
relay delay; spring sprint; sprint splint; table cable; stable table; three there tree;
seven several; eight eighth weight; fifteen fifty; thirteen thirty; fourteen forty; sixteen sixty;
seventeen seventy; eighteen eighty; nineteen ninety; million billion trillion; minute minutes;
north south; east west; northern southern; eastern western; winter water; summer simmer;
brown crown; black block; white while whole; green greed; orange range; purple people;
house horse mouse; horse morse; sheep sleep; sheet sheep; whale while; shark sharp; snail snake;
mouth month south; heart hearth earth; liver river lever; kidney sidney; brain braid train grain
drain; spine spire pine; spleen spline; throat threat; tongue tonne; stomach stomata; blood flood
bloom; blind blend; birth berth; death dearth health; wealth health; sound round; south sound;
stamen stigma; pistil pistol; stamen semen; pollen fallen; petals pedals; sepals petals;
marble maple; basalt salt; granite granted; shale share; slate state plate; quartz quarts;
bacon beacon; bacteria bacterial; virus viral; fungus fungi fungal; larva lava larval; algae alga;
alkane alkene alkyne; ester ether; ethyl methyl; phenol phenyl; aldehyde ketone; amide amine imine;
nitrate nitrite nitride; sulfate sulfite sulfide; phosphate phosphite; chlorate chlorite chloride;
rein rhein rhine; green greene; smallpox smallbox; hearing healing herring heating; andes antes;
pride prize; muses moses; painter pointer printer planter; baker banker barker broker; bride
bridge; clown crown crowd cloud; click clock; coach couch; count court; coast coats; flame frame;
floor flour; globe glove; grace grade grape graph; glass grass; major manor mayor; marine marina;
mother moth; plane plate place; price prince; purse pulse; satin saturn; scale scare; score store
stone stove shore; shelf shell; skate state stake; snack snake; space spice; staff stiff stuff;
steak stick stock stack; stork storm; timer tiger; track truck trunk trick; valley volley; villa
viola; watch witch; wheat wheel; widow window; brick brook; broom bloom; carol coral; castle
cattle; chain chair; clove clover; cover clover; crash crush; drift draft; dying doing; driver
diver; eager eagle; fisher fishes; founded funded; great greet; guess guest; identity identify;
inferior interior; internal interval; invert invent; leader reader; loader leader; magic music;
maker marker; march match; martin martian margin; matter mutter; mature nature; motion notion;
option opinion; patent parent; party parity; pitch patch; phase phrase phrases; poetry pottery;
poster pastor; prefect perfect; prone prune prove probe; protect project; quality qualify; radio
ratio; related relaxed; reply relay replay; roller ruler; rower rover; sample simple; sender
sander; shipper skipper; singer signer; slice splice; smoke spoke; spelling spilling; spring
string; starter smarter; strike stroke; swallow shallow; tables tablets; tailor trailer; tracker
trucker; training turning; trader traitor; treat threat; tutor tudor; waiter water writer; wording
working; welding wedding; boxer boxes; hamlet helmet hammer; herod heron hero; helen helena; juno
june; saul paul; venice venus; cyprus cypress; vesta vespa; ruben rubens; monet manet; handel
handle; bach back; holst holt; grieg greek; milton milan; byron brown; hobbes hobbit; locke lock;
sartre satyr; bronte bronze; dante danube; ghana guyana; latvia lithuania; benin berlin; chad
chile; tonga tango; samoa samosa; tobago tobacco; havana savanna; lagos laos; manila vanilla;
zagreb zebra; minsk mink; essen hesse;
""".replace("\n", " ")

CONFUSED: frozenset[frozenset[str]] = frozenset(
    frozenset((one, other))
    for group in _GROUPS.split(";")
    for one in group.split()
    for other in group.split()
    if one != other
)
"""Each pair of words that are confused with each other, in lower case."""
