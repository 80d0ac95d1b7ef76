"""Words that names of companies, places and things are made of, and names that everybody knows."""

from typing import Final

COMMON: Final = frozenset(
    """
    abilities ability able aboard about above abroad accept accepted accidentally achieve acid
    acknowledged acres across act acting action activate activities activity actually adapt add
    added addition additional addressing adds administrators adopted ads adult adults advanced
    advancements advice advise advisor again against age ages agile ago agreed ahead alcohol
    alert algorithmic alien allow allowance allowed allowing allows along alpha already
    alternating alternative aluminium amazing ambulatory ammonia among amount amounts analog
    analysts analyzing ancient animal animals anime ankle annual anonymous another answered
    answers ants any anything apache apartment apartments api app appear appearance appears
    apples applications applied apply appreciate approach approved aquarium architecture
    archived arctic area areas around arrive arrived artisan artist artwork aside ask asked
    asking asks aspects assembly assist assistance associate astronaut async ate atmosphere
    atomic attempt attempting attended attending attention attic attorney audience audit auto
    automated automatic available average avoid awaiting aware awareness away awe awful awkward
    backend background backup backyard bacon bad bag bags bake baked bakery bakes baking balance
    balanced balcony ball balloon balloons balls baltic bamboo banana bananas band bands bar
    barren bars base based basement baskets batch batches bathroom bayesian beach beads beans
    bear bears beauty became become becomes bed bedroom beds beef been began begin beginning
    behavior behind being beings belgian beliefs believe bell benefit benefits berries beta
    better between beyond bikes bilateral bills binary biodiversity biologist birds birth
    biscuits black bleeding blend block blocked blocks blueberries bluetooth bodies body bonds
    boneless bones bonus book born botanist both bottle bottles bottom bottomless bought
    boundaries bowl boxes boy bracelets braised bread break breakfast breaks breakthrough bricks
    brief briefing bright brilliant bring bringing brings broadband broadcast broke broken
    brothers brought brown brownies bucket buckets buffer bug bugfix build builder building
    buildings built builtin bulbs bundle burger burgers burning burst business businesses butter
    buttons buy buying buys byte cable cached cake cakes calculate call callback called calls
    calories came camp can canary cancel cancellation cancelled candies candles candy cannot
    cans capabilities capable capacity caps capture caramelized carbon cardiac cards care career
    carefully carried carrots carry carrying cars carton cartons case cases cash cast catch
    catches caught cause caused causing ceiling celestial cell center centimeters cents
    centuries cereal ceremony certain certified cervical chairs challenge challenges challenging
    change changed changes changing channels character characters charge charged charges
    charging cheap cheaper checked checking checkpoint cheddar cheese cheque cherry chickens
    chief child children chimpanzees chips chocolate chocolates choice choose chopped chores
    chronic cinnamon cities civilization classes classified classroom clean cleaning clear
    climate climbed clipboard clone close closely clothes clothing cloud clouds club clue clues
    cluster coat coats cobalt coconut code codec coins collaborate collect collected collecting
    collection collective collects collision colonel colony colored colors combination combine
    combined come comes coming command comment commerce common communicate compared competition
    competitor compiler complete completed complex compliance component computers concept
    concerns conditional conditions confidential confirmed conflict conflicts connect connected
    connection connections connector consequences conservation consider considering consists
    console constant construction consult consultants consume consumed consumption contact
    contain contained container containers containing contains context continue continued
    contractor contribute contributed control controllers conversation convert convince cook
    cooked cookie cookies cooking cooperation coral corn corporal corporate correct cosmic
    cosmos costs coughing could count counted countless countries counts couple coupon courage
    courier court cover covered covers cow cows crackers cranial crash crates crayons crazy
    cream creamed created creating creation creative creativity creature creatures credential
    credit crime criminal crimson crisis critical cron cross crucial crunchy cryptic cubes cubic
    culinary culprit cultural culture cultures cup cupcakes cups curiosity curious currencies
    currency current currently cursed cursor customers customs cut cuts cutting cycling daisies
    damage damaged damn dance dark darkness dashboard day days death debit debug decaf deceased
    decide decided decides decision decisions decline declined decorations deduce deductions
    deeper deeply default defect degrees delayed delegated delete delicate delicious delighted
    deliver delivered delivers delta demo denies dense dental dependency deploy deposit
    deposited deputy describe description design designed designers desire desktop dessert
    destination detail detailed details determine develop developed development device devices
    diabetic diagnostic dial dialogue diamond did diet difference differences different
    difficult dimes dinner diplomat diplomatic dire direct directly directors directory disabled
    disappeared discontinued discover discovered discoveries discovery discrete discuss
    discussing dish dishes dismissed dispatch display disposable dispute distances distant
    distinct diverse divide divided document does doing dollar dollars dolls domain donate
    donated done donuts door doors double doubled doubles dough doughnuts down downtime dozen
    draft dragon drank drawing dread dreams dress dresses drink drinks drive driven driver
    drives driving dropped drops drove dry dual ducks due during dynamic each earlier early earn
    earned earnings earns earrings ears eat eaten eating eats eco economic economy ecosystem
    ecosystems edge editor education effect effectively effects efficiency efficient efforts egg
    eggs eight either elbow electric electricity elements elephants eleven else emails embedded
    embrace emerald emissions emit emotional emotions empathy emphasize employ empty enabled
    enabling enchanted encounter encountered encourage encryption end ended endpoint enemy
    engage engaging engineer engineers enhance enjoy enough ensuring enter entered enterprise
    entire entity entry envelopes enzyme episodes epsilon equal equally equals equation
    equipment era erasers error escape espresso essence essential establish established
    establishing eternal ethanol ethical even evenly eventually ever every everything evidence
    evolved exactly exam examine examining excellent exception exchanges exchanging excitement
    executive exercises existence expect expected expenses expensive experience experienced
    experiences experiments expert expertise experts expired explain explaining exploration
    explore exploring export extension extensive extra extreme eyes fabric fabulous face faced
    facing factors failed failure fair fall fallback fallen famous fantastic fantasy far farm
    farmer farther fascinating fast faster fastest fasting fats faulty favorite fear feathers
    features febrile federal fee feed feel feeling feelings fees feet fell female females fence
    feral few fewer fiat fiber fiction fictional field fields fifteen fifth figures file files
    fill filled filling fills filter financial find finding findings finds fine fingerprints
    finish finished firmware fish fishing fit five fix fixed flash flat flavor flavors flexible
    flies floor floors flour flower flowers fly flyers flying focus focusing fold folder follow
    followed following food foods foot footage footprints force forced forces forecast foreign
    form format formation forms forty forward forwarded fossil foster fostering found four
    fourth fractured frame free fresh friendly fries frogs frontend frozen fruit fruits fuel
    fuels fully function fund funds funny furniture further fusion futuristic gain gained galaxy
    gallery gallon gallons gamma garage garlic gas gastric gateway gather gathered gathering
    gave generations generic genome get gets getting ghost gift gifts give given gives giving
    glad glass glasses glazed glow goats goes golden goldfish gone goodbye goods got gotten
    government grade graders gradient gradually grains grams grand grapes graphics grass gravity
    greater green greenhouse grew grid grilled groceries grocery ground groups grow growing
    grown grows growth guests guidance guide gum gumballs guppies gym habitat habitats had hair
    half hall hallway hamburgers hand handle handler hands happened happening hardware
    harmonious harvest harvested has hash hats have having head header healing health healthcare
    healthy heard heart heat heavy held helium help helping helps hens hepatic herself hidden
    higher highly him himself hired historian historical hit hmm hold holding holds hole hollow
    home homemade homes homework hopefully horses hot hotfix hourly hours house houses hub huge
    humanity humans husband hybrid hydrogen hypertensive icon idea ideas identify identifying
    identity idle images immediately immense impact implications import importance important
    improve improved inactive inbound inch inches include included includes including income
    incoming incorporate incorrect increase increased increases increasing incredible index
    indicate indicates indicating individual individuals infernal influence infused ingredients
    inhabitants initial initially inline innovation innovative inorganic input insects inside
    insight insights inspiration inspired inspiring instead insurance intact integer intentions
    interaction interactions interest interests interface interim internal internet interstellar
    interview into intricate intriguing invalid invaluable invention invest investigate
    investing investment invited invoice involve involved involves involving iron issue
    iteration its itself jar jars jeans jelly jellybeans jewelry join journey juice jump jumps
    keep keeping keeps kept kernel key keyboard keynote kids kilogram kilograms kilometer
    kilometers kind kingdom kitchen kittens knee knew knight knives know knowledge known knows
    labor laid lambda land landing landscape language languages laps larger largest lasting late
    latency latest launch laundry law lawn lay layer lead leaders leading leads learn learned
    least leave leaves leaving lecture led left legacy legos legs lemon lemonade lemons lentil
    less lessons let letter letters lettuce levels license lies lieutenant life lift ligament
    lights like likely likes limit limits line linear lines link linked liquid list listening
    lit liter liters little live lives living load loads loan loaves locate located location
    locations locked logic login logistics logs lollipops long longer look looks loop lose loses
    losing loss lost lot loves lower loyalty lumbar lunch machines macro made magic magical mail
    main maintain maintaining maintenance make makes making male males manage managed management
    managers mango mangoes manipulate mansion manual many marbles marine marked markers market
    marketing marks married mashed mass massive master masterpiece match matches material
    materials math matter maximum meal meals mean meaning means measures meat medical medicine
    medieval meet memory men mental merchant mercury merge message messages metadata metal meter
    meters method methods meticulously mice mid might mighty migration mile military milk mind
    mine minimize minimum minor minutes missing mission mistake mix mixed mixture mobile model
    modern module moment moments money monitor monthly months more most motion motive motives
    move moved movement movements movies moving mozzarella mph much muddy muffins multiple
    multiply multiplying municipal murder muscle mushrooms must mutual myself mysterious mystery
    mystic nails named nameless narrator narrow native natural nausea navigate near nearby
    necessary necklace necklaces need needed needs neighborhood net nether network newly next
    nice nickel nickels nightly nights nine ninety nitrogen node noir non none nonprofit nope
    normal normally note notebooks nothing notice noticed notification novel novels null number
    numbers numerous nutrients nutritionist nuts object objects observation observations observe
    observed observing obsidian occurred oceans off offered offering offers offline offshore
    often oil old older omega once one ones ongoing onions online only onto oops open opened
    opening opportunity optic optical optional oral oranges ordered orders organic oriented
    original originally other others ouch ounce ounces out outbound outdated outgoing output
    outside oven over overall overcome overdue overtime own owns oxygen pack package packets
    packs paid paint painting paintings paints pair pairs pancakes panels pants papa paper
    papers parcel parking parser part partial particles particular particularly parties parts
    pass passcode passed passion passive password pasta patch path patio pattern patterns pay
    paying payload payments payroll pays peace peaceful peaches peanut peanuts peculiar pen
    pencil pencils pending pennies pens pepper peppers per percent percentage perform performing
    period periodic permanent perpetrator person personal perspective pet petals pets phantom
    philosopher phishing phones photos physical pick picked picking picks pie piece pieces pies
    piggy pigs pills pin pints pipeline pirate pizza pizzas place placed places plane planets
    planks planned planning plans plant planted plants plastic plate plates play played playing
    plays plot plugin plus pocket point pointer points political pollution polynomial pond pool
    popcorn popular population port portable portfolio portion position positive possess
    possibility possible possibly post postal postman postponed pot potassium potatoes
    potentially potion pots pound pounds power powered powerful powers practice practices
    practicing prayer precious pregnant prepaid prepare prepared preparing presence present
    presented presents preserving pretty prevent preview previous previously prey price
    priceless primary prime principal principles printing prioritize privacy private prize
    problems process procurement produce produced produces products professional profile profit
    profound progress projects promote promoting proper properties property propose proprietary
    propulsion prosperity protect protection protein protocol prototype prove provide provided
    provider provides providing proxy public pulled pulmonary pumpkin puppies puppy purchase
    purchased purchases purpose pursuit push put puts puzzle quadratic quarter quarters
    questions queue quick quickly quite rabbit rabbits race rained raise raised ran random range
    rapid rare rash rate rates rather ratio raw reach reaching read reading reads ready real
    reality realized really realm reason reasoning reasons receive received receives receiving
    recent recently recipe recognize recommend record recover rectangle recurrent recurring
    reduce reduced reducing reefs reference refurbished regarding regional registered regression
    regular reign rejected related relations relationship release relevant reload rely remain
    remainder remained remaining remains remarkable remember remote remove removed renal
    renewable renewal renowned rent rental repair repairs replace replica repo repository
    represent representatives representing represents request requested require requires
    research reset residences resigned resilience resolution resolve resolved resource resources
    respect respectively response responsible rest restart restored restrictions result
    resulting retail retired retrospective retry return returned returns reveal revenue reverse
    reverted review rice ride rides riding right rights rise risk risks risotto roasted robot
    rock rockets rocks rode rogue role roll roller rolling rolls roof room rooms root rope roses
    rotten rounds route router routine row rows running runs runtime sacred safe safely safety
    said salaried salary sale sales salmon salt salted same sand sandbox sandwich sandwiches
    sauce savage save saved saves saving savings saw say says scale scene scheduled schema
    schools sci scientific scientist scoops scope score scored scores scratch script sealed
    search searching seashells season seasonal seasoned seasons seats secondary seconds secret
    secrets sections sector secure see seed seeds seeing seek seeking seem seemingly seems seen
    sees select sell selling sells semester seminar send sense sent sentient separated sergeant
    serial series seriously serve served server serves service serving servings session set sets
    seven seventy several shadow shadows shall shape shaped shaping share shared sharing sharks
    sheep sheets shelf shell shells shelter shift ship shirt shirts shoe shoes shop shopping
    short shorter shots should show showcasing showed showing shown shows shredded shrimp
    siblings side sides sigma signature significance significant signs silent silly silver
    similar simple single sisters sit site situation situations six sixty skilled skills slack
    sleep sleeping sleeps slice slices smaller smoked snack snacks snakes snapshot snow soap
    social societal societies socks soda sodas sodium soft soil solar sold sole solve solving
    some something songs soon sounds source sources space spacecraft spaces spaceship speak
    special specialists specialized specializes specializing species specific speech spell spend
    spending spends spent spiced spinal spine spirit split spoons sports spots spotted spread
    spreadsheet square squares stability stable stack stainless stairs stale stamps stand
    standard standing standup stars start started starting starts statement statements static
    statues status stay steak steamed steps stickers sticks stochastic stolen stones stop stops
    storage stores stories storm story straight strange strategies strawberries stray stream
    streets strength stress strict string stripes strive strong structure structures struggle
    struggling studies study studying stuffed stupid style subjects submit subscription subtract
    success successful such sugar suggest suggests suit sum sunlight super superior supermarket
    supplier supplies supply support supported supposed supreme surface surgical surrounding
    surroundings surveillance survival survive suspect suspects suspended suspicious sustainable
    sweaters sweet sweets swim swimming swollen symbol symbols sync syntax system tables
    tablespoons tablet tacos tag take taken takes taking talk talking tall taller tank tanks
    target task tasked tasks taste tax taxes teachers teaspoons technique techniques teeth tell
    temperatures template temporary ten tendon term terminal terms terrace terrible test text
    texts texture than thanks theft their them theme themselves theory thermal thermodynamic
    thief thing things think thinking third thirds thirty thoracic though thought thoughts
    thread threats three threw thrice thrive through throughout throw throws thunder ticket
    tickets tiles timeline timeout times tip tips tires tissue token tokens told tomato tomatoes
    took top topped topping torn total totally touch toward towards towels town toy toys trace
    track tracking trade traders traditional traffic trail train trains transaction transactions
    transfer transferred transferring transfers transform transport trash travel traveled
    traveling travels trays treasure treats tree trees trending trial triangle tried trigger
    trip triple trips trucks true truly trust truth try tulips turn turned turning turns turtles
    twenty twice twilight two typed types typical ultimate ultimately unable unassigned
    unavailable uncover undead under understand underwater undisclosed unemployed unfortunately
    unified unique unity universal unknown unpaid unremarkable until unusual unverified upcoming
    updated upgrade uplink upload upon upper ups upstream urban use used uses using usually
    utility utilizing vacuum valid valuable value values variety various vascular vase vast
    vector vegetable vegetables vehicle vehicles vendor verification verified vibrant vice
    victim view village virtual virus visit visited visiting vital voice vomiting votes wait
    waiting waived walk walked walking walks wall wallet walls wandering want wanted wants
    warehouse warm warning was wash washed washing waste watch watched watches watching
    watermelon way ways wealthy weapon wear wearing weather web webhook webinar weekdays
    weekends weeks weigh weighed weighs weighted weights went were whales whatever wheel wheels
    wheezing whereabouts whether which white whole wholesale wicked wide widespread widget
    widowed wife wildlife win wind window wine winged wings winning wins winter wired wireless
    wisdom wise wish withdraw withdrawal withdrew withheld within without witness witnessed
    witnesses wizard women won wonderful wood wooden words work worked worker workers workflow
    working works workspace worms worth would wow wrist write writes written wrong wrote yard
    yards yeah yearly years yep yesterday young younger yourself yup zero zinc zip zoo
    """.split()  # noqa: SIM905 - quotes around every word would hide the words
)
"""Words of English that dialogues, exercises and files of settings write in small letters, without
those that are given names, too."""
COMMON_SURNAMES: Final = frozenset(
    """
    ball bell black book bright brown cash close cook cross day diamond driver farm farmer field
    fields fish flower flowers foster glass golden green hand head heard heart house iron key
    knight land law lawn line link little long marks merchant nice pepper plant pond pool post
    pound power powers price quick read rice rock root sales salmon sand savage ship short
    silver snow standing storm story strong sweet wall weeks white winter wise wood worth yard
    young
    """.split()  # noqa: SIM905 - see above
)
"""Of those words the ones that are surnames, too."""
COMMON_ABROAD: Final = frozenset(
    """
    guten danke bitte deutsche deutscher deutsches neue neuer neues alte alter grosse grosser
    kleine kleiner gesamte offene offener technische technischer allgemeine städtische stadt
    stadtwerke haus verein verband amt bundesamt finanzamt landesamt gemeinde sparkasse
    volksbank bäckerei autohaus praxis kanzlei firma werk möbel maschinen nicht noch keine kein
    siehe vertrieb einkauf buchhaltung versand kundenservice beratung vollzeit teilzeit buenos
    buenas banco caja correos gran grande nuevo nueva servicio servicios grupo empresa tienda
    centro atención departamento oficina equipo gobierno ministerio ayuntamiento hola gracias
    sin no bonjour bonsoir merci banque société service équipe grand nouveau nouvelle mairie
    cabinet maison centre direction ministère caisse crédit assurance assurances pas sans non
    buongiorno buonasera grazie banca società servizio servizi gruppo ufficio nuovo nuova comune
    azienda reparto settore studio agenzia nessun senza bom boa serviço serviços loja nova novo
    equipe setor prefeitura ministério obrigado obrigada goedemorgen goedemiddag bank gemeente
    afdeling dienst nieuwe groep bedrijf winkel geen vereniging dzień dobry dział biuro nowy
    nowa sklep urząd zespół spółka brak god goda tack avdelning företag ny nytt inget kommun
    förening müşteri banka şirket yeni iyi merhaba hizmetleri belediyesi genel добрый доброе
    банк отдел служба компания новый новая нет общество центр администрация министерство türk
    svenska dansk danske norsk norske suomen nederlandse vlaamse polski polska polskie česká
    magyar română российский альфа poste italiane italiana italiano ferretería taller farmacia
    panadería carnicería librería papelería peluquería restaurante hotel clínica hospital
    colegio instituto universidad cuenta nómina pedido habitación boulangerie pharmacie
    librairie boucherie clinique lycée collège université compte commande chambre panificio
    ristorante albergo clinica ospedale scuola università conto ordine camera farmácia padaria
    colégio universidade conta quarto apotheke metzgerei krankenhaus schule hochschule
    universität zentrale privat konto bestellung zimmer land bund kreis bezirk apteka szpital
    szkoła eczane hastane okul otel аптека больница школа гостиница fra från rede globo rádio
    canal primeiro первый первая канал радио почта россии россия сбербанк lengua castellana
    """.split()  # noqa: SIM905 - see above
)
"""Words of other languages that names of companies, departments and greetings begin with."""
OF_FIRMS: Final = frozenset(
    """
    admins operators users groups village belt ag ltd llc inc gmbh corp kg sa srl plc bv nv sro
    kft bank banks banking airlines airways motors motor cars foods energy logistics insurance
    partners group holding holdings hotels hospital clinic clinics healthcare pharma
    pharmaceuticals laboratories labs systems solutions consulting capital ventures trust fund
    foundation institute university college academy school stores store mart market markets
    depot outlet bakery brewery restaurant cafe bistro grill pizzeria deli catering construction
    builders plumbing electric electrical engineering manufacturing industries international
    global worldwide telecom communications wireless networks broadcasting times post herald
    tribune journal gazette magazine press publishing media entertainment studios games records
    united city town county state district department ministry council agency authority office
    bureau committee commission board union association federation league club society church
    railways rail railroad transport freight shipping trucking lines cruise cruises travel tours
    resorts resort casino properties realty estates development developments mills works foundry
    buy explorer browser studio server desktop cloud app apps pro plus premium suite edition
    tool toolkit library sdk bot bahn werke stadtwerke versicherung versicherungen maschinenbau
    bau handel elektronik technik verlag krankenkasse sparkasse volksbank apotheke klinik
    klinikum bäckerei brauerei vertrieb einkauf verkoop abteilung kundendienst support service
    services sales marketing accounting billing payments procurement purchasing operations
    administration santander bancaria seguros telecomunicaciones construcciones transportes
    hermanos asociados comercial ventas soporte assurances frères fils assurance commercial
    client clients assicurazioni fratelli figli acquisti vendite commerciale clienti
    verzekeringen inkoop klantenservice bouw hizmetleri sigorta bankas\u0131 поддержки продаж
    банк страхование valley beach island islands river mountain mountains heights springs bay
    harbor harbour creek square plaza street avenue road bridge station airport terminal traders
    trading retail gas groupe gruppe gruppo grupo групп группа telekom spel images theme donuts
    edison reederei warenhandel grosshandel einzelhandel administrators court central centrale
    moderne moderno corriente person vergabe consortium residences rockets express enterprise
    mechanics robotics analytics dynamics logistik spedition transporte reisen hausverwaltung
    immobilien steuerberatung rechtsanwälte ingenieure architekten
    """.split()  # noqa: SIM905 - see above
)
"""Words that end the names of companies, departments, products and places."""
BRANDS: Final = frozenset(
    """
    adobe microsoft apple google amazon oracle cisco intel nvidia amd ibm sap siemens bosch
    philips samsung sony panasonic toshiba hitachi lenovo dell asus acer huawei xiaomi nokia
    motorola canon nikon kodak epson xerox lexmark logitech garmin gopro bose jbl beats
    sennheiser nintendo playstation xbox sega atari ubisoft activision blizzard steam discord
    slack zoom skype whatsapp telegram facebook instagram twitter youtube tiktok snapchat
    pinterest reddit linkedin spotify netflix hulu disney pixar marvel lego mattel hasbro nike
    adidas puma reebok asics gucci prada chanel hermes rolex omega swatch toyota honda nissan
    mazda subaru mitsubishi suzuki hyundai kia volkswagen audi bmw porsche opel skoda fiat
    ferrari lamborghini maserati peugeot renault citroën citroen dacia volvo saab scania tesla
    chevrolet ford cadillac chrysler jeep dodge buick jaguar bentley harley yamaha kawasaki
    ducati vespa boeing airbus embraer cessna lufthansa ryanair emirates qantas delta expedia
    airbnb uber lyft paypal stripe visa mastercard amex ikea walmart costco tesco lidl aldi rewe
    edeka carrefour auchan mercadona zara mango primark sephora starbucks mcdonalds subway
    nestlé nestle unilever danone pepsi heineken guinness bacardi nespresso gmail outlook
    hotmail icloud github gitlab bitbucket jira confluence trello asana notion figma docker
    kubernetes jenkins ansible terraform grafana prometheus elastic kafka redis postgres mysql
    mongo spring hibernate maven gradle django flask laravel symfony rails react angular vue
    svelte python java kotlin scala golang perl php swift cobol fortran matlab android windows
    linux ubuntu debian fedora centos firefox chrome safari opera mozilla apache nginx bitcoin
    ethereum dogecoin pfizer moderna bayer roche novartis merck astrazeneca basf allianz axa
    zurich vodafone telefónica verizon comcast san santo saint sankt puerto port fort mount
    north south east west upper lower northern southern eastern western central costa sierra rio
    cape isle nova terra villa casa alta baja nord süd sud ost bad the les contoso northwind
    fabrikam initrode globex umbrella cyberdyne tyrell vandelay hooli adventureworks tailspin
    wingtip acme getty con pacific atlantic kaufland dunkin taco jekyll hugo gatsby lake loch
    """.split()  # noqa: SIM905 - see above
)
"""Words that names of products, programs and places begin with."""
FAMOUS: Final = frozenset(
    """
    Morgan Stanley|Charles Schwab|Edward Jones|Raymond James|Franklin Templeton|Goldman Sachs
    Wells Fargo|Merrill Lynch|Lehman Brothers|Standard Chartered|Lloyds Tsb|Credit Suisse
    Société Générale|Crédit Agricole|Banco Santander|Best Buy|Home Depot|John Lewis
    Marks Spencer|Albert Heijn|Jean Coutu|Tim Hortons|Mary Kay|Estée Lauder|Estee Lauder
    Elizabeth Arden|Yves Rocher|Victoria Secret|Ralph Lauren|Calvin Klein|Tommy Hilfiger
    Hugo Boss|Louis Vuitton|Christian Dior|Giorgio Armani|Michael Kors|Kate Spade|Yves Saint
    Paul Smith|Ted Baker|Levi Strauss|Eddie Bauer|Foot Locker|Urban Outfitters|Banana Republic
    Jack Daniels|Johnnie Walker|Jim Beam|Ben Jerry|Uncle Ben|Aunt Jemima|Dr Pepper|John Deere
    Harley Davidson|Rolls Royce|Aston Martin|Alfa Romeo|Land Rover|Volvo Cars|Mercedes Benz
    General Motors|General Electric|General Mills|Philip Morris|Johnson Johnson|Eli Lilly
    Merck Sharp|Hewlett Packard|Texas Instruments|Palo Alto|Deloitte Touche|Ernst Young
    Arthur Andersen|Mckinsey Company|Procter Gamble|Kimberly Clark|Baker Hughes
    Lockheed Martin|Northrop Grumman|Raytheon Technologies|Thomson Reuters|Warner Bros
    Walt Disney|Fisher Price|Toys Us|Mozilla Thunderbird|Mozilla Firefox|Google Chrome
    Microsoft Edge|Visual Studio|Android Auto|Steam Deck|Nintendo Switch|Xbox Live
    Spotify Premium|Netflix Premium|Adobe Acrobat|Linux Mint|Red Hat|Ruby Rails|Django Rest
    Laravel Nova|Costa Rica|Puerto Rico|Buenos Aires|Hong Kong|Sri Lanka|Saudi Arabia
    Cape Town|Tel Aviv|Kuala Lumpur|Rio Janeiro|Sierra Leone|El Salvador|Baton Rouge
    Des Moines|Monte Carlo|Addis Ababa|Abu Dhabi|Papua Guinea|Real Madrid|Aston Villa
    Crystal Palace|Tottenham Hotspur|Bayern München|Bayern Munich|Borussia Dortmund
    Inter Milan|Hello Kitty|Super Mario|Mickey Mouse|Donald Duck|Darth Vader|Sherlock Holmes
    Harry Potter|Hermione Granger|Frodo Baggins|Bruce Wayne|Clark Kent|Peter Parker|Tony Stark
    Indiana Jones|James Bond|Robin Hood|Peter Pan|Homer Simpson|Lara Croft|Luke Skywalker
    Winnie Pooh|Santa Claus|Captain America|Optimus Prime|Gandalf Grey|Jon Snow
    Katniss Everdeen|Pink Floyd|Led Zeppelin|Deep Purple|Daft Punk|Rolling Stones|Iron Maiden
    Jethro Tull|Lynyrd Skynyrd|Def Leppard|Uriah Heep|Arctic Monkeys|Imagine Dragons
    Maroon Five|Taylor Swift|Michael Jackson|Elvis Presley|Johann Bach|Bob Dylan|David Bowie
    Freddie Mercury|Johnny Cash|Jimi Hendrix|Miles Davis|Louis Armstrong|Maine Coon
    Golden Retriever|Jack Russell|Cocker Spaniel|Shih Tzu|Basset Hound|Border Collie
    Great Dane|Granny Smith|Earl Grey|Eggs Benedict|Caesar Salad|Bloody Mary|Tom Collins
    Mai Tai|Piña Colada|Aloe Vera|Ginkgo Biloba|Homo Sapiens|Rosa Parks|Mardi Gras|Feng Shui
    Tai Chi|Albert Einstein|Isaac Newton|Marie Curie|Charles Darwin|Leonardo Vinci
    William Shakespeare|Jane Austen|Charles Dickens|Mark Twain|Abraham Lincoln
    George Washington|Thomas Jefferson|Barack Obama|Donald Trump|Joe Biden|Nelson Mandela
    Mahatma Gandhi|Winston Churchill|Adolf Hitler|Napoleon Bonaparte|Julius Caesar
    Jesus Christ|Pablo Picasso|Steve Jobs|Bill Gates|Elon Musk|Ada Lovelace|Alan Turing
    Grace Hopper|Linus Torvalds|Queen Elizabeth|King Arthur
    Charlie Hebdo
    """.strip()
    .replace("\n    ", "|")
    .split("|")
)
"""Names of companies, products, places, characters and people of history that look like a given
name and a surname."""
