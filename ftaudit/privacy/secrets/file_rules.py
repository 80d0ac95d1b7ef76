"""Secrets as the files of tools keep them: accounts, cookies, seeds of codes, signed addresses."""

from typing import Final

from ftaudit.privacy.secrets.secret_rule import SecretRule, chosen

_HASH: Final = (
    r"(?:\$(?:1|apr1|5|6|8|9|14)\$(?:rounds=\d{3,9}\$)?[./A-Za-z0-9]{2,16}\$[./A-Za-z0-9]{22,86}"
    r"|\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}"
    r"|\$g?y\$[./A-Za-z0-9]{2,8}\$[./A-Za-z0-9]{8,64}\$[./A-Za-z0-9]{43}"
    r"|\$argon2(?:id|i|d)\$v=\d{1,3}\$m=\d{1,8},t=\d{1,4},p=\d{1,3}\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{22,}"
    r"|\{S?SHA\}[A-Za-z0-9+/]{27,60}={0,2})"
)
"""Hashes of a password as password files have them: beside the account's name they are a way in."""
_SESSION: Final = (
    r"(?:JSESSIONID|PHPSESSID|ASP\.NET_SessionId|\.AspNetCore\.(?:Cookies|Session|Identity"
    r"\.Application)|connect\.sid|sessionid|session_id|laravel_session|_session_id|auth_session"
    r"|remember_user_token|remember_token|wordpress_logged_in_[a-f0-9]{32}|user_session|li_at"
    r"|auth_token|access_token|refresh_token|id_token|sess(?:ion)?)"
)
_BASE32: Final = r"((?:[A-Z2-7]{4}[ -]){3,15}[A-Z2-7]{4}|[A-Z2-7]{16,64})(?:[^A-Z0-9]|$)"
_CODE: Final = r"[a-z0-9]{4,10}-[a-z0-9]{4,10}[a-z0-9-]*"
_MARK: Final = r"(?:\d{1,2}[.)][ ]?|[-*•][ ])?"
_CODES: Final = r"\b(?:recovery|backup|one-time|rescue|emergency|scratch)[ -](?:codes?|keys?)"
_WALLET: Final = (
    r"(?:(?:seed|recovery|backup|secret|wallet)[ _-]?(?:recovery[ _-])?(?:phrase|words|mnemonic)"
    r"|mnemonic|metamask|trezor|bip-?39|ledger (?:nano|wallet|live|device)"
    r"|wallet\b[^\n]{0,40}?\bwords)"
)
"""Words beside which a list of short words restores a wallet."""
_END_OF_CLAUSE: Final = r"(?:[.,;:!)]|\s*(?:\n|$))"
_NO_NOUN: Final = (
    r"(?:[.,;:!?)]|\s*(?:\n|$)|[ ](?:but|and|or|last|for|when|because|which|is|was|it|on|in|at|to"
    r"|since|until|then|now|today|yesterday|so|as|with|please)[ ,.])"
)
"""What follows where a phrase ends, and is not the first part of a longer name."""
_NO_VOWEL: Final = "[b-df-hj-np-tv-xz]{4}"
_FOUR_WORDS: Final = "|".join(
    "[ ]".join(_NO_VOWEL if i == at else "[a-z]{4}" for i in range(4)) for at in range(4)
)
"""Sixteen letters in fours of which one has no vowel, as passwords made for programs are shown."""
_SEEDS: Final = r"(?:[a-z]{3,8}[ ,]{1,2}){11}(?:[a-z]{3,8}[ ,]{1,2}){0,12}[a-z]{3,8}"

FILES: Final = (
    SecretRule(
        "PASSWORD_HASH",
        rf"(?m:^)[ \t>\"'`]{{0,6}}[A-Za-z_][A-Za-z0-9_.@-]{{0,40}}:({_HASH})[\"'`]?(?::|\s|$)",
    ),
    SecretRule(
        "PASSWORD_HASH",
        rf"\b(?:(?:secret|password) [4-9]|rootpw|userPassword::?)[ \t]{{1,8}}({_HASH})(?:\s|$)",
    ),
    SecretRule(
        "PRIVATE_KEY_BASE64",
        r"(?:^|[^A-Za-z0-9+/])(LS0tLS1CRUdJTi(?:BQUklWQVRFIEtFW|BSU0EgUFJJVkFURSBLRV"
        r"|BFQyBQUklWQVRFIEtFW|BPUEVOU1NIIFBSSVZBVEUgS0V|BFTkNSWVBURUQgUFJJVkFURSBLRV"
        r"|BEU0EgUFJJVkFURSBLRV)[A-Za-z0-9+/]{60,}={0,2})",
    ),
    SecretRule(
        "JWT",
        r"(?:^|[^A-Za-z0-9+/])(ZXlK(?:aGJHY2lPaU|MGVYQWlPaU|cmFXUWlPaU)[A-Za-z0-9+/]{80,}={0,2})",
        0.9,
    ),
    SecretRule(
        "DOCKER_AUTH",
        r"(?:^|[^A-Za-z0-9+/])(eyJhdXRocyI6(?:ey|IHs)[A-Za-z0-9+/]{40,}={0,2})",
    ),
    SecretRule(
        "BASIC_AUTH", r"(?i)(?:\"auth\"\s?:\s?\"|[:/]_auth\s?=\s?\"?)([a-z0-9+/]{8,400}={0,2})"
    ),
    SecretRule(
        "BEARER_TOKEN",
        rf"(?i)(?:^|[^\w-]){_SESSION}(?:=|[\"']\s?:\s?[\"']|[\"'],\s?[\"']value[\"']\s?:\s?[\"'])"
        r"([a-z0-9%._~+/-]{22,400})",
        0.8,
        generic=True,
        random=True,
        bare=True,
    ),
    SecretRule("OTP_SEED", r"(?i)\botpauth://[^\s\"'<>]{1,200}?[?&;]secret=([a-z2-7]{16,128})"),
    SecretRule(
        "OTP_SEED",
        r"(?i)(?:\b|_)(?:totp|hotp|otp|2fa|mfa|two[- ]factor|authenticator|google[ _]auth)[ _-]?"
        r"(?:app )?(?:base32 )?(?:setup|manual|manual entry|entry|shared)?[ _-]?(?:secret|seed|key)"
        rf"(?:[ _-]key)?[\"'`*]{{0,3}}[ ]?(?:is|[:=→])[ ]?[\"'`*]{{0,3}}{_BASE32}",
        0.8,
        generic=True,
        random=True,
    ),
    chosen(
        rf"(?i){_CODES}[^\n:]{{0,24}}:\s{{0,4}}{_MARK}({_CODE}(?:[\s,;]{{1,4}}{_MARK}{_CODE})*)",
        worded=False,
    ),
    SecretRule(
        "PASSWORD",
        rf"(?i){_CODES}[^\n:]{{0,24}}:\s{{0,4}}{_MARK}"
        rf"((?:\d{{4}}[ -]?\d{{4}}[\s,;]{{1,4}}{_MARK}){{2,}}\d{{4}}[ -]?\d{{4}})\b",
        0.6,
        generic=True,
    ),
    SecretRule(
        "SEED_PHRASE",
        r"(?i)\b(?:(?:seed|mnemonic|metamask|ledger|trezor|bip-?39)"
        r"(?:[ _-]?(?:phrase|words|recovery|seed|mnemonic|key)){0,3}"
        r"|(?:recovery|secret|wallet|backup)(?:[ _-]?(?:phrase|words|recovery|seed|mnemonic|key))"
        r"{1,3})[\"'`*]{0,3}(?: is| are)?"
        r"[ ]?[:=]"
        rf"\s{{0,3}}[\"'`*]{{0,3}}({_SEEDS})\b",
        0.8,
    ),
    SecretRule(
        "SEED_PHRASE",
        rf"(?i)\b{_WALLET}\b[^\n]{{0,160}}\n"
        rf"[ >\"'`*]{{0,4}}({_SEEDS})[ \"'`*.]{{0,3}}(?:\n|$)",
        0.7,
    ),
    SecretRule(
        "SEED_PHRASE",
        rf"(?i:\b{_WALLET}\b)[^\n]{{0,160}}?\n?"
        r"[^\n]{0,40}?\b1[.):][ ]?([a-z]{3,8}[\s,;|]{1,4}2[.):][ ]?[a-z]{3,8}"
        r"(?:[\s,;|]{1,4}\d{1,2}[.):][ ]?[a-z]{3,8}){10,22})\b",
        0.7,
    ),
    SecretRule(
        "PRESIGNED_URL",
        r"(?i)[?&](?:amp;)?X-(?:Amz|Goog)-Signature=([a-f0-9]{64,})\b",
        0.9,
    ),
    SecretRule(
        "PRESIGNED_URL",
        r"[?&](?:amp;)?(?:AWSAccessKeyId|GoogleAccessId|Key-Pair-Id)=[^\s\"'<>]{1,200}?"
        r"&(?:amp;)?Signature=([A-Za-z0-9%+/~_-]{24,600}={0,2})",
        0.9,
        generic=True,
        random=True,
    ),
    chosen(
        r"\b(?:7z[ar]?|rar|unrar)\b[^\n|;]{0,80}?\s-h?p([^\s\"'=$-][^\s\"']{5,63})",
    ),
    chosen(r"(?:^|[\s(])-(?:(?:src|dest)?(?:store|key))pass[ =][\"']?([^\s\"'$]{6,64})"),
    chosen(r"\bUSER \S{1,60}\r?\n(?:[^\n]{0,80}\n){0,2}?[^\n]{0,20}?\bPASS ([^\s]{6,64})"),
    chosen(
        r"\b[uU](?:ser)?[=:][ ]?[A-Za-z][\w.@+-]{1,40}(?:[ ]?[,;/|][ ]?|\s)[pP]w?[=:][ ]?"
        r"([^\s\"'<>()\[\]{},;]{6,64})(?:[\s,;]|$)",
        worded=False,
    ),
    chosen(
        r"\bgh secret set [^\n|;]{1,80}?(?:--body|-b)[ =][\"']?([^\s\"'$]{6,200})",
        0.7,
        kind="API_KEY",
    ),
    chosen(
        r"(?i)(?:\bcurl[^\n]{0,120}? (?:-x|--proxy|-U|--proxy-user)[ =]?[\"']?(?:[a-z0-9]{2,8}://)?"
        r"|\b(?:scp|sftp|ssh|rsync|proxy|socks5?)\b[^\n]{0,80}?[\s=\"'])"
        r"[a-z][\w.-]{0,40}:([^\s:/@\"'<>]{6,64})@[a-z0-9]",
        0.7,
    ),
    chosen(
        r"(?:^|[\s\"'=(,>])[A-Za-z][\w.-]{0,60}:([^\s:/@\"'<>=,;]{6,64})@(?:\d{1,3}(?:\.\d{1,3}){3}"
        r"\b|[a-z0-9-]{1,40}(?:\.[a-z0-9-]{1,40}){1,5}:\d{2,5}\b)",
        0.7,
        worded=False,
    ),
    chosen(
        r"(?:^|[\s\"'=(,>])(?:root|admin|administrator|ubuntu|ec2-user|pi|deploy|postgres):"
        r"([^\s:/@\"'<>=,;]{6,64})@(?:\d{1,3}(?:\.\d{1,3}){3}\b|[a-z0-9-]{1,40}(?:\.[a-z0-9-]{1,40}){1,5})",
        0.7,
    ),
    chosen(r"(?:(?:^|\n)[ \t]{0,8}|\bexport )PASS=[\"']?([^\s\"'$]{6,64})[\"']?(?:\s|$)"),
    chosen(
        r"(?:^|\s)\d{1,3}(?:\.\d{1,3}){3}:\d{2,5}:[A-Za-z][\w.-]{1,60}:([^\s:/@\"'<>=,;]{6,64})(?:\s|$)",
        0.7,
    ),
    chosen(
        r"(?i)\b(?:secret[_-]?key(?:[_-]?base)?|app[_-]?key|(?:session|cookie|jwt|csrf|signing)[_-]?(?:secret"
        r"|key)|encryption[_-]?key|(?:auth|secure_auth|logged_in|nonce)_(?:key|salt))"
        r"[\"'`\])]{0,3}\s{0,8}(?:=>|:=|[:=,])\s{0,8}(?:b|r)?(?:\"([^\"\s]{24,200})\"|'([^'\s]{24,200})')",
        0.7,
        kind="API_KEY",
    ),
    chosen(
        r"(?i)(?:\b|[#_=\[\"'])(?:pass(?:word|wd|code)?|pwd)[^\n]{0,12}?[\"'\])]{1,4},?\s?"
        r"(?:\)?\.(?:type|fill|send_?keys|val|setvalue|enter_?text|clear_and_type)\(\s?)?"
        r"(?:\"([^\"\s]{6,64})\"|'([^'\s]{6,64})')\s?\)",
    ),
    chosen(
        r"(?i)\b(?:pass(?:word|wd)?|pwd|pw)\w{0,12}\.(?:type|fill|send_?keys|val|set_?value|set_?text)"
        r"\(\s?(?:\"([^\"\s]{6,64})\"|'([^'\s]{6,64})')",
    ),
    chosen(
        r"(?i)\b(?:AES|DES3?|ChaCha20|Salsa20|HMAC)\.new\(\s?(?:key\s?=\s?)?b?"
        r"(?:\"([^\"\s]{16,64})\"|'([^'\s]{16,64})')",
        kind="API_KEY",
    ),
    SecretRule(
        "API_KEY",
        r"\bFernet\(\s?(?:key\s?=\s?)?b?[\"']([A-Za-z0-9_-]{43}=)",
        0.8,
        generic=True,
        random=True,
    ),
    chosen(
        r"(?i)\bjwt\.(?:sign|encode|verify|decode)\([^\n,]{1,60}, ?(?:key ?= ?)?"
        r"(?:\"([^\"\s]{10,200})\"|'([^'\s]{10,200})')",
        kind="API_KEY",
    ),
    SecretRule(
        "CRYPTO_PRIVATE_KEY",
        r"(?:(?i:\bwif|priv(?:ate)?[ _-]?key|from_key|wallet[ _-]?(?:secret|key)|wallet import)"
        r"[^\n]{0,20}?[:=( ]|new Wallet\()[ ]?[\"']?"
        r"([5KL][1-9A-HJ-NP-Za-km-z]{50,51}|(?:0x)?[a-fA-F0-9]{64})(?:[^A-Za-z0-9]|$)",
        0.8,
    ),
    SecretRule("CRYPTO_PRIVATE_KEY", r"\b([xyzt]prv[1-9A-HJ-NP-Za-km-z]{96,112})\b"),
    chosen(
        r"[?&](?:amp;)?(?:api_?key|apikey|appid|app_?key|access_?key|auth_?key|hapikey|key|token|auth"
        r"|access_token|auth_token|subscription-key|sig|signature)="
        r"([A-Za-z0-9_.%~-]{24,400})(?:[^A-Za-z0-9_.%~=-]|$)",
        kind="API_KEY",
    ),
    chosen(r"(?i)(?:^|\s)(?:rootpw|bindpw|rootbindpw|masterpw)[ \t:=]{1,8}[\"']?([^\s\"'{]{6,64})"),
    chosen(r"(?i)\b_authToken[ =][\"']?([^\s\"'$]{16,200})", 0.7, kind="API_KEY"),
    chosen(
        r"(?i)\b(?:tried|use|used|using|with|enter|entered|type|typed|typing|try|set|put|chose)"
        r"[ ][\"'`]?"
        r"([^\s\"'`<>\[\]{}(),;|]{6,64})[\"'`]?[ ]"
        r"(?:as[ ](?:(?:my|the|our|your|his|her|its|a)[ ])?|for[ ](?:my|our|your|his|her)[ ])"
        r"(?:[a-z-]{1,16}[ ]){0,2}"
        rf"(?:password|passphrase|pass(?:code)?|pwd|pw|passwort|contraseña){_NO_NOUN}",
    ),
    chosen(
        r"(?i)\b(?:password|passcode|passwort|contraseña|mot de passe)\b[^\n?]{0,40}[?.]\s{1,2}"
        r"(?:[A-Z][\w ]{0,20}:[ ]?)?(?:(?:it'?s|it is|that'?s|sure|yes|ok|okay)[,:.]?[ ]){0,2}"
        r"[\"'`]?([^\s\"'`<>\[\]{}(),;|?]{6,64})[\"'`]?[.!]?[ ]*(?:\n|$)",
    ),
    chosen(
        r"(?i)\b(?:(?:wi-?fi|wlan|ssid)(?:[ ](?:name|network))?[ ]?:[ ]?[^\n:/|]{1,32}"
        r"|[a-z0-9_.+-]{1,64}@[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,40}){1,4})[ ][/|][ ]"
        r"([^\s,;|/()]{6,64})(?:[\s,;|)]|$)",
    ),
    chosen(
        r"(?m:^)[ \t]{0,4}[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,60}(?:\.[A-Za-z0-9-]{1,40}){1,4}"
        r"[:|]([^\s:/|,;@]{6,64})[ \t]*(?:\||\n|$)",
    ),
    chosen(
        r"(?i)\bpass[ -]?phrase[\"'`*]{0,3}[ ]?(?:is|[:=])[ ]?[\"'`*]{0,3}"
        r"([a-z0-9]{2,16}(?:-[a-z0-9]{2,16}){3,11})(?:[^a-z0-9-]|$)",
    )._replace(bare=False),
    SecretRule(
        "PASSWORD",
        rf"(?i)pass(?:word)?[\"'`*\])]{{0,3}}\s{{0,4}}[:=]\s{{0,4}}[\"']({_FOUR_WORDS})[\"']",
        0.7,
    ),
    SecretRule(
        "PASSWORD",
        r"(?i)\b(?:(?:door|gate|alarm|garage|lockbox|key ?box)(?: entry)? code|(?:door|alarm) pin)"
        rf"(?: is|:) ?(\d{{4,8}}){_END_OF_CLAUSE}",
        0.6,
        generic=True,
    ),
    chosen(r"\blftp\b[^\n|;]{0,80}?\s-u[ ]?[\"']?[\w.@-]{1,60},([^\s\"',]{6,64})"),
    chosen(
        r"(?:(?:\bset_?|\.)(?:[A-Z][a-z]{1,12})?_?[pP]ass(?:word|wd|phrase)"
        r"|\b(?:set|with|use|update|change)_?(?i:password|passphrase|secret|token|api_?key))\(\s?"
        r"(?:\"([^\"\s]{6,200})\"|'([^'\s]{6,200})')\s?[,)]",
        0.7,
    ),
    chosen(
        r"\b(?:echo|printf)[ ][\"']?[\w.-]{1,40}:([^\s\"':]{6,64})[\"']?[ ]?\|"
        r"[ ]?(?:sudo )?chpasswd"
    ),
    SecretRule(
        "PASSWORD",
        r"(?i)\b(?:bitlocker|recovery key|wiederherstellungsschlüssel)[^\n]{0,120}?\n?[^\n]{0,40}?"
        r"(?:^|[^\d-])(\d{6}(?:-\d{6}){7})(?:[^\d-]|$)",
        0.8,
    ),
    chosen(
        r"\b(?:connect|getConnection|mysqli|mysqli_connect|mysql_connect|PDO)\(\s?[^\n()]{1,120}?,\s?"
        r"[\"'][A-Za-z0-9_.-]{1,40}[\"'],\s?(?:\"([^\"\s=]{6,64})\"|'([^'\s=]{6,64})')",
        worded=False,
    ),
    chosen(
        r"(?i)\b(?:secret|(?:client|jwt|session|signing|app)_?secret)[\"']?\s?[:=]\s?"
        r"(?:\"([^\"\s]{10,15})\"|'([^'\s]{10,15})')",
        kind="API_KEY",
    ),
    SecretRule("API_KEY", r"\bAPP_KEY=[\"']?base64:([A-Za-z0-9+/]{43}=)", 0.9),
    chosen(
        r"(?:パスワード|暗証番号|密码|密碼|비밀번호)[ ]?(?:は|是|:)?[ ]?"
        r"[「『“]([^\s」』”]{6,64})[」』”]"
    ),
)
"""Rules for what configuration files, password stores, logs and links hold."""
