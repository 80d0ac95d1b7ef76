"""Words for a password in many languages, and what is a name of one instead of one."""

from typing import Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.secrets.entropy import is_reference

CHOSEN: Final = (
    r"(?:pass[ _-]?word|passwd|pswd|pasword|passwrd|pass[ _-]?phrase|pass[ _-]?code"
    r"|رمز عبور|گذرواژه|passwort|kennwort"
    r"|contrase[ñn]a"
    r"|clave"
    r"|mot[ _-]de[ _-]passe|senha|palavra-passe|wachtwoord|has[łl]o|parola|l[öo]senord|adgangskode"
    r"|salasana|heslo|jelsz[óa]|[şs]ifre|κωδικ[οό]ς(?: πρόσβασης)?|m[ậa]t kh[ẩa]u|kata sandi"
    r"|lozinka|passord|kodeord|min kode|geslo|parool|slaptažodis|parole|fjalëkalimi|pasahitza"
    r"|contrasenya|contrasinal|wagwoord|nywila|neno la siri|şifrə|құпиясөз|šifra|zaporka"
    r"|پاس ورڈ|পাসওয়ার্ড|கடவுச்சொல்|పాస్‌వర్డ్"
    r"|пароль|密码|密碼|口令|パスワード|暗証番号|비밀번호|비번|암호|סיסמה|סיסמא|סיסמת"
    r"|كلمة (?:ال)?(?:مرور|سر)"
    r"|पासवर्ड|รหัสผ่าน)(?:i?m|niz|vam|m[aá]t|ni|si|et|en|t)?"
)
"""Words for a password, with the endings by which some languages say whose it is."""
MINE: Final = r"(?:[ ](?:שלי|μου|mea|meu|moje|saya|của tôi|tôi|min|minun|anda|moj|moja|mano))?"
"""Whose it is, in languages that say so after the word."""
_NAMED: Final = LazyPattern(rf"(?i){CHOSEN}")
_JOINED: Final = frozenset("/.")


def names_a_password(value: str) -> bool:
    """Say whether a value in quotes is a label, a path or a key of a translation.

    Such values have no digit, and a word for a password in them ("NeuesPasswort"), the marks of
    a path ("users/setPassword"), or letters of another script alone, as translations have.
    """
    if any(letter.isdigit() for letter in value):
        return False
    foreign = not any(letter.isascii() for letter in value)
    joined = not _JOINED.isdisjoint(value) and is_reference(value)
    return foreign or joined or _NAMED.search(value) is not None
