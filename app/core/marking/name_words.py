"""Words by which a person's name is told from the name of anything else.

Lists of common words, not of people: they only decide whether a family name alone is an answer.
"""

from app.core.marking.vocabulary import grouped, listed

GIVEN_NAMES = listed(
    """
    abhishek achraf adela aishwarya akshay alanis allyson aly amitabh andrey angelique anitta
    anurag anwar arantxa arjen asafa asha ashleigh ashley avril axl barbra bernie bille bjork
    brendan brett britney bryan caetano cafu carles carmelo carole carrie casemiro casper
    cathy celia cesaria cesc chadwick chiwetel cillian clayton clyde connor conor curtis
    damian damon daniil dara davor debbie declan derrick dina dinah dionne dolores domhnall
    draymond drew eddy ederson eiichiro elise eliud emmitt endrick ennio enya etta evander
    fabiano francoise franka frenkie gabby gael garbine geraint giannis gladys golda gordie
    hakeem hicham hideaki hidetoshi hilary hirokazu hosni hrithik idris iga iker indila
    isabelle isiah jannik jared jaromir jarvis jasprit jeanne jenson joachim joni jonsi josh
    judit junji justine kajol kapil kareem kareena kathy kawhi keir keisuke kelly kendrick
    kenenisa kentaro khabib kieran kieren kimi kishore klay lamar larisa lata laurel lawrence
    layne leni lennox letitia libby lindsay liv lorena luchino luka lupita luther mads magnus
    mahela mahershala mamoru marat marcello marcelo marvin masashi menachem miley missy
    muammar mylene naoko nellie niall nicki nicklas nico nicolette niki nnamdi noomi novak
    nusrat odell oleksandr omara otis peyton rafa raheem rainer ranbir ranveer recep reggie
    ricky rishi rivaldo roberta rodrygo ronaldinho ronda ronnie ruud saddam sammy sanath
    saoirse scottie selena seve shakira shawn shinji shohei siouxsie stefanos stellan tadej
    teddy teemu terrell thandiwe thiago tiffany tigran timothee toshiro travis trent tulsi
    tupac tyson vinicius viswanathan vitali viv volodymyr wasim wesley whoopi wladimir xavi
    yohan youssou zakir zayn zendaya zersenay zico zvonimir
    alberto aleksander amelie andres antonin bedrich bohumil brigitte camila colette cristina didier
    dieter edouard eusebio ewa fernanda gennaro gianluigi gilles gonzalo gunther horst jawaharlal
    jiri jorg karel kazimierz kylian layla lena leos mateo mette mikael monika neymar oleg ousmane
    pawel rabindranath rodrigo rohit ryuichi santiago sunil virat zinedine
    aamir aaron abdul abigail abraham ada adam adele adolf adrian agatha agnes ahmed aisha akira
    al alan
    albert aldous alec alejandro aleksandr alessandro alex alexander alexandra alexandre alexei
    alfred ali alice alicia alison allan allen amanda amelia amy ana anatoly anders andre andrea
    andreas andrei andrew andy angela anita ann anna anne annie anthony antoine anton antonia
    antonio antony aretha ariana aristotle arnold arthur astrid audrey august auguste augustus
    barack barbara barry beatrice ben benedict benito benjamin bernard bernardo bernhard bertha
    bertrand beth betty bill billie billy blaise bob bobby boris brad bradley brian bridget bruce
    bruno camille carl carla carlo carlos carol caroline cary catherine cecil cecilia celine
    charlene charles charlie charlotte chris christian christina christine christoph christopher
    clara clarence claude claudia claudio clement cleo clint colin conrad craig cristiano cynthia
    daisy dan daniel daniela danny daphne dave david dean deborah demi denis dennis denzel derek
    diana diane diego dietrich dmitri dolly dominic don donald donna doris dorothy douglas duncan
    dwight earl ed eddie edgar edith edmund eduard eduardo edward edwin eileen elaine eleanor elena
    eli elijah elisabeth elizabeth ella ellen elon elton elvis emil emile emily emma emmanuel
    emmeline enrico enrique eric erica erich erik ernest ernst erwin esther ethan eugene eva evan
    eve evelyn ezra fatima federico felix ferdinand fernando fidel fiona florence frances
    francesca francesco francis francisco franco francois frank franklin franz fred freddie frederic
    frederick frida friedrich fritz fyodor gabriel gabriela gabriele galileo gary gaston gene
    genevieve
    geoffrey georg george georges gerald gerard gerhard gertrude gianni gilbert giorgio giovanni
    giulia giuseppe glen glenn gordon graham greg gregor gregory greta guglielmo guillaume guy gwen
    gustav gustave guido hannah hans harold harriet harris harry harvey hassan heather hector heidi
    heinrich helen helena helmut henri henrik henry herbert herman hermann hillary holly homer
    horatio howard hubert hugh hugo humphrey ian ibrahim ida ignacio igor ilya imran indira ingrid
    irene iris isaac isabel isabella isadora isambard ismail ivan ivy jack jackie jackson jacob
    jacqueline jacques jake james jamie jan jane janet janis jason javier jay jean jeff jeffrey
    jennifer jenny jeremy jerome jerry jesse jessica jesus jill jim jimi jimmy joan joanna joanne
    joao joaquin joe joel johan johann johanna johannes john johnny jon jonas jonathan jorge jose
    josef joseph josephine joshua joyce juan judith judy jules julia julian julie juliet juliette
    julio julius jurgen justin kaitlyn karen karin karl kate katharine katherine kathleen kathryn
    katie katy kazuo keith ken kenneth kevin kim kimberly kirk klaus konrad kurt kyle lady larry
    laura lauren laurence lea leah leo leon leonard leonardo leonhard leonid leopold leroy leslie
    lev lewis liam lillian linda lionel lisa lise liz lorenzo lou louis louisa louise luca lucas
    lucia lucy ludwig luigi luis lukas luke lydia lynn mabel madeleine maggie mahatma malala malcolm
    manuel marc marcel marco marcus margaret margot marguerite maria marianne marie marilyn mario
    marion marisa mark marlene marlon marsha martha martin martina mary matt matteo matthew matthias
    maurice max maximilian maya megan mel melanie melissa meryl mia michael michel michelangelo mick
    michele michelle miguel mikhail mike miles
    harper stevie kobe lebron shaquille oprah ringo jimmie ernie morgan whitney mariah celine shania
    beyonce dwayne tiger babe mickey yogi satchel jackie althea billie arianna angelina scarlett
    keanu leonardo quentin ridley ingmar akira satyajit hayao haruki yukio kazuo salman arundhati
    chinua wole ngozi kofi boutros ban desmond nelson winnie cyril jomo kwame haile idi robert
    rutherford ulysses woodrow calvin lyndon millard zachary grover chester dwight jimmy
    hedy greta audrey ava rita lana judy shirley bette joan mae clark cary humphrey spencer
    amelia neil buzz yuri valentina sally mae chuck orville wilbur alan christa
    tycho johannes nicolaus edwin carl stephen brian carolyn vera subrahmanyan
    ada grace tim linus bill larry sergey mark jeff satya sundar elon
    sigmund carl ivan jean noam bertrand ludwig soren immanuel georg baruch rene blaise
    pythagoras euclid archimedes hypatia leonhard evariste srinivasa emmy
    kanye jay-z eminem rihanna adele bono sting prince elton rod mick keith ozzy freddie
    hideki sadako mitsuko ichiro naomi yuki
    millie milton miriam mohamed mohammad mohammed mohandas
    molly monica morgan moritz moses muhammad muriel nadia nancy naomi napoleon natalia natalie
    nathan nathaniel neil nelson niccolo nicholas nick nicola nicolas nicolaus nicole niels nigel
    nikita nikola nikolai nina noah noam noel nora norma norman octavia oliver olivia olga orson
    orville oscar oskar otto owen pablo pamela paolo patricia patrick paul paula pauline pedro
    penelope percy perry pete peter philip phillip philippe pierre pietro priya pyotr quentin rachel
    rafael ralph ramon randy raphael raul ray raymond rebecca regina rene ricardo richard rick
    rita rob robbie robert roberto robin rodney roger
    roland rolf roman ron ronald thurgood rosa rosalind
    rosalyn rose rosemary ross rowan roy rudolf
    rudolph rudyard rupert russell ruth ryan sabrina sachin
    sally salman salvador sam samantha samuel sandra sandro sandy sara sarah sean sebastian serena
    serge sergei sergey sergio seth shane shannon sharon sheila sheryl shirley sidney sigmund
    silvia silvio simon simone sofia sonia sophia sophie spencer srinivasa stan stanley stefan
    stefano stella stephanie stephen steve steven stuart susan susanna suzanne sven svetlana
    sylvester sylvia taylor ted teresa terry thelma theodor theodore theresa therese thomas tim
    timothy tina toby todd tom tommy toni tony tracy trevor truman tyler ulrich ulysses umberto
    ursula usain valentina valerie vanessa venus vera veronica vicky victor victoria viktor vincent
    virginia vivian vladimir waldo walt walter warren wassily wayne wendy werner wilbur wilfred
    wilhelm will willem william willie wilma winston wolfgang woody yann yasser yitzhak yoko yuri
    yves yvonne zachary zoe алексей александр анна антон борис виктор владимир дмитрий иван лев
    мария михаил николай ольга петр пётр сергей
    adebayo aditya agnieszka ahmad akiko akio alain aleksandra alexis alfonso alfredo
    aliaksandr alina almaz alois amadou amartya amina amir amit amos anand anastasia andrzej
    angelo anh anil anja anjali annika antal anthea antje arata arjun armand arne arsene
    arturo arvid ashok asif asma atsuko attila aurelio ayaan ayesha ayumi aziz aziza bashir
    beata bela benazir bengt bernadette bernadine berta bertil birgit birgitta bjarne bjorn
    bogdan bohuslav boleslaw branko bronislaw bruna burak carmen carsten cecile chiara chidi
    chimamanda chiyo christer christiaan claes claire clelia clotilde consuelo corazon
    cornelia csaba czeslaw dagmar damien daria dario deepika demetrio denise desiree dinesh
    dipa dirk dmytro domenico dragan duc dusan ebba edita edvard efua egon eiji eirik
    ekaterina elfriede elina eliska elke ellinor emilia emilio emre enheduanna enzo erika
    erling ernestine ernesto erno esra eszter etienne eugenia eugenio eunice fabian fabio
    farid farida fatou fatoumata fela felipe ferenc ferhat ferran fiorella flavio florian
    fritjof fumiko funmilayo gabor galina gaspard geert gerda gerhart germaine gertrud ghassan
    giacomo giancarlo gilberto gina goran gottfried gottlieb grazia graziella grzegorz gudrun
    guillermo gunnar gunter gyorgy hakan hakim halina halldor hamza hanna hannes hannu harald
    haruko haruto hasan hedwig heike heikki heinz helga helge helmuth henning hideo hikaru
    hildegard hiroko hiroshi hisako hjalmar hortense hrvoje hussein iannis ignaz ildiko ilse
    imre ines inge ingeborg inger ioannis irina irma isao ishaan isidor istvan itzhak ivana
    ivar ivo jaakko jacek jacinda jadwiga jaime jana janos janusz jaroslav jelena jens jerzy
    joana joaquim jochen joern johanne jolanta joost jorn jovan juhani juliana julianna
    junichi junko jussi kaarina kaja kamal kamala karim karol karolina kasimir katalin
    katarina katerina katharina kathe katja katrin katsuko kavita keiko kenji kenzo khaled
    khalil kiran kiri kirsten kirsti klara knut koichi kristian kristina kristof krzysztof
    lajos lakshmi lars laszlo leena leila lennart leopoldo lidia liesl lilian ljubica lorenz
    lotte lubna lucie lucien ludmila ludovico ludvik luigia luisa lukasz maciej madhuri magda
    magdalena mahmoud maja makoto malgorzata mamadou manfred manoj manuela marek margareta
    margarete margarita margit margrethe marguerita mariana mariano marija marika marit
    mariusz marjorie marta marten mathias mathilde maurizio meena meera mehmet meiko merce
    michal michiko mieczyslaw mihai mika mikko mildred mileva milos minna mirjam miroslav
    mitsuo miyuki mohan moshe mustafa nadezhda nadine nagisa najib naoki narendra natsuo nawal
    neha nele nelly nermin nikolaus nikos nils nobuko norbert noriko odette odile olaf olav
    ole olena olivier olof omar onyeka orhan oriana ornella osamu osman otakar ottilie ottmar
    paavo padma parveen pascal patrice patrizia paulina paulo pavel peder pekka petra
    petronella petter piero pilar piotr pranab prasanta priyanka radovan rafal rahul raimund
    raisa rajesh rajiv ramesh ramona ranjit rashid ravi reiko reinhard reinhold remy renata
    renate renzo ricarda risto roald rocio rosalia rosalie rosaura roxana ruben ryoko sabine
    saburo sadio saeed safiya saida salma salvatore samira samuli sandor sanjay satoshi saul
    seiji selim seppo serhiy shigeo shigeru shinichi shinzo shirin shiro shunsuke siegfried
    sigrid sigurd silke silvana simona sindre sinead sinikka siobhan siv sixten slavko
    slobodan snezana sofya solveig sonja soraya stanislav stanislaw steffi steinar stig sumiko
    suresh susana susanne svante svein tadashi tadeusz tahar taika takashi takeshi tamar
    tamara tariq tarja taro tatiana tatsuya teodora terese tereza teuvo thabo theo thierry
    thilo thorbjorn tibor tihomir tilda timo tomas tomasz tomoko torbjorn tore torsten toshiko
    tove trine trygve tsuneo tuomas ugo ulla ulrike umar urszula usha uwe vaclav valdemar
    valeria vasco vasily veikko verner vicente vidya vijay vikram viktoria vilhelm ville
    vincenzo vinod violeta virginie vittorio vladimira vojtech volker waclaw wafaa walther
    wanda wangari wangechi wenche wiktor wilfried wilhelmina willibald winfried wislawa witold
    wladyslaw wojciech wolfram yaa yael yaroslav yasmin yasuhiro yasuko yehudi yelena yohji
    yolanda yosef yoshiko youssef yukiko yuko yulia yumiko yusuf yutaka yvette zaha zainab
    zbigniew zdenek zeynep zita zlatan zofia zoltan zora zsuzsa zygmunt
    """
)

FAMILY_FIRST = listed(
    """
    ban cao chen deng feng gao guo hu huang jiang liang liu luo mao nguyen peng shen tran tse wang
    wu xi xie xu yan yang zeng zhang zhao zheng zhou zhu
    """
)
"""Family names that stand before the given name, and are hardly ever anything else."""

NOT_FAMILY = listed(
    """
    act agreement airlines airport award awards bank bay beach board bowl bridge brothers building
    canyon castle cathedral center centre championship championships church city college committee
    company constant cooperative corporation council county court creek cup dam day desert disease
    district effect engine equation falls festival field formula foundation function garden gardens
    group hall harbour high hospital hotel house inc institute island islands junior lake law league
    library line mall memorial model motors mountain mountains museum news number office olympics
    orchestra palace park party peace plan point post press principle prison prize process project
    records republic reserve river road rock school sea series show society square stadium state
    station store stores street studios syndrome
    system tech telescope theater theatre theorem theory
    times tower town treaty trophy union united university valley village war wars way works world
    """
)
"""Last words of names that are not people's: Stanford University, Victoria Falls."""

RANKS = listed(
    """
    hm hrh majesty pres gen col capt cpt cmdr lieut maj adm gov hon sec sgt saint
    admiral ambassador archbishop archduke attorney baron baroness bishop boss brother
    captain cardinal
    ceo chairman chairwoman chairperson chancellor chef chief coach colonel commander commissioner
    congressman congresswoman corporal count countess czar dame detective director doctor dr duchess
    duke earl emperor empress father founder frau
    general governor head headmaster herr imam inspector
    judge justice kaiser king lady lieutenant lord lt madam madame mademoiselle magistrate maestro
    major marshal mayor minister miss mlle mme monsieur mother mr mrs ms mx officer pastor pope
    premier president prime prince princess principal prof professor queen rabbi rep representative
    rev reverend secretary sen senator senor senora
    sergeant sgt sheikh sheriff shri signor sir sister
    sultan superintendent tsar vice
    """
)
"""What may stand before a person's name."""

TELLING_TITLES = listed("dame dr lady mr mrs ms prof professor rev reverend sir")
"""Titles that only people have; there are generals that are motor works."""

GENERATIONS = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr"}

NICKNAMES = grouped(
    """
    zachary zack zac; nathaniel nate; nathan nate; samantha sam; alexandra alex; gabriel gabe;
    isaac ike; dwight ike; eleanor ellie nell; caroline carrie; deborah debbie debra; dorothy
    dot; frances fran; gerald jerry gerry; harriet hattie; herbert herb bert; isabella bella;
    jessica jess jessie; judith judy; kimberly kim; leonardo leo; louise lou; madeleine
    maddie; martin marty; maximilian max; melissa mel; mitchell mitch; nicole nicky; norman
    norm; pamela pam; penelope penny; rebecca becky; reginald reggie reg; roderick rod; rodney
    rod; russell russ; sidney sid; solomon sol; stanley stan; terence terry; theresa terry
    tess teresa; valerie val; virginia ginny; wilfred wilf; winston winnie; novak nole;
    gabriel gabo; jacob jack;
    abraham abe; albert al bert; alexander alex
    aleksandr alexandre; alfred fred; andrew andy andrei;
    anthony tony antony; barbara barb; benjamin ben; catherine katherine kathryn kate katie cathy
    kathy katharine; charles charlie chuck; christopher chris; daniel dan danny; david dave;
    dmitri dmitry; donald don; edward ed eddie ted; elizabeth liz beth betty elisabeth;
    fyodor fedor feodor; francis frank; franklin frank; frederick fred freddie frederic friedrich;
    gregory greg; harold harry; henry harry hank; jacob jake; jacqueline jackie; james jim jimmy;
    jennifer jenny; jeffrey jeff geoffrey; john johnny jack jon; johann john; jonathan jon;
    joseph joe josef; joshua josh; kenneth ken; lawrence larry laurence; leonard leo len; lev leo;
    leslie les; louis lou lewis luis; margaret maggie peggy meg; maria marie mary; matthew matt;
    michael mike mikhail michel; mohammed muhammad mohamed mohammad; nicholas nick nicolas nikolai
    nicolaus; nikita nick; oliver ollie; patricia pat; patrick pat; peter pete pyotr petr piotr;
    philip phil phillip; raymond ray; richard dick rick; robert bob rob bobby; ronald ron;
    rudolf rudolph; samuel sam; sarah sara; sergei sergey serge; sophia sofia sophie;
    stephen steve steven stefan; steven steve stephen; susan sue; theodore ted teddy theodor;
    thomas tom tommy; timothy tim; victor viktor; victoria vicky; vincent vince; walter walt;
    william bill will billy; yuri yury iurii juri jurij; петр пётр
    """
)
"""Short and other forms of one given name; they only count beside the right family name."""
