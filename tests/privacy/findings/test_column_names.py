"""What columns are called that describe a person, in many languages and spellings."""

from typing import Final

import pytest

from ftaudit.privacy.findings.column_names import cue_of

NAMES: Final = {
    "person_name": """
    full_name | fullName | FullName | FULL_NAME | Full Name | customer_name | customerName |
    Customer Name | cust_nm | cust_name | custname | client_nm | clientName | emp_name | empName |
    employee_name | patient_name | pt_name | ptName | PatientName | contact_name | contactName |
    recipient_name | sender_name | acct_holder_name | cardholder_name | cardHolderName |
    holder_name | nameOnCard | name_on_card | applicant_name | beneficiary_name | payee_name |
    payer_name | nominee_name | guest_name | guestName | passenger_name | driver_name |
    doctor_name | provider_name | student_name | teacher_name | agent_name | rep_name |
    owner_name | tenant_name | spouse_name | mother_name | mothers_maiden_name | fathers_name |
    father_name | guardian_name | emergency_contact_name | author_name | reviewer_name |
    buyer_name | seller_name | billing_name | shipping_name | ship_to_name | bill_to_name |
    insured_name | subscriber_name | policyholder_name | claimant_name | legal_name | real_name |
    candidate_name | participant_name | member_name | caller_name | respondent_name |
    victim_name | suspect_name | Kundenname | kunden_name | nombre_completo | nombreCompleto |
    nombre_cliente | nombre_y_apellidos | nombre del paciente | nom_complet | nom_client |
    nomClient | nom_prenom | nom du patient | nome_completo | nomeCompleto | nome_cliente |
    nome do paciente | nome_cognome | naam_klant | klantnaam | volledige_naam | imie_nazwisko |
    imię i nazwisko | ad_soyad | adsoyad | hasta_adi | nama_lengkap | namaLengkap |
    nama_pelanggan | fullt_namn | kundnamn | fulde_navn | kundenavn | koko_nimi | asiakkaan nimi |
    jmeno_prijmeni | jméno a příjmení | last_name | lastName | LastName | LAST_NAME | lname |
    l_name | last_nm | surname | sur_name | family_name | familyName | maiden_name | nachname |
    Nachname | familienname | apellido | apellidos | primer_apellido | nom_famille |
    nom de famille | nomFamille | cognome | sobrenome | apelido | achternaam | nazwisko | soyadi |
    soyad | efternamn | etternavn | sukunimi | prijmeni | příjmení | priezvisko | vezeteknev |
    vezetéknév | first_name | firstName | FirstName | FIRST_NAME | fname | f_name | first_nm |
    given_name | givenName | forename | middle_name | middleName | preferred_name | vorname |
    Vorname | prenom | prénom | primer_nombre | voornaam | imie | imię | fornamn | förnamn |
    fornavn | etunimi | jmeno | jméno | keresztnév | nickname | 氏名 | お名前 | 顧客名 |
    患者氏名 | 担当者名 | 姓名 | 客户姓名 | 联系人 | 이름 | 성명 | 고객명 | 환자명 | ФИО | фио |
    Фамилия Имя | имя_клиента | ФИО клиента | фамилия | שם מלא | שם_לקוח | שם הלקוח | الاسم |
    الاسم الكامل | اسم العميل | اسم_المريض | Customer.Name | buyerName | Buyer Name |
    BORROWER NAME | insuredFullName | emp_full_name | employee-full-name | NAME_OF_PATIENT |
    Name of Applicant | name of account holder | student.fullname | FullNm | cstmr_name |
    usr_name_full | contactPersonName | caseworker_name | social_worker_name | lawyer_name |
    attorney_name | judge_name | counsel_name | notary_name | coach_name | trainer_name |
    player_name | captain_name | crew_name | driverFullName | courier_name | hostess_name |
    pilot_name | sibling_name | wife_name | husband_name | son_name | daughter_name |
    partner_name | godfather_name | heir_name | executor_name | trustee_name | investor_name |
    shareholder_name | director_name | ceo_name | founder_name | artist_name | composer_name |
    photographer_name | editor_name | translator_name | interviewer_name | moderator_name |
    speaker_name | presenter_name | attendeeName | delegate_name | voter_name | citizen_name |
    inmate_name | detainee_name | officer_name | complainant_name | petitioner_name |
    deceased_name | donor_name | recipientName | consignee_name | shipper_name | Kundenvorname |
    Vor- und Nachname | Name des Kunden | Empfängername | Nombre y apellidos |
    nombreCompletoCliente | nombre_del_titular | Nom et prénom | nom_prenom_client | NomPrenom |
    nom_du_salarie | nome_e_cognome | Nome e cognome | nomeDoCliente | nome_do_titular |
    naam_werknemer | voor- en achternaam | nazwisko_imie | imię_i_nazwisko_klienta |
    hasta_ad\u0131_soyad\u0131 | müşteri ad\u0131 | kundens namn | patientens namn | kundens navn |
    asiakkaan_nimi | jméno_zákazníka | ügyfél neve | ime_prezime | ime i prezime | nama_pasien |
    tên_khách_hàng | họ_và_tên | ชื่อ-นามสกุล | ФИО_сотрудника | ФИО пациента | прізвище_ім'я |
    顧客氏名 | 契約者名 | お客様名 | 患者姓名 | שם המטופל | اسم_الموظف | नाम
    """,
    "contact_person": """
    recipient | sender | account_holder | accountHolder | beneficiary | payee | guest |
    attending_physician | tutor | sales_rep | salesperson | account_manager | landlord | spouse |
    next_of_kin | emergency_contact | reviewer | ship_to | bill_to | attention | attn |
    policy_holder | signer | signed_by | signatory | intestatario | 收件人 | получатель |
    person_responsible | arresting_officer | addressee | consignee | Versicherungsnehmer |
    Bearbeiter | Sachbearbeiter | nominativo
    """,
    "phone_number": """
    phone | phone_number | phoneNumber | PhoneNumber | PHONE | Phone No | phone_no | phoneNo |
    phone_num | ph | ph_no | phn | tel | tel_no | telNo | tel_nr | Tel. | Tel. Nr. | telephone |
    telephone_number | mobile | mobile_no | mobileNo | mob | mob_no | cell | cell_phone |
    cellphone | home_phone | homePhone | work_phone | office_phone | contact_no | contact_number |
    contactNo | contact_phone | emergency_phone | daytime_phone | evening_phone | phone1 |
    phone_2 | fax | fax_no | whatsapp | whatsapp_number | msisdn | caller_id | callback_number |
    sms_number | customer_phone | customerPhone | cust_phone | telefon | Telefonnummer |
    telefonnr | handy | handynummer | mobilnummer | Mobil | rufnummer | telefono | teléfono |
    telefono_movil | movil | móvil | celular | numero_telefono | telephone_portable | téléphone |
    tel_portable | portable | numero_de_telephone | cellulare | recapito_telefonico | telefone |
    telemovel | telemóvel | telefoon | telefoonnummer | mobiel | gsm | telefon_numarasi |
    cep_telefonu | ceptel | puhelin | puhelinnumero | tlf | nomor_hp | no_hp | no_telp |
    nomor_telepon | 電話番号 | 携帯番号 | 电话 | 手机号 | 手机号码 | 联系电话 | 전화번호 |
    휴대폰번호 | телефон | номер_телефона | טלפון | נייד | מספר טלפון | هاتف | رقم الهاتف | جوال |
    फोन | मोबाइल नंबर | số điện thoại | so_dien_thoai | sdt | เบอร์โทร | contact.phone |
    Phone (home) | phone_e164 | phone_raw | primaryPhoneNumber | alt_phone | alternatePhone |
    secondary_contact_number | emergency_contact_phone | guardian_phone | shipping_phone |
    billing_phone | PhoneHome | HomeTel | WorkTel | mob_num | cellNo | WhatsApp No. | viber |
    telegram_phone | Tel. (privat) | Handy-Nr. | telefon_privat | Telefonnummer Kunde |
    numéro de téléphone | teléfono móvil | nº teléfono | numero_cellulare | celular_cliente |
    nº telemóvel | mobiel nummer | tel_nummer | nr_tel | telefon numaras\u0131 | cep no |
    telefonnummer | matkapuhelinnumero | mobil_szam | telefonszám | nomor_telpon | số_điện_thoại |
    เบอร์มือถือ | номер телефона | 連絡先電話番号 | 联系方式 | 연락처 | رقم_الجوال | मोबाइल
    """,
    "date_of_birth": """
    dob | DOB | d_o_b | D.O.B. | dateOfBirth | date_of_birth | DateOfBirth | Date of Birth |
    birth_date | birthDate | birthdate | birthday | bday | birth_dt | birthdt | dt_of_birth |
    patient_dob | cust_dob | member_dob | dob_date | born | born_on | geburtsdatum | Geburtstag |
    geb_datum | geb_dat | Geb.-Datum | geburtsDatum | fecha_nacimiento | fechaNacimiento |
    fec_nac | f_nacimiento | date_naissance | dateNaissance | naissance | data_nascita |
    dataNascita | nato_il | data_nascimento | dataNascimento | dt_nascimento | nascimento |
    geboortedatum | geb.datum | data_urodzenia | dataUrodzenia | dogum_tarihi | doğum tarihi |
    födelsedatum | fodelsedatum | fødselsdato | fodselsdato | syntymäaika | datum_narozeni |
    datum narození | szuletesi_datum | születési dátum | data_nasterii | tanggal_lahir |
    tgl_lahir | 生年月日 | 出生日期 | 生日 | 생년월일 | дата_рождения | Дата рождения |
    תאריך לידה | تاريخ الميلاد | जन्म तिथि | ngày sinh | ngay_sinh | วันเกิด | patient.dob |
    Date-of-Birth | BirthDt | birth-date | customer_birth_date | birth_day | member_birthdate |
    Geburtsdatum Patient | GebDat | geb.dat. | geburts_datum | F. nacimiento | Fecha Nac. |
    fecha de nac | fechanac | Date de nais. | dt_naissance | né(e) le | Data nasc. | data_nasc |
    dataNasc | geb_datum_klant | data ur. | data_ur | doğum_tarihi | födelsedag | født |
    syntymäpäivä | datum nar. | szül_dátum | data naşterii | tgl lahir | ngày_sinh | дата рожд. |
    день рождения | תאריך_לידה | تاريخ_الميلاد | जन्म तारीख
    """,
    "ssn": """
    ssn | SSN | ssn_number | ssnNumber | ssn_no | social_security | socialSecurityNumber |
    social_security_number | Social Security No | soc_sec_no | soc_sec_num | ss_number | ss_no |
    employee_ssn | applicantSsn | SSN# | employee.ssn | SocialSecurityNo | ssn_clean
    """,
    "national_id": """
    taxpayer_id | tax_id | taxId | tin | pesel | PESEL | numer_pesel | dni | DNI | nif |
    numero_dni | documento_identidad | nro_documento | identificacion | documento |
    codice_fiscale | codiceFiscale | cod_fiscale | cod_fisc | cf | steuer_id | steuerId |
    steuerIdentNr | steuernummer | idnr | sozialversicherungsnummer | sv_nummer | svnr | rvnr |
    rentenversicherungsnummer | nir | numero_secu | numero_securite_sociale | nss | aadhaar |
    aadhar_no | aadhaarNumber | uidai | aadhaar_card | 身份证 | 身份证号 | 身份证号码 | id_card |
    idCardNo | 证件号码 | 주민등록번호 | rrn | personnummer | personnr | pnr | hetu |
    henkilotunnus | henkilötunnus | tckn | tc_kimlik_no | tc_no | kimlik_no | tc_kimlik | инн |
    ИНН | inn | nhs_number | nhsNumber | nhs_no | nino | ni_number | national_insurance |
    nationalInsuranceNumber | ni_no | national_id | nationalId | national_id_no | id_number |
    identity_no | identity_number | government_id | govt_id | citizen_id | resident_id |
    id_card_number | identity_card | ausweisnummer | personalausweis | carte_identite |
    carta_identita | nr_pesel | PESEL klienta | nif_cliente | dni_paciente | nº documento |
    NationalID | nat_id | gov_id_number | id_card_no | personal_id | personal_number | citizenId |
    Ausweis-Nr. | numero_cedula | ci_numero | n_carta_identita | doc_id_number
    """,
    "address": """
    address | Address | addr | addr1 | addr_1 | address_line_1 | addressLine1 | address1 |
    street | street_address | streetAddress | street_addr | street_name | home_address |
    homeAddress | home_addr | mailing_address | billing_address | shipping_address | residence |
    residential_address | permanent_address | delivery_address | property_address |
    customer_address | cust_addr | location_address | anschrift | adresse | straße | strasse |
    wohnort_strasse | direccion | dirección | domicilio | calle | adresse_postale | indirizzo |
    residenza | endereco | endereço | morada | logradouro | adres | adresa | straat | ulica |
    osoite | alamat | 住所 | 地址 | 주소 | адрес | כתובת | العنوان | पता | địa chỉ |
    homeAddress1 | address_1 | AddressLine1 | street1 | street_1 | customer.address.line1 |
    residential_addr | current_address | mailingAddress | patient_address | work_address |
    Straße/Nr. | Anschrift Kunde | dirección_cliente | adresse_client | adresse 1 |
    endereço_cliente | adres_klienta | adress_1 | lakcím | адрес проживания
    """,
    "email": """
    mail_addr | email | e_mail | mail | correo
    """,
    "iban": """
    iban
    """,
    "bank account number": """
    bank_account | account_number | accountNumber | acct_no | acct_num | acctNo |
    bankAccountNumber | bank_acct | checking_account | kontonummer | numero_cuenta |
    conta_bancaria | account_no | bankAcctNo | bank_account_number | Konto-Nr. | nº de cuenta |
    numero_compte | account_nbr
    """,
    "card_number": """
    card_number | cardNumber | cc_num | ccNumber | cc | credit_card | creditCardNo | card_no |
    kartennummer | numero_tarjeta | numero_carta | cartao | 卡号 | カード番号 | cc_number |
    ccnum | card.number | creditCardNumber | card_num | CardNo | tarjeta_numero
    """,
    "pan": """
    pan | pan_no | pan_number | panCard | pan_card_no
    """,
    "passport_number": """
    passport | passport_no | passportNumber | passport_num | pass_no | reisepass |
    Reisepassnummer | pasaporte | passeport | passaporto | passaporte | paspoort | paszport |
    护照号 | パスポート番号 | паспорт | דרכון | جواز السفر | travel_document | travel_doc_no |
    passport_id | passportNo | PassportNum | pp_no | passport no. | Reisepass-Nr. | nº pasaporte |
    n° passeport | numero_passaporto | nr paszportu | pasaport_no | паспорт_номер | 여권 번호
    """,
    "driver's license": """
    driver_license | driverLicenseNumber | drivers_license | drivers_licence_no |
    driving_licence | dl_number | dl_no | dln | license_number | licence_no | dlNum |
    driverLicenseNo | dl_num | drv_lic_no | driving_license_number | Führerscheinnr | permis_no |
    carnet_conducir | n_patente
    """,
    "cpf": """
    cpf | CPF | cpf_cliente
    """,
    "bsn": """
    bsn | BSN | burgerservicenummer
    """,
    "fodselsnummer": """
    fodselsnummer | fødselsnummer | fnr
    """,
    "teudat zehut": """
    teudat_zehut | תעודת זהות | ת.ז. | מספר זהות | tz
    """,
    "medical_record_number": """
    mrn | MRN | patient_id | patientId | medical_record_number | med_rec_no | medicalRecordNo |
    chart_no | patient_no | patientennummer | hospital_no | patient_mrn | MRN Number | hosp_no |
    patientID | case_record_no | Patienten-ID | Patientennr.
    """,
    "insurance_id": """
    insurance_id | member_id | memberId | policy_number | insurance_policy_no |
    health_insurance_id | subscriber_id | medicare_number | medicareNo | medicaid_id | mbi |
    versichertennummer | kvnr | krankenversicherungsnummer | policyNo | policy_num |
    Policy Number | insurance_card_no | Versicherungsnummer | Versicherten-Nr. | n_assure |
    numero_poliza
    """,
    "vin": """
    vin | VIN | vehicle_vin | vinNumber | chassis_no | fahrgestellnummer | fin | bastidor
    """,
    "password": """
    passwort | kennwort | contraseña | contrasena | clave | mot_de_passe | motDePasse | mdp |
    senha | wachtwoord | haslo | hasło | parola | sifre | şifre | heslo | jelszo | lösenord |
    losenord | salasana | kata_sandi | パスワード | 密码 | 비밀번호 | пароль | סיסמה |
    كلمة المرور | mật khẩu | mat_khau | wifi_key | psk | Passwort Kunde | passwort_klartext |
    contraseña_usuario | mot_de_passe_client | senha_usuario | wachtwoord_klant | haslo_klienta |
    пароль_пользователя | ログインパスワード | 登录密码 | 비밀번호_초기 | pw_plain
    """,
    "": """
    order_id | user_id | ticket_no | invoice_number | timestamp | created_at | order_number |
    tracking_number | epoch | views | count | sku | isbn | product_code | quantity | amount |
    population | zip_plus | item_no | batch_no | phone_model | tel_count | telemetry |
    cellular_count | mobile_app_id | cell_id | row_no | transaction_id | reference | date |
    created | release_date | order_date | published | start_date | birth_rate_date | updated_at |
    fecha | datum | expiry | hire_date | first_seen | birthstone | product_name | item_name |
    file_name | filename | class_name | function_name | table_name | column_name | model_name |
    brand_name | event_name | host_name | hostname | domain_name | repo_name | project_name |
    company_name | org_name | city_name | country_name | street_type | game_name | book_name |
    movie_name | song_name | nombre_producto | nom_produit | nome_prodotto | produktname |
    dateiname | nama_produk | title | category | author_count | namespace | rename |
    username_hint | species_name | tag_name | team_name | school_name | drug_name | test_name |
    key_name | field_name | job_name | step_name | var_name | method_name | display_type |
    address_type | contact_type | status | phone_status | email_verified | card_type |
    password_policy | token_type | id_type | passport_required | dob_verified | secret_type |
    age_group | license_type | account_type | hash | checksum | commit | id | uuid | etag |
    session_name | nonce_count | content_hash | file_hash | digest | md5 | revision | build_id |
    public_key_id | image_id | customer_id | phone_count | mobile_app_version | contact_id |
    telescope_id | cellar_no | handyman_id | order.no | ref_no | epoch_ms | byte_count |
    user_count | page_no | case_no | claim_no | po_number | invoice_no | fax_count | number |
    value | zip_code_count | birth_count | call_duration | phone_brand_id | height | addr_count |
    streetlight_id | account_id | unit_no | part_no | modified | sent_at | due_date |
    date_of_order | death_rate_date | delivery_date | born_digital_date | issue_date |
    birthplace_code | fecha_pedido | date_commande | data_ordine | datum_rechnung |
    publication_date | display_label | productName | ItemName | categoryName | brandName | city |
    employer | owner_type | contact_method | streetName_type | nom_du_produit | nombre_empresa |
    nome_file | naam_product | nazwa_produktu | username_type | customer_segment |
    patient_status | employee_count | student_level | author_id | team | vendor | supplier_name |
    merchant_name | store_name | shop_name | hotel_name | restaurant_name | artist_genre |
    ship_name | boat_name | pet_name | dog_name | street_art | address_book | building_name |
    room_name | campaign_name | skill_name | course_name | job_title | agent_type | user_agent |
    host | recipient_type | sender_type | guest_count | witness_count | judge_model | coach_type |
    user_status | phone_type | password_strength | has_password | secret_level | ssn_flag |
    passport_status | pin_type | auth_type | token_count | api_key_status | email_type |
    dob_format | mrn_type | record_id | trace_id | span_id | request_id | sha | file_id |
    blob_id | version_hash | cursor | message_id | model_id | dataset_hash | run_id | public_key
    """,
    "api_key": """
    stripe_key | deploy_key | serverKey | gh_token | slack_token
    """,
}
"""Cue → names, with bars between them; those of the empty cue describe nobody."""


@pytest.mark.parametrize("cue", NAMES)
def test_a_columns_name_says_what_it_holds_in_any_language_and_spelling(cue: str) -> None:
    names = [name.strip() for name in NAMES[cue].split("|")]
    assert [name for name in names if cue_of(name) != cue] == []


def test_a_name_is_a_cue_only_with_a_word_for_whose_it_is() -> None:
    assert [cue_of(name) for name in ("name", "file_name", "nombre")] == ["", "", ""]
    assert cue_of("name of the patient") == cue_of("PatientName") == "person_name"


def test_with_the_whole_name_no_word_is_left_out() -> None:
    assert cue_of("num_phones") == "phone_number"
    assert not cue_of("num_phones", whole=True)
    assert cue_of("num_cpf", whole=True) == "cpf"


def test_a_name_of_many_words_is_prose() -> None:
    assert not cue_of("please write your phone number here or leave it")
