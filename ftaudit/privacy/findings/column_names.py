"""What columns are called that describe a person or hold a secret, in thirty languages.

A column's name is read word by word, in whatever spelling (`custNm`, `cust_nm`, `Cust. Nm.`):
words for whose value it is and words such as "number" are left out, and what remains is looked up.
The answer is one cue for all of them, which the recognizers know.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from ftaudit.model.lazy_pattern import LazyPattern

PERSON: Final = "person_name"
"""Cue for a name of any form."""
PARTY: Final = "contact_person"
"""Cue for a full name: such columns hold names of companies and users, too."""
CLIENT: Final = "customer"
"""Cue for a full name where a company is as likely."""

_HOLDERS: Final = frozenset(
    """
    customer cust client clnt user usr member mbr patient pat pt employee emp staff worker student
    pupil applicant candidate contact cnt recipient sender owner holder cardholder accountholder
    policyholder primary secondary caseworker lawyer attorney judge counsel notary coach trainer
    player
    captain crew courier hostess pilot sibling wife husband son daughter godfather godmother
    brother
    sister uncle aunt heir executor trustee investor shareholder director ceo cfo founder artist
    composer photographer editor translator interviewer interviewee moderator speaker presenter
    delegate voter citizen inmate detainee prisoner officer complainant petitioner deceased
    consignee
    consignor shipper registrant organizer organiser invitee surgeon therapist dentist pharmacist
    midwife carer caregiver nanny chef waiter cashier clerk dealer broker banker adviser advisor
    consultant engineer developer programmer designer mechanic technician operator inspector
    examiner professor lecturer instructor mentor mentee intern trainee apprentice scholar alumnus
    scientist researcher investigator journalist writer poet actor actress singer musician athlete
    referee hunter farmer soldier veteran mayor senator minister candidate informant bearer
    creditor debtor lender lessee lessor licensee social alt
    alternate main home work office business personal private
    emergency billing bill shipping mailing delivery legal spouse partner parent guardian
    mother mothers father fathers child insured subscriber caller guest passenger driver doctor
    physician provider attending nurse teacher tutor author agent rep representative payee payer
    beneficiary nominee tenant landlord resident witness claimant plaintiff defendant debtor
    borrower guarantor buyer seller donor volunteer attendee participant respondent victim suspect
    person people reviewer manager supervisor signer signatory account acct card policy real
    preferred daytime evening current permanent residential property location sales
    kunde kunden mitarbeiter versicherungsnehmer empfanger absender bearbeiter sachbearbeiter
    kontakt arzt patient mitarbeiterin patienten versicherten schuler mieter bewohner inhaber
    karteninhaber kontoinhaber ansprechpartner notfall privat
    cliente clientes paciente empleado alumno titular solicitante inquilino contacto usuario
    patiente salarie employe eleve locataire titulaire demandeur
    paziente dipendente studente inquilino titolare richiedente intestatario
    funcionario aluno requerente segurado
    klant medewerker werknemer leerling huurder patient patienten
    klient klienta klientki pracownik pracownika pacjent pacjenta ucznia
    musteri hasta ogrenci calisan personel
    kund kundens patientens anstalld kundens medarbejder kunder ansatt
    asiakas asiakkaan potilas potilaan tyontekija tyontekijan
    pelanggan pasien karyawan siswa pemilik
    zakaznik zakaznika klienta pacienta zamestnance
    ugyfel beteg client clientului pacientului angajat
    клиента клиент пациента пациент сотрудника сотрудник заявителя получателя покупателя ученика
    студента пользователя владельца
    """.split()  # noqa: SIM905 - quotes around every word would hide the words
)
"""Whose value a column holds; accents are taken off."""
_PARTIES: Final = frozenset(
    """
    recipient sender guest payee addressee consignee bearbeiter sachbearbeiter personresponsible
    arrestingofficer
    caseworker lawyer attorney surgeon nominativo payer beneficiary nominee tutor landlord spouse
    reviewer signer
    signatory claimant respondent debtor guarantor plaintiff defendant salesperson cardholder
    accountholder policyholder accountmanager salesrep shipto billto soldto attn attention
    nextofkin
    emergencycontact attendingphysician signedby approvedby preparedby contactperson kinname
    intestatario получатель отправитель покупатель destinatario destinataire empfanger absender
    kontoinhaber karteninhaber versicherungsnehmer mieter vermieter 收件人 寄件人 负责人 受取人
    """.split()  # noqa: SIM905 - see above
)
"""Columns called for a person; full names are found in them."""
_CLIENTS: Final = frozenset(
    """
    customer customers client clients buyer seller kunde kunden kundin auftraggeber cliente clientes
    klant klanten kund kunder kunderna klient klienci musteri zakaznik ugyfel pelanggan asiakas
    клиент клиенты клієнт owner displayname participant speaker presenter teacher
    instructor manager supervisor doctor driver salesrep
    """.split()  # noqa: SIM905 - see above
)
"""Columns called for a party, which hold companies and roles, too."""
_BESIDE: Final = frozenset(
    """
    ort stadt land betrag preis menge alter datum gruppe abteilung rolle beruf stelle status
    bemerkung ville pays montant prix age groupe service metier statut remarque ciudad pais importe
    precio edad fecha grupo puesto estado citta paese importo prezzo eta data gruppo ruolo stato
    cidade valor preco idade funcao woonplaats plaats bedrag prijs leeftijd datum afdeling functie
    miasto kwota cena wiek stad belopp pris alder avdelning sehir tutar fiyat yas tarih durum
    город сумма цена возраст дата отдел должность статус kota jumlah harga umur tanggal
    beschreibung description descripcion descrizione descricao omschrijving opis beskrivning
    """.split()  # noqa: SIM905 - see above
)
"""Heads of the columns beside those of people."""
_NUMBERS: Final = frozenset(
    """
    no nr num number numbers klartext plain plaintext initial initiale temp temporary old new 초기
    full all nbr nummer numero num. n numer numara numarasi nomor cislo szam номер
    value val raw clean main primary
    """.split()  # noqa: SIM905 - see above
)
"""What says but that a column holds a number."""
_LINKS: Final = frozenset(
    """
    of the on to de del da do di du von der des van la le et y e i a
    """.split()  # noqa: SIM905 - see above
)
_NAMES: Final = frozenset(
    """
    name names nm fullname full_name nombre nom nome naam namn navn nama nimi jmeno imie adi ime
    nume nev имя имена
    """.split()  # noqa: SIM905 - see above
)
"""Words for a name, which need a word for whose it is: products have names, too."""

_CUES: Final = {
    PERSON: """
    shiptoname fullname fullnames firstname fullnm cstmrname usrname kundenvorname empfangername
    vorundnachname lastname middlename surname forename givenname familyname
    maidenname
    fname lname mname firstnm lastnm custname custnm clientname empname ptname patname contactname
    globalname nameoncard legalname realname preferredname nickname birthname
    vorname nachname familienname rufname geburtsname kundenname patientenname mitarbeitername
    nombrecompleto apellido apellidos primernombre segundonombre primerapellido segundoapellido
    nombreapellidos nombreyapellidos
    prenom prenoms nomfamille nomdefamille nomcomplet nomprenom nometprenom nomnaissance
    nomecompleto cognome nomecognome nominativo cognomenome nomeecognome sobrenome apelido
    nomecompleto
    voornaam achternaam voorenachternaam klantnaam volledigenaam tussenvoegsel patientnaam roepnaam
    imienazwisko nazwisko imieinazwisko nazwiskoimie imie
    adsoyad adisoyadi soyad soyadi isimsoyisim hastaadi musteriadi
    fornamn efternamn fulltnamn kundnamn fornavn etternavn efternavn fuldenavn fulltnavn kundenavn
    etunimi sukunimi kokonimi asiakasnimi
    namalengkap namadepan namabelakang
    jmeno prijmeni jmenoprijmeni jmenoaprijmeni menopriezvisko priezvisko krstnemeno
    vezeteknev keresztnev teljesnev ugyfelneve
    prenume numecomplet imeiprezime numeclient numefamilie imeprezime prezime
    hoten hovaten tenkhachhang tenbenhnhan
    фио фамилия отчество прізвищеімя фамилияимя имяклиента піб прізвище
    ονοματεπωνυμο επωνυμο
    氏名 お名前 顧客名 お客様名 契約者名 ご氏名 顧客氏名 患者氏名 担当者名 利用者名 会員名 姓名
    客户姓名 联系人 患者姓名 收货人
    이름 성명 고객명 환자명 직원명 회원명
    שםמלא שםפרטי שםמשפחה שםלקוח שםהלקוח שםהמטופל
    الاسم الاسمالكامل اسمالعميل اسمالمريض اسمالموظف
    नाम पूरानाम ชื่อ ชื่อสกุล ชื่อนามสกุล
    """,
    "phone_number": """
    phone phones ph phn phoneno viber signal telegramphone tel telno telnr telephone mob mobile
    mobileno cell cellphone fax
    msisdn whatsapp contactno contactnumber callbacknumber smsnumber callerid landline
    telefon telefonnummer telefonnr handy handynummer handynr mobil mobilnummer rufnummer festnetz
    telefono telefonomovil movil celular numtel telfijo
    telephoneportable telportable portable numerodetelephone numerotelephone
    cellulare recapitotelefonico telefone telemovel
    telefoon telefoonnummer telefoonnr mobiel gsm gsmnummer
    ceptelefonu ceptel cep cepno matkapuhelinnumero telefonnumarasi puhelin puhelinnumero
    matkapuhelin tlf tlfnr mobilnr
    hp nohp notelp nomortelpon telpon nomorhp nomortelepon telepon
    telefoncislo mobilnicislo telefonszam
    телефон телефона тел моб мобильный номертелефона
    電話 電話番号 携帯 連絡先電話番号 联系方式 联系方式号码 携帯番号 电话 手机 手机号 手机号码
    联系电话 電話號碼 手機
    전화 전화번호 휴대폰 휴대폰번호 연락처
    טלפון נייד מספרטלפון هاتف الهاتف رقمالهاتف جوال رقمالجوال موبايل
    फोन फोननंबर เบอร์มือถือ मोबाइल मोबाइलनंबर sodienthoai dienthoai sdt เบอร์โทร เบอร์โทรศัพท์
    """,
    "date_of_birth": """
    dob dobdate birthdate birthday bday birthdt dateofbirth dtofbirth born bornon birth birthdtm
    geburtsdatum geburtstag gebdatum gebdat geb geburt
    fechanacimiento fecnac fechanac nac fnac fechadenac fnacimiento nacimiento fnac
    datenaissance naissance datenais datedenais dtnaissance nele neele datenaiss ddn
    datanascita nascita datanasc dtnascimento natoil natail datanascimento dtnascimento nascimento
    dtnasc nasc
    geboortedatum geboorte gebdatum dataur dataurodzenia urodzenia dogumtarihi dogum
    fodelsedatum fodselsdato fodelsedag fodt syntymapaiva datumnar szuldatum fodsel syntymaaika
    datumnarozeni narozeni datumnarodenia
    szuletesidatum szuletes datanasterii nasterii datumrodenja
    tanggallahir tgllahir lahir ngaysinh
    датарождения рождения датарожд деньрождения датанародження
    生年月日 誕生日 出生日期 出生年月 生日 생년월일 생일 תאריךלידה تاريخالميلاد जन्मतिथि जन्मतारीख
    जन्मदिन วันเกิด
    """,
    "email": """
    email emails mail mails emailaddress emailadresse mailadresse emailaddr mailaddr epost
    epostadress
    correo correoelectronico courriel adressemail adressecourriel postaelettronica indirizzoemail
    enderecoemail emailadres adresemail eposta sahkoposti surel alamatemail emailova emailcim
    メール メールアドレス 邮箱 电子邮箱 電子郵件 이메일 почта электроннаяпочта адрес_почты דואל
    البريدالإلكتروني ईमेल อีเมล
    """,
    "iban": "iban ibannumber ibannr bankiban",
    "ssn": "ssn socialsecurity socialsecuritynumber socsec socsecno ss socsecnum ssnumber ssno",
    "address": """
    address addr addressline street streetaddress streetname streetaddr residence
    anschrift adresse strasse wohnort wohnadresse wohnortstrasse hausanschrift lieferadresse
    rechnungsadresse direccion domicilio calle adressepostale indirizzo residenza endereco morada
    logradouro adres adresa adress straat ulica osoite katuosoite alamat sokak cim lakcim bydliste
    住所 地址 住址 주소 адрес адреса адреспроживания כתובת العنوان عنوان पता diachi ที่อยู่
    """,
    "bank account number": """
    accountnumber accountno decuenta accountnbr acctno acctnum acctnumber bankaccount
    bankaccountnumber bankaccountno
    bankacct checkingaccount savingsaccount kontonummer kontonr bankkonto numerocuenta
    cuentabancaria
    numerocompte comptebancaire contobancario numeroconto contabancaria contacorrente
    rekeningnummer
    numerkonta 口座番号 银行账号 계좌번호
    """,
    "card_number": """
    cardnumber cardno cardnum ccnum ccnumber cc ccno creditcard creditcardno creditcardnumber
    debitcard kartennummer kreditkarte numerotarjeta tarjeta numcarte cartebancaire cartebleue
    numerocarta cartadicredito cartao cartaocredito kaartnummer 卡号 银行卡号 カード番号 카드번호
    номеркарты
    """,
    "passport_number": """
    passport passportno ppno nrpaszportu nrpassport passportnumber passportnum passno passportid
    traveldocument traveldoc
    traveldocumentnumber reisepass reisepassnummer passnummer passnr pasaporte numpasaporte
    passeport
    passaporto passaporte paspoort paspoortnummer paszport pasaport 护照 护照号 護照號碼 旅券番号
    パスポート番号 여권번호 паспорт номерпаспорта דרכון מספרדרכון جوازالسفر
    """,
    "driver's license": """
    driverlicense driverslicense drvlicno drivlicno fuhrerscheinnr permisno carnetconducir
    driverlicence driverslicence drivinglicense drivinglicence
    driverlicensenumber dlnumber dlno dln dlnum licensenumber licenceno fuhrerschein
    fuhrerscheinnummer
    permisdeconduire patente carnetdeconducir rijbewijs ehliyet 运転免許証番号 驾驶证号
    """,
    "national_id": """
    nationalid idnumber natid personalnumber personalid cinumero numcedula numdoc docid docidnumber
    idno identityno identitynumber governmentid govtid govid citizenid
    residentid
    idcard idcardno idcardnumber identitycard civilid nin
    ausweisnummer personalausweis ausweisnr personalausweisnummer steuerid steueridentnr
    steuernummer idnr
    steueridentifikationsnummer sozialversicherungsnummer svnummer svnr rvnr
    rentenversicherungsnummer
    ahv ahvnummer ahvnr
    dni nif nie documento numdocumento nrodocumento documentoidentidad identificacion cedula curp
    rfc
    rut cuil cuit nss rg codicefiscale codfiscale codfisc cf cartaidentita carteidentite
    nir secu numsecu numerosecu numerosecuritesociale rijksregisternummer
    pesel numerpesel rodnecislo cnp jmbg oib egn amka afm
    personnummer personnr pnr cpr cprnr cprnummer hetu henkilotunnus
    tckn tckimlik tckimlikno tcno kimlik kimlikno aadhaar aadhar aadhaarcard aadhaarnumber uidai
    nik ktp noktp nomorktp cccd cmnd
    taxid tin taxpayerid taxidentificationnumber sin socialinsurancenumber tfn nino ninumber nino
    nationalinsurance nationalinsurancenumber nino nhs nhsnumber
    رقمالهوية الرقمالقومي инн inn снилс иин паспортныеданные 身份证 身份证号 身份证号码 证件号码
    証件
    個人番号 マイナンバー 주민등록번호 rrn
    """,
    "bsn": "bsn burgerservicenummer sofinummer",
    "cpf": "cpf numcpf numerocpf",
    "fodselsnummer": "fodselsnummer fnr",
    "teudat zehut": "teudatzehut tz תז תעודתזהות מספרזהות",
    "pan": "pan panno pannumber pancard pancardno",
    "medical_record_number": """
    mrn medicalrecordnumber hospno caserecordno caserecord patientenid patientid medrecno medrecnum
    medicalrecordno chartno chartnumber patientid
    patientno
    patientnumber hospitalno hospitalnumber patientennummer patientennr dossierpatient
    numerodossier
    historiaclinica
    """,
    "insurance_id": """
    insuranceid insurancenumber policynum insurancecard versicherungsnummer versicherungsnr nassure
    numeropoliza insuranceno memberid policynumber policyno insurancepolicyno
    healthinsuranceid subscriberid medicare medicarenumber medicareno medicaid medicaidid mbi
    healthcard versichertennummer versichertennr kvnr krankenversicherungsnummer
    """,
    "vin": """
    vin vehiclevin vinnumber chassisno chassisnumber chassis vehicleid fahrgestellnummer fin
    bastidor telaio numerochassis
    """,
    "imei": "imei imeino imeinumber iccid",
    "imsi": "imsi",
    "password": """
    clave motdepasse passwort contrasena senha parola wachtwoord passord kodeord пароль 密码 密碼
    パスワード ログインパスワード 登录密码 비밀번호 סיסמה كلمةالمرور pwplain mdp jelszo losenord
    salasana katasandi matkhau psk wifikey wlanschlussel
    kennwort passwort parolaaccesso adgangskode lozinka haslo sifre heslo
    """,
    "api_key": """
    stripekey openaikey deploykey serverkey integrationkey slacktoken ghtoken
    githubtoken gitlabtoken npmtoken pypitoken sshkey pgpkey masterkey sharedkey storagekey
    """,
}
"""Cue → what columns are called that hold such values: without spaces, marks and accents."""
_CUE_OF: Final = {name: cue for cue, names in _CUES.items() for name in names.split()}
_WORD: Final = LazyPattern(r"[^\W_\d]+[\u0300-\u0e7f]*")
_TURN: Final = LazyPattern(r"(?<=[a-zß-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-zß-ÿ])")
_LONGEST: Final = 8
"""Words of the longest name that is read."""
_MARKS: Final = {ord("ß"): "ss", ord("ø"): "o", ord("ł"): "l", ord("\u0131"): "i", ord("đ"): "d"}


@lru_cache(4096)
def cue_of(name: str, *, whole: bool = False) -> str:
    """Return the cue for the values of a column; empty when its name says nothing of a person.

    With `whole` no word is left out: `num_phones` counts phones, `num_cpf` is a number.
    """
    words = _words(name)
    if whole or not 0 < len(words) <= _LONGEST:
        return _CUE_OF.get("".join(words), "")
    if "".join(words) in _PARTIES:
        return PARTY
    if "".join(words) in _CLIENTS:
        return CLIENT
    for rest in _cores(words):
        joined = "".join(rest)
        cue = _CUE_OF.get(joined) or _CUE_OF.get(joined.removesuffix("es").removesuffix("s"))
        if cue:
            return cue
    owned = [word for word in words if word not in _LINKS]
    names = sum(word in _NAMES for word in owned)
    held = sum(word in _HOLDERS for word in owned)
    return PERSON if names and held and names + held == len(owned) else ""


def is_column(word: str) -> bool:
    """Say whether a word heads a column, of a person or of what stands beside one: "Name | Ort"."""
    return bool(cue_of(word)) or "".join(_words(word)) in _BESIDE


def _words(name: str) -> list[str]:
    """Return the words of a name, in small letters and without accents."""
    written = _TURN.sub("_", name)
    plain = unicodedata.normalize("NFKD", written.casefold().translate(_MARKS))
    latin = "".join(
        c for c in plain if not (unicodedata.combining(c) and "\u0300" <= c <= "\u036f")
    )
    composed = unicodedata.normalize("NFC", latin)
    return _WORD.findall(composed)


def _cores(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield a name, then without the words for whose it is and for a number, outermost first."""
    yield words
    first, last = 0, len(words)
    while last - first > 1 and words[last - 1] in _NUMBERS:
        last -= 1
        yield words[first:last]
    while last - first > 1 and (words[first] in _HOLDERS or words[first] in _NUMBERS):
        first += 1
        yield words[first:last]
        if last < len(words):
            yield words[first:]
    while last - first > 1 and (words[last - 1] in _HOLDERS or words[last - 1] in _LINKS):
        last -= 1
        yield words[first:last]
