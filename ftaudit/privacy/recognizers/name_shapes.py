"""Shapes of names in a dozen scripts, and words that stand where names do and are none."""

from typing import Final

from ftaudit.model.lazy_pattern import LazyPattern

UPPER: Final = "A-ZÀ-ÖØ-ÞĀ-ŽΆ-ΏΑ-ΫЀ-Я\u1ea0-\u1ef9"
LOWER: Final = "a-zß-öø-ÿā-žά-ώа-џ\u0131\u01a1\u01b0\u1ea0-\u1ef9"
WORD: Final = rf"[{UPPER}][\w'\u2019-]{{0,24}}[{LOWER}]\b"
PART: Final = rf"(?:{WORD}|[{UPPER}]\.)"
PARTICLE: Final = r"(?:(?:van|von|de|der|den|da|di|la|le|bin|al|el|ter|dos|du)[ ]){0,2}"
NAME: Final = rf"{PART}(?:[ ]{PARTICLE}{PART}){{0,3}}"
FULL: Final = rf"{WORD}(?:[ ]{PARTICLE}{PART}){{1,3}}"
CAPITALS: Final = rf"[{UPPER}][{UPPER}'\u2019-]{{1,24}}\b"
CAPITAL_NAME: Final = rf"{CAPITALS}(?:[ ](?:{CAPITALS}|[{UPPER}]\.?)){{0,3}}"
CAPITAL_FULL: Final = rf"{CAPITALS}(?:,?[ ](?:{CAPITALS}|[{UPPER}]\b\.?)){{1,3}}"
HEBREW: Final = (
    r"[\u05d0-\u05ea][\u05d0-\u05ea'\u05f3\"-]{1,14}"
    r"(?:[ ][\u05d0-\u05ea][\u05d0-\u05ea'-]{1,14})?"
)
ARABIC: Final = r"[\u0621-\u064a\u0671-\u06d3]{2,15}(?:[ ][\u0621-\u064a\u0671-\u06d3]{2,15}){0,2}"
CHINESE: Final = r"[\u4e00-\u9fff]{2,4}"
JAPANESE: Final = (
    r"[\u4e00-\u9fff\u3005]{1,4}[ \u3000]?"
    r"[\u4e00-\u9fff\u3005\u3041-\u3096\u30a1-\u30fa]{1,5}"
)
KOREAN: Final = r"[\uac00-\ud7a3]{2,4}"
_SIGNS: Final = r"[\u0900-\u0963\u0971-\u09e3\u0b82-\u0bcd\u0c00-\u0c56]"
INDIC: Final = rf"{_SIGNS}{{2,15}}(?:[ ]{_SIGNS}{{2,15}}){{0,2}}"
"""Devanagari, Bengali, Tamil and Telugu."""
THAI: Final = r"[\u0e01-\u0e4e]{2,20}(?:[ ][\u0e01-\u0e4e]{2,20})?"
UNCASED: Final = rf"(?:{HEBREW}|{ARABIC}|{JAPANESE}|{CHINESE}|{KOREAN}|{INDIC}|{THAI})"
ANY_NAME: Final = rf"(?:{NAME}|{CAPITAL_NAME}|{UNCASED})"
ENTRY: Final = (
    rf"(?:[{UPPER}]\.?[ ]{CAPITALS}|{FULL}|{CAPITAL_FULL}|{NAME}|{CAPITAL_NAME}|{UNCASED})"
)
"""What fills a field for a name: the longest form that fits."""
KOREAN_SURNAMES: Final = (
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주"
    "우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕"
)
CAMEL: Final = LazyPattern(
    r"[a-z]{2}[A-Z][a-z]+[A-Z]|^(?!De|Di|Mac|Van|Von)[A-Z][a-z]{3,}[A-Z][a-z]+$|[A-Z]{3}[a-z]"
    r"|^[A-Z]{2}[a-z]{2,}|[A-Z]{3}-[A-Z][a-z]|^(?:Str|App|Int|My|Get|Set|Dir|Abs|Any|Sub|Pre|Out"
    r"|Raw|Obj|Map|Api|Url|Key|Job|Web|Sys|Arr|Num|Opt|Bool?|Char|Json|Xml|Html)[A-Z][a-z]+$"
    r"|^[A-Z][a-z]+(?:I[dD]|Arn|Key|Url|Type|Name|List|Info|Ref|Code)s?$"
)
"""A class or a type in code: StatesFunctionName, FirstName."""
NOT_A_NAME: Final = frozenset(
    """
    I The This That These Those You Your We They He She It My Our His Her Customer Support Sir
    Madam Madame Team All Everyone Everybody Friend Friends There Here Hello Hi Hey Dear Thanks
    Thank Regards Sincerely Best Yes No Please Monday Tuesday Wednesday Thursday Friday Saturday
    Sunday January February March April May June July August September October November December
    Mr Mrs Ms Miss Dr Prof American British French German English Sorry Glad Just Not Sure Going
    Looking Trying Happy Interested Calling Writing Assistant User Mom Dad God Doctor Professor
    Lord Lady King Queen Human Siri Alexa Manager Hiring Committee Santa Diary Journal Sirs
    Valued Guest Members Client Student Students Class Colleagues Lawyer Detective President
    Captain Chef Coach Teacher Nurse Officer Judge Director Editor Reader Readers Ladies
    Gentlemen Folks Guys Boys Girls World Earth Earthlings Worried Concerned Bank Company
    Department Service Services Office Name Full First Last Google Apple Amazon If When What
    Where Why How Who As In On At For And But Or So To From With By Of A An Is Are Do Also Then
    Now Well Oh Okay Ok Since While After Before Because Although However Today Tomorrow
    Christmas Easter Halloween Universe Nature Moon Sun Sea Ocean Future Past Self Mayor Senator
    Principal Chancellor Minister Commissioner Recruiter Landlord Neighbor Neighbour Parents
    Mother Father Grandma Grandpa Sister Brother Uncle Aunt Son Daughter Baby Love Honey Darling
    Subject Date Address Phone Email Street Road City State Country Inc Ltd Llc Corp Group
    Foundation Apt Suite Unit Box University College School Hospital Institute Museum Church
    Park Hotel Voucher Holder Holders Winner Winners Applicant Applicants Candidate Candidates
    Shareholder Shareholders Investor Investors Taxpayer Resident Residents Homeowner Homeowners
    Tenant Tenants Employee Employees Colleague Partner Partners Vendor Supplier Buyer Seller
    Shopper Account Card Cardholder Policyholder Beneficiary Donor Donors Supporter Supporters
    Volunteer Volunteers Parent Guardian Guardians Patient Patients Passenger Passengers Traveler
    Traveller Player Players Gamer Developer Developers Admin Administrator Webmaster Recipient
    Sender Users Owner Owners Council Board Panel Staff Crew Community Family Families Neighbors
    Neighbours Listener Listeners Viewer Viewers Fan Fans Follower Followers Citizen Citizens Voter
    Voters Ambassador Delegate Delegates Chairman Chairperson Chair Secretary Treasurer Registrar
    Dean Provost Whomever Whom Valued Loyal Prospective Potential Fellow Esteemed Respected Author
    Authors Subscriber Subscribers Homebuyer Learner Learners Pupil Pupils Visitor Visitors Caller
    Agent Agents Chatbot Bot Computer World Internet Journal Amazonian Contributor Maintainer
    Maintainers Reviewer Reviewers Participant Participants Attendee Attendees Sponsor Gentleman
    Lady Ma'am Maam Sirmadam Herr Frau Señor Señora Monsieur Signor Signora Doktor Kunde Kundin
    Kundinnen Damen Herren Sie Ihnen Euch Ihr Ihre Ihren Votre Vous Très Muy Molto Kundenservice
    Cordialmente Dich Product Project Software Install Deploy Build Run Setup Check Checkout Lint
    Publish Release Upload Download Kunden Kollegen Kolleginnen Freunde Mitglieder Colleghi Soci
    Clienti Klant Klanten Equipo Équipe Equipe Squadra Soporte Atención Dirección Direction Ventas
    Producto Produit Prodotto Informe Rapport Relatório Archivo Empresa Kundendienst Redaktion
    Create Update Configure Ensure Cache Validate Verify Generate Restart Enable Disable Clone Fetch
    Compile Import Export Docker Python Node Kubernetes Terraform Dependencies Production Staging
    Pipeline Workflow Continuous Integration Delivery Deployment Checks Issues Tests Test Preflight
    Downstream Upstream Scorecard Analyze Analysis Cluster Engine Instance Orchestration Coverage
    Docs Documentation Nightly Benchmark Benchmarks Linux Windows Ubuntu Security Scan Stale Labels
    Labeler Dependabot CodeQL Quality Format Formatting Static Matrix Artifacts Artifact Lock Bump
    Compute Setting Settings Config Configuration Environment Step Stage Job Task Rule Policy
    Network
    Stable Critical Acute Chronic Severe Mild Chest Condition Actions Science Learning Browser Order
    Back Later Maybe States United Society Société News Radio Добрый Доброе
    Accounts Payable Receivable Payroll Procurement Reception Helpdesk
    Good Morning Afternoon Evening Night Great Welcome Of Course Absolutely Perfect Awesome
    Review Sync Cleanup Notify Notification Smoke Regression Performance Package Packages Module
    Plugin Template Example Sample Default Custom Public Private Internal External Global Local
    Member Patron Patrons Alumni Alumnus Commuter Commuters Renter Renters Riders Drivers Graduates
    Shoppers Passholder Cardmember Enthusiast Enthusiasts Homemaker Prime Premium Gold Platinum
    Application Data Licensing Information Dos Pc Sql Access Exchange
    Abstract Air Airport Album Algebra Allergy Anniversary Answer Anybody Anyone Artificial
    Assigned Asthma Audio Babbo Back Baseball Basket Basketball Bathroom Battery Bedroom Bicycle
    Big Bike Biology Birthday Blood Blue Boat Brain Brand Budget Burger Bus Button Cable Cafe
    Camera Cancer Capsule Car Cart Cat Category Cats Century Chapter Chemistry Chess Chicken
    Christkind Cinema Coffee Cold Color Colour Concert Conclusion Conference Cost Cough Course
    Daily Dark Dead Deal Deep Depot Depth Desk Diabetes Discount Distance Dog Dogs Dolphin Dose
    Drug Easy Economics Energy Engine Event Events Example Exercise Factory Festival Fever Fire
    Flight Flu Football Front Game Games Gaming Garden Gazette Geography Geometry Goal Goals Hard
    Headline Height High History Hockey Holiday Horse Hour Ice Image Index Injection Intelligence
    Introduction Inventory Invoice Item Items Keyboard Kidney Kitchen Laptop Large Learning Length
    Lesson Level Library Light Liver Low Lung Machine Magazine Mathematics Medium Meeting Menu
    Minute Mobile Monitor Month Morning Motor Music Natale Neural Newspaper Night Nobody Offer
    Option Options Orange Overview Pages Pain Paragraph Party Payment Philosophy Phone Photo
    Physics Picture Pink Pizza Plan Planet Poker Pressure Printer Problem Programming Purple
    Quantity Question Quote Red Refund Report Required Restaurant Retriever Round Router Salad
    Screen Second Section Seminar Sensor Sentence Shark Shipping Simulation Size Skin Small Smoke
    Soccer Solution Somebody Someone Song Soup Speed Station Statistics Stock Store Strategy
    Summary Surgery Switch Table Tablet Tea Temperature Tennis Theater Theatre Therapy Third Time
    Title Training Treatment Truck Type Unassigned Vacation Vaccine Video Virus Volume Warehouse
    Water Wedding Week Weekend Weekly Weight Weihnachtsmann Whale Width Window Workshop Year
    Yellow Yet
    Präsident Bürgermeister Kollege Kanzler Pfarrer
    Beautiful People Lovely Amazing Wonderful Speaker Presidente Ober Congress Parliament Release
    Notes Unit Units
    Firstname Lastname Surname Forename Table Chart Figure Sheet Spreadsheet File Folder Draft Final
    Version Report Proyecto Projet Progetto Projekt Película Film Movie Brigade Police Ambulance
    Rescue Emergency Fire New Authorized Representative Banco Banque Banca Books Press Tour Really
    Very Always Never Still Too So Man Woman Excel Word Tower Bridge
    Contributors Technologies Technology Systems Labs Studios Studio Networks Solutions Industries
    Enterprises Holdings Limited GmbH Consortium Association Organization Organisation Corporation
    Hat Microsystems Semiconductor Electronics Entertainment Publishing Records Pictures Media
    Interactive Digital Framework Library Core Utils Tools Toolkit Plugins Commons Parser Client
    Nom Nome Nombre Prénom Cognome Apellidos Vorname Nachname Voornaam Achternaam
    Feuerwehr Polizei Notruf Rettungsdienst Notarzt Giftnotruf Pompiers Bomberos Policía Ambulancia
    Polizia Carabinieri Polícia Bombeiros Politie Brandweer Policja Pogotowie Straż Полиция Скорая
    Database Server Senior Junior Cliente Clientes Client Clients Usuario
    """.split()  # noqa: SIM905 - quotes around every word would hide the words
)
_NOUN: Final = LazyPattern(
    r"[a-z]{3}(?:tions?|sions?|ologies|ology|graphy|ality|ivity|ility|ational|istics?|metrics?)$"
    r"|(?:[Ss]oft|[Hh]ard|[Ff]irm|[Mm]al|[Mm]iddle)ware$|(?<!Cl)(?:e|i|u|a)ments?$"
)
"""Endings of nouns and adjectives that no name has."""
NO_VALUE: Final = frozenset(
    """
    none null nil nan n/a na unknown undefined anonymous true false string str text varchar char
    charfield textfield stringfield field column optional required literal any object int integer
    number date boolean value name first last full test testing example sample default empty self
    some body incomplete key person persons location organization entity token label text html
    this input output output data json user admin root guest enter your please select insert
    varying type model redacted removed deleted masked hidden tbd todo xxx foo bar baz nombre nom
    stable critical male female alert adult inpatient outpatient discharged deceased
    ssn dob age gender username
    pflichtfeld pflichtangabe freitext erforderlich obligatorio obligatoire facultatif optionnel
    opcional obbligatorio facoltativo obrigatório verplicht обязательно необязательно
    必填项 选填 必須 任意 필수 선택 مطلوب اختياري
    pendiente desconocido desconocida anónimo anónima inconnu inconnue anonyme unbekannt anonym
    onbekend anoniem sconosciuto anonimo desconhecido desconhecida nieznany nieznane bilinmiyor
    неизвестно неизвестен неизвестна аноним нет 未定 匿名 未知 不明 未設定 未填写 暂无 无 無し なし
    测试 測試 テスト 테스트 示例 例 样例
    请填写 必填 请输入 待定 保密 本人 无名 要記入
    본인 없음 미정 익명 무명 אנונימי אלמוני مجهول अज्ञात ไม่ระบุ
    """.split()  # noqa: SIM905 - see above
) | {"לא ידוע", "לא ידועה", "غير معروف", "غير محدد", "لا يوجد", "keine angabe", "non renseigné"}
"""What fields for names hold in code and forms instead of one."""
ARTICLES: Final = frozenset(
    [
        "Le",
        "La",
        "Les",
        "El",
        "Los",
        "Las",
        "Il",
        "Lo",
        "Gli",
        "I",
        "Das",
        "Die",
        "Der",
        "Het",
        "O",
        "A",
        "Os",
        "As",
    ]
)
"""How a team signs: "Le Service Client"."""
CHINESE_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕"
    "丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤張劉陳楊黃趙吳馬"
    "羅鄭許韓馮鄧蕭葉蘇呂盧鍾譚陸"
)
"""Surnames of nine in ten people in China, and as they are written in Taiwan."""
CHINESE_DOUBLE: Final = "欧阳|歐陽|司马|司馬|诸葛|諸葛|上官|司徒|东方|南宫|夏侯|皇甫|慕容|令狐"
"""Chinese surnames of two characters."""
QUESTIONS: Final = ("何", "誰", "什么", "什麼", "谁", "무엇", "누구", "क्या", "อะไร", "מה", "ماذا")
"""Words of questions: "what is my name"."""
JAPANESE_SURNAMES: Final = (
    "佐藤|鈴木|高橋|田中|伊藤|渡辺|渡邉|山本|中村|小林|加藤|吉田|山田|佐々木|山口|松本|井上|木村|林|斎藤|斉藤"
    "|清水|山崎|森|池田|橋本|阿部|石川|山下|中島|石井|小川|前田|岡田|長谷川|藤田|後藤|近藤|村上|遠藤|青木|坂本"
    "|福田|太田|西村|藤井|岡本|藤原|金子|中野|三浦|中川|原田|松田|竹内|小野|田村|中山|和田|石田|森田|上田|原|内田"
    "|柴田|酒井|宮崎|横山|高木|安藤|宮本|大野|小島|谷口|今井|工藤|高田|増田|丸山|杉山|村田|大塚|新井|小山|平野|藤本"
)
"""The hundred commonest surnames of Japan."""
NO_UNCASED: Final = frozenset(
    [
        "学生",
        "老师",
        "中国人",
        "一个",
        "一名",
        "一位",
        "学生。",
        "認為",
        "来自",
        "在这",
        "不是",
        "你的",
        "この",
        "学生です",
        "한국인",
        "조선인",
    ]
)


def may_be_a_name(word: str) -> bool:
    """Say whether a word with a capital may be part of a name."""
    plain = word.rstrip(".,")
    if _NOUN.search(plain):
        return False
    return plain not in NOT_A_NAME and not (plain.isupper() and plain.capitalize() in NOT_A_NAME)
