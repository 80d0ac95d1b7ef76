"""What the path of a field says of its values: a column `ssn` holds social security numbers.

The last key of a path, in any spelling, stands before the value like a label in a form, so that
every cue that works in text works for columns and for the keys of nested records.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import polars as pl

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.column_names import CLIENT, PERSON, cue_of

LONGEST: Final = 200
"""Characters of the longest value that a label is put before: longer ones are prose."""
_START: Final = (
    r"(?:(?<![^\W_])|(?<=[a-z0-9])(?=[A-Z])|(?=[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]))"
)
_PERSONAL: Final = LazyPattern(
    _START + r"(?i:phones?|tele?phone\w{0,2}|tel|mobile|cell|cellphone|fax|msisdn|whatsapp"
    r"|handy(?:s|nr|nummer)?"
    r"|t[ée]l[ée]fon\w{0,8}|t[ée]l[ée]phone|rufnummer|mobil\w{0,8}|celular|portable|contact[ _-]?"
    r"(?:no|number|phone)"
    r"|ssn|social|d_?o_?b|birth\w{0,4}|born|geburts\w{1,7}|nacimiento|naissance|nascita|nascimento"
    r"|age|alter|edad|idade"
    r"|passport|reisepass|pasaporte|passeport|licen[cs]e|dl|dln|vin|mrn|medicare|mbi|patient"
    r"|insurance|national|identity|tax|taxpayer|nino|nif|nie|dni|cpf|bsn|pesel|cedula|curp|rfc"
    r"|rut|te?udat"
    r"|aadhaar|address|addr|street|stra(?:ß|ss)e|direcci[oó]n|adresse|indirizzo|zip\w{0,4}|postal"
    r"|postcode|plz|e?-?mail|card|cc|iban|bank|account|acct|routing|lat|gps|coord\w{0,6}|wallet|ip"
    r"|mac|routing|location|surname|card[ _-]?holder|account[ _-]?holder|contact[ _-]?person"
    r"|ansprechpartner(?:in)?|kontaktperson|karteninhaber|kontoinhaber|titular|titulaire|titolare"
    r"|(?:first|last|full|given|family|middle|maiden)[ _-]?names?|vorname|nachname"
    r"|nom[ _-](?:complet|client|patient)|nome[ _-](?:completo|cliente)"
    r"|nombre|apellidos?|pr[ée]nom|cognome|sobrenome|imi[ęe]|nazwisko|applicant|attendee|guest"
    r"|(?:signed|reviewed|approved|prepared|submitted|requested|reported)[ _-]?by"
    r"|borrower|guarantor"
    r"|(?:attending[ _-]?)?physician"
    r"|(?:customer|client|employee|student|contact|recipient|sender|person|owner|member|caller"
    r"|author|doctor|physician|nurse|teacher|instructor|manager|supervisor|reviewer|reporter"
    r"|assignee|parent|guardian|spouse|victim|witness|buyer|seller|candidate|participant"
    r"|insured|subscriber|user"
    r"|driver|passenger|beneficiary|borrower|tenant|emergency|account[ _-]?holder"
    r"|card[ _-]?holder)[ _-]?names?|姓名|氏名|名前|担当者|联系人"
    r"|电话|手机|電話|携帯|住所|地址|身份证|护照|旅券|邮箱|生年月日|出生日期|年龄|年齢|銀行|银行|卡号"
    r"|생년월일|이름|성명|전화|휴대폰|주소|주민등록번호|여권|телефон\w{0,2}|моб\w{0,8}|имя|фамилия"
    r"|отчество|фио|адрес\w?|паспорт\w{0,3}|снилс|инн|рождени\w|почт\w|карт\w"
    r"|טלפון|נייד|שם(?: מלא| פרטי| משפחה)?|ת\.?ז\.?|תעודת זהות|דרכון|כתובת|תאריך לידה"
    r"|(?:رقم )?(?:ال)?(?:هاتف|جوال)|الاسم(?: الكامل)?|العنوان|تاريخ الميلاد|رقم الهوية|جواز السفر"
    r"|फ़?ोन|नाम|ชื่อ|โทรศัพท์|điện thoại|họ tên)(?![a-zß-ÿ])"
)
_PARTY: Final = LazyPattern(
    r"(?i:employee|resident|tenant|passenger|patient|student|pupil|witness|physician|nurse|borrower"
    r"|cardholder|attendee|interviewee|candidate|claimant|policyholder|mitarbeiter(?:in)?|patientin"
    r"|bewohner(?:in)?|schüler(?:in)?|empleado|alumno|paciente|paziente|salarié|élève)"
)
"""Columns that hold people and are called so, whose values are their names."""
_ASPECT: Final = LazyPattern(
    r"^(?i:has|is|num|needs|show|hide|allow|require)[_A-Z -]"
    r"|(?:[ _.-]|(?<=[a-z])(?=[A-Z]))(?i:models?|types?|kind|required|needed|optional|rating"
    r"|counts?|status|verified|enabled|valid|validated|flags?|brand|provider|carrier|format|hint"
    r"|strength"
    r"|present|missing|category|available|allowed|visible|limit|risk|match(?:ed)?|plan|network)$"
)
"""What makes a name one of an aspect of a value, not of the value: `phone_model`, `has_ssn`."""
_SECRET: Final = LazyPattern(
    _START + r"(?i:pass(?:word|wd|phrase|code)?|pwd|pw|pin|secret|token|credentials?|auth|bearer"
    r"|(?:api|access|secret|private|encryption|signing|ssh)[ _-]?keys?|apikey|passwort|kennwort"
    r"|contrase[ñn]a|mot[ _-]de[ _-]passe|senha|wachtwoord|has[łl]o|parola|heslo|[şs]ifre"
    r"|пароль|密码|密碼|パスワード|暗証番号|비밀번호|סיסמה|كلمة (?:المرور|السر)"
    r"|رمز عبور|گذرواژه|पासवर्ड)(?![a-z])"
)
_OTHER: Final = LazyPattern(
    _START + r"(?i:ids?|order|ticket|invoice|case|build|time(?:stamp)?|ts|epoch|created|updated"
    r"|idx|views?|likes|followers|asin|rank|rating|sequence|seq|offset|duration|latency|salary"
    r"|revenue|population|quantity|qty|balance|fingerprint|checksum|telemetry|metric|sum|nanos|ns"
    r"|count|total|number|no|nr|num|code|ref(?:erence)?|serial|isbn|ean|upc|sku|tracking|seed|hash"
    r"|keys?|pk|pid|uid|gid|lot|batch|commit|record|channel|thread|version|index|size|bytes|amount"
    r"|price|score|year)(?![a-z])"
)
"""Names of numbers that are neither phones nor cards: they keep a bare number from being one."""
_ABBREVIATION: Final = LazyPattern(r"(?:[^\W\d]\.){2,}[^\W\d]?")
"""`D.O.B.`, whose points are none of a path."""
_NUMBER: Final = r"^[0-9][0-9 .()+-]{7,24}$"
_BARE_NAME: Final = LazyPattern(r"(?i:names?|display_?name|nombre|nom|nome|naam)")
_GENERIC: Final = frozenset(
    [
        "value",
        "values",
        "number",
        "numbers",
        "no",
        "nr",
        "id",
        "code",
        "text",
        "content",
        "data",
        "line",
        "line1",
        "line2",
        "first",
        "last",
        "full",
        "name",
        "date",
        "dat",
        "datum",
        "type",
        "raw",
    ]
)
"""Keys that say nothing without the one above them: `patient.name`, `phone.number`."""
NAME: Final = "full name "
"""Label of a column `name` beside columns that describe a person."""


@lru_cache(4096)
def label_of(path: str) -> str:
    """Return the label that a field's path gives its values; empty when it says nothing."""
    if _ABBREVIATION.fullmatch(path):
        path = path.replace(".", "")
    keys = [key for key in re.split(r"\.(?=\w)", re.sub(r"\[\d+\]", "", path)) if key]
    if not keys:
        return ""
    last = keys[-1].strip().rstrip("0123456789").rstrip("_- ")[:60]
    if last.casefold() in _GENERIC and len(keys) > 1 and keys[-2].casefold() not in _GENERIC:
        last = f"{keys[-2][:60].rstrip('s')}_{last}"
    if _PARTY.fullmatch(last):
        return PERSON
    cue = cue_of(last, whole=is_aspect(last))
    if cue and not _BARE_NAME.fullmatch(last):
        return cue
    if _is_of_a_person(last):
        return last
    if _BARE_NAME.fullmatch(last):
        return NAME
    return last if _OTHER.search(last) else ""


def labels(row: pl.Series, path: pl.Series, text: pl.Series) -> pl.Series:
    """Return the label of every field, empty for most.

    A column `name` counts only in rows with another field that describes a person: products and
    functions have names, too. Values that are prose get no label.
    """
    paths = path.unique()
    named = pl.Series([label_of(field) for field in paths], dtype=pl.String)
    if not (named != "").any():
        return pl.repeat("", len(path), dtype=pl.String, eager=True)
    label = path.replace_strict(paths, named, return_dtype=pl.String)
    distinct = named.unique()
    telling = pl.Series([describes(label) for label in distinct], dtype=pl.Boolean)
    frame = pl.DataFrame({"row": row, "label": label, "text": text}).with_columns(
        describes=label.replace_strict(distinct, telling, return_dtype=pl.Boolean)
    )
    described = pl.col("describes").any().over("row")
    usable = (pl.col("text").str.len_bytes() <= LONGEST) & ~pl.col("text").str.contains("\n")
    number = pl.col("text").str.contains(_NUMBER)
    name = ((pl.col("label") == NAME) & described) | ((pl.col("label") == CLIENT) & ~number)
    other = number & ~pl.col("label").is_in([NAME, CLIENT])
    kept = usable & (pl.col("describes") | name | other)
    return frame.select(pl.when(kept).then("label").otherwise(pl.lit("")))["label"]


_OF_STAFF: Final = frozenset(
    {
        *("dept", "department", "role", "job", "position", "salary", "employer"),
        *("abteilung", "rolle", "beruf", "stelle", "gehalt"),
    }
)
"""What tables say of people beside their names, and of little else."""


def column_labels(names: Sequence[str]) -> dict[str, str]:
    """Return the label of every column of a table; a column `name` needs another of a person."""
    label_by_name = {name: label_of(name) for name in names}
    described = any(map(describes, label_by_name.values()))
    described = described or not _OF_STAFF.isdisjoint(name.casefold() for name in names)
    return {
        name: "" if label == NAME and not described else label
        for name, label in label_by_name.items()
    }


def value_labels(texts: pl.Series, label: str) -> pl.Series:
    """Return a column's label for each of its values, none for those that are prose."""
    usable = (texts.str.len_bytes() <= LONGEST) & ~texts.str.contains("\n")
    if not is_telling(label):
        usable &= texts.str.contains(_NUMBER)
    return pl.select(pl.when(usable).then(pl.lit(label)).otherwise(pl.lit(""))).to_series()


@lru_cache(4096)
def describes(label: str) -> bool:
    """Say whether a label says what its values are of a person, or that they are secret."""
    return label != NAME and _is_of_a_person(label)


def _is_of_a_person(label: str) -> bool:
    """Say whether a name is one of personal data or a secret, and not of an aspect of it."""
    named = _PERSONAL.search(label) or _SECRET.search(label)
    return named is not None and not is_aspect(label)


def is_aspect(name: str) -> bool:
    """Say whether a name is one of an aspect of a value: `phone_model`, `has_ssn`."""
    return _ASPECT.search(name) is not None


def is_telling(label: str) -> bool:
    """Say whether a label is a cue for values of any form, not only for numbers."""
    return label in {NAME, CLIENT} or describes(label)
