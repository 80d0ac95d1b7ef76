"""Secrets in commands, settings of machines and documents of accounts."""

from typing import Final

from ftaudit.privacy.secrets.secret_rule import SecretRule, chosen

_VALUE: Final = r"([^\s\"'<>|;,]{6,200})"
_NAME: Final = r"(?:password|passwd|pwd|passphrase|secret|token|api-?key)"


COMMANDS: Final = (
    chosen(rf"(?:--with-token|--password-stdin)[ ]{{0,2}}<<<[ ]{{0,2}}[\"']?{_VALUE}"),
    chosen(
        rf"\b(?:echo|printf)[ ]{{1,2}}[\"']?{_VALUE}[\"']?[ ]?\|[ ]?[^\n|]{{0,80}}"
        r"(?:--password-stdin|--with-token|sudo -S)"
    ),
    chosen(rf"(?i)<(?:[\w.-]{{1,20}}:)?{_NAME}\s[^<>]{{1,100}}>([^<>\s]{{6,64}})</"),
    chosen(r"\benable (?:secret|password)(?: level \d{1,2})?(?: \d)? ([^\s\"']{6,64})"),
    chosen(
        r"\busername \S{1,40}(?: privilege \d{1,2})? (?:password|secret)(?: \d)? ([^\s\"']{6,64})"
    ),
    chosen(r"\bsnmp-server community ([^\s\"']{6,64})"),
    chosen(
        r"(?:^|\n)[ \t]{0,8}(?:ENV|ARG)[ ]{1,3}\w{0,40}"
        r"(?:SECRET|TOKEN|PASS|PASSWORD|PASSWD|PWD"
        r"|(?:API|APP|AUTH|ACCESS|SECRET|PRIVATE|MASTER|ENCRYPTION|ACCOUNT|SERVICE)_?KEY)"
        r"[ ][\"']?([^\s\"'$]{6,200})"
    ),
    chosen(
        r"(?i)\b(?:my|our|your|his|her)[ ](?:[a-z]{2,14}[ ]){0,2}"
        r"(?:api[ _-]?key|access[ _-]?key|token|secret[ _-]?key|secret)[ ]"
        r"([a-z0-9_/+.=~-]{20,200})(?:[\s,;)\"'`<]|$)",
        kind="API_KEY",
    ),
    chosen(
        r"(?i)\b(?:sqlplus|expdp|impdp|rman target) [\w.$#]{1,40}/([^\s@\"'/]{6,64})@[\w.:/-]{2,80}"
    ),
    chosen(r"(?i)\bjdbc:oracle:[a-z]{2,6}:[\w.$#]{1,40}/([^\s@\"'/]{6,64})@"),
    chosen(r"\bsmbclient [^\n|;]{1,120}? -U [\"']?[^\s%\"']{1,60}%([^\s\"']{6,64})"),
    chosen(r"\brclone config (?:create|update) [^\n|;]{1,120}? pass(?:word)?[ =]([^\s\"']{6,64})"),
    chosen(
        r"(?i)\bssid\b[^\n]{0,60}\n?[^\n]{0,20}?\b(?:key|pass\w{0,8}|psk|schlüssel|clave|pw)\b"
        r"[\s|:=\"']{1,8}([^\s|\"']{8,63})"
    ),
    chosen(r"(?i)\bpass(?:word|phrase|code)(?:[ ][a-z]{1,10}){1,4}, ([^\s,]{6,64}), "),
    SecretRule(
        "PASSWORD",
        r"(?i)\b(?:wlan|wi-?fi|netzwerk)[ -]?(?:schlüssel|key|passwor[td]|code|clave)\s?:\s?"
        r"(\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?:[ -]?\d{4})?)\b",
        0.7,
        generic=True,
    ),
    chosen(
        r"(?i)(?:^|\n)[ \t#*>]{0,6}(?:password|passwort|contraseña|mot de passe|api[ _-]?key"
        r"|secret[ _-]?key|access[ _-]?token|token|secret)[ :*]{0,4}\n(?:[-=]{3,40}\n)?[ \t`]{0,4}"
        r"([^\s`]{8,200})`?[ ]*(?:\n|$)"
    ),
    chosen(
        r"(?i)\bsetx (?:/m )?\w{0,40}(?:key|token|secret|passw\w{2,4}|pwd) [\"']?([^\s\"']{6,200})"
    ),
    chosen(
        r"(?i)\b(?:key|token|secret|passw\w{2,4})=[\"']?\$\([ ]?(?:echo|printf)[ ]{1,2}[\"']?"
        r"([^\s\"')|]{6,200})"
    ),
    chosen(
        r"(?i)\b(?:code (?:du )?wi-?fi|wi-?fi code|wlan-code|clave (?:de la |del )?wi-?fi)[ ]?"
        r"(?::|is|est|es|ist)[ ]?([^\s,;]{6,64})"
    ),
    chosen(r"(?i)\blog ?in (?:with|as|using) [\w.@-]{2,40}[ ]?[/:][ ]?([^\s,;/]{6,64})"),
)
"""Rules for values without a vendor's format."""
