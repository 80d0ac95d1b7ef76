"""Secrets of files, commands and links are found, and every kind of ours is planted."""

import base64
import string

import polars as pl
import pytest

from ftaudit.privacy.secrets.secret_scanner import OWN, SecretScanner
from ftaudit.privacy.secrets.vendor_keys import FORMATS
from tests.privacy.secrets.test_secret_scanner import ALNUM, HEX, PLANTED, UPPER, b64, draw

LOWER = string.ascii_lowercase + string.digits
BASE32 = string.ascii_uppercase + "234567"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
CRYPT = ALNUM + "./"
SEEDS = "ribbon orbit lunar fiscal cradle vapor mixture panel sudden glance tomato wreck"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


PEM = encoded("-----BEGIN RSA PRIVATE KEY-----\n" + b64(3, 90))
AUTH = encoded("ann:" + draw(4, ALNUM, 12))
IN_PLACE: dict[str, tuple[str, ...]] = {
    "AGE_SECRET_KEY": ("AGE-SECRET-KEY-1" + draw(1, UPPER, 58),),
    "AZURE_SAS_TOKEN": (f"https://a.blob.core.windows.net/c?sv=2022&sig={draw(1, ALNUM, 42)}%3D",),
    "BASIC_AUTH": (
        f'{{"auths":{{"reg.initech.com":{{"auth":"{AUTH}"}}}}}}',
        f"//npm.initech.com/:_auth={AUTH}",
    ),
    "BEAMER_KEY": (f"beamer token b_{draw(1, LOWER, 44)}",),
    "BEARER_TOKEN": (
        f"Cookie: theme=dark; JSESSIONID={draw(1, UPPER, 32)}",
        f"Set-Cookie: sessionid={draw(2, LOWER, 32)}; HttpOnly",
        f'{{"name": "PHPSESSID", "value": "{draw(3, LOWER, 26)}"}}',
    ),
    "CRYPTO_PRIVATE_KEY": (
        f"private key: 0x{draw(1, HEX, 64)}",
        f"WIF: 5K{draw(2, BASE58, 49)}",
        f"web3.eth.account.from_key('0x{draw(3, HEX, 64)}')",
        "xprv9s21ZrQH143K" + draw(4, BASE58, 96),
    ),
    "DATABRICKS_TOKEN": ("dapi" + draw(1, HEX, 32),),
    "DIGITALOCEAN_TOKEN": ("dop_v1_" + draw(1, HEX, 64),),
    "DOCKER_AUTH": (".dockerconfigjson: " + encoded('{"auths":{"reg":{"auth":"' + AUTH + '"}}}'),),
    "FREEMIUS_KEY": (f"'secret_key' => 'sk_{draw(1, ALNUM, 29)}'",),
    "GCP_ACCESS_TOKEN": ("ya29." + draw(1, ALNUM, 120),),
    "GOCARDLESS_TOKEN": (f"gocardless: live_{draw(1, LOWER, 40)}",),
    "GROQ_KEY": ("gsk_" + draw(1, ALNUM, 52),),
    "NUGET_PASSWORD": (f'<add key="ClearTextPassword" value="{draw(1, ALNUM, 14)}" />',),
    "OKTA_TOKEN": (f"Authorization: SSWS 00{draw(1, ALNUM, 40)}", f"okta: 00{draw(1, ALNUM, 40)}"),
    "OTP_SEED": (
        f"otpauth://totp/Initech:ann?secret={draw(1, BASE32, 32)}&issuer=Initech",
        f"TOTP secret: {draw(2, BASE32, 16)}",
        "2FA setup key: k3ab 7xyz mnop q2rs tuvw 5abc defg h6jk",
    ),
    "PASSWORD_HASH": (
        f"ann:$apr1${draw(1, CRYPT, 8)}${draw(2, CRYPT, 22)}",
        f"root:$6${draw(1, CRYPT, 8)}${draw(2, CRYPT, 86)}:19342:0:99999:7:::",
        f"ann:$y$j9T${draw(1, CRYPT, 22)}${draw(2, CRYPT, 43)}:19342:0:99999:7:::",
        f"ann:$2y$10${draw(1, CRYPT, 53)}",
        f"enable secret 5 $1${draw(1, CRYPT, 4)}${draw(2, CRYPT, 22)}",
    ),
    "PASSWORD": (
        "db1.corp:5432:shop:app:walnut9012",
        "u: ann p: q7RtLm2x url: https://portal.initech.com",
        "u=ann p=Zk7pQ2mX9w",
        "curl -x ann:Gr4nite9x@proxy.corp:8080 https://ifconfig.me",
        "ann:Gr4nite9x@10.0.4.12:3128",
        "10.0.4.12:3128:ann:Gr4nite9x",
        "scp file ann:Gr4nite9x@files.corp:/srv",
        "> USER web\n> PASS orchid3391",
        "7z x a.7z -pwalnut9012",
        "keytool -genkey -storepass walnut9012",
        "Backup codes:\nv44s-xmrl\nptb5-ace2\nuljv-k03a",
        "Recovery codes: 1. 70ba8-e08f0 2. ec3b6-11ce7",
        "Backup codes: 4829 1034 5561 8302 7719 0046",
        "driver.find_element(By.ID, 'password').send_keys('Harbor7731')",
        "await page.fill('#password', 'Harbor7731')",
        "cy.get('[data-cy=password]').type('Harbor7731')",
        "login('ann', 'Gr4nite9xT')",
        "DB_PASS=Harbor7731",
        "rootpw Harbor7731",
        "I tried Willow4471 as my password but it fails",
        "Agent: what is your password?\nUser: Willow4471",
        "Username/password: m.rossi/Tramonto82",
        "m.rossi@initech.com:Tramonto82",
        "m.rossi@initech.com / Tramonto82",
        "WiFi: Casa_Rossi / tramonto82xy",
        "tu contraseña temporal es otono2023x",
        "pass-phrase: violet-tundra-83-Cobble",
        "EMAIL_HOST_PASSWORD = 'qkzt vwhe rjpa lmxo'",
        "The alarm code is 4719",
        "lftp -u web,orchid3391 ftp.initech.com",
        'account.setPassword("walnut9012")',
        "echo 'deploy:Harbor7731x' | chpasswd",
        "BitLocker recovery key: 087846-827296-482059-857834-978198-880795-004359-966704",
        "pymysql.connect('10.0.4.12', 'app', 'Gr4nite9xT', 'shop')",
        "bindpw: Harbor7731",
        "laptop pswd Harbor7731",
        "パスワード「akiaki2023」",
        "mon mdp c'est automne2023",
        "Q: What's the wifi password?\nA: it's clover5519",
        "You used Clover5519 as your wifi password last year.",
        "root:Clover5519@10.1.2.3:22",
        "PASS=clover5519",
        "new creds for staging \u2014 admin / Gr4nite9xT",
    ),
    "PRESIGNED_URL": (
        f"https://b.s3.amazonaws.com/a?X-Amz-Expires=60&X-Amz-Signature={draw(1, HEX, 64)}",
        f"https://storage.googleapis.com/b/a?X-Goog-Signature={draw(1, HEX, 256)}",
        f"https://cdn.initech.com/a?Expires=1&Key-Pair-Id=K1&Signature={draw(1, ALNUM, 80)}",
    ),
    "PRIVATE_KEY_BASE64": (f"client-key-data: {PEM}", f"tls.key: {PEM}"),
    "REPLICATE_TOKEN": ("r8_" + draw(1, ALNUM, 37),),
    "SEED_PHRASE": (
        f"seed phrase: {SEEDS}",
        f'"mnemonic": "{SEEDS}"',
        f"My wallet does not restore with these words:\n{SEEDS}\nWhy?",
        "My wallet's words: "
        + " ".join(f"{at}. {word}" for at, word in enumerate(SEEDS.split(), 1)),
    ),
    "SENDGRID_KEY": (f"SG.{draw(1, ALNUM, 22)}.{draw(2, ALNUM, 43)}",),
    "SHOPIFY_TOKEN": ("shpat_" + draw(1, HEX, 32),),
    "SIDEKIQ_KEY": (
        "https://1a2b3c4d:5e6f7a8b@gems.contribsys.com/",
        "BUNDLE_ENTERPRISE__CONTRIBSYS__COM: 1a2b3c4d:5e6f7a8b",
    ),
    "STRIPE_WEBHOOK_SECRET": ("whsec_" + draw(1, ALNUM, 32),),
    "SUMO_LOGIC_ID": (f"sumo access id: su{draw(1, ALNUM, 12)}",),
    "TELEGRAM_BOT_TOKEN": (f"5810274639:AA{draw(1, ALNUM, 33)}",),
    "TWITTER_BEARER_TOKEN": ("A" * 22 + draw(1, ALNUM, 80),),
}
"""Kind \u2192 texts with one secret of that kind, whose place in the text is what gives it away."""


@pytest.mark.parametrize(("kind", "text"), [(k, text) for k in IN_PLACE for text in IN_PLACE[k]])
@pytest.mark.parametrize("around", ["{}", "Here it is:\n{}\n"])
def test_a_secret_is_found_in_its_place(kind: str, text: str, around: str) -> None:
    found = SecretScanner().find(pl.Series([around.format(text)]))
    assert [span.entity for _, spans in found for span in spans] == [kind]


def test_every_kind_of_our_own_is_planted_in_a_test() -> None:
    planted = {*PLANTED, *IN_PLACE, *(kind for kind, _ in FORMATS)}
    assert {rule.kind for rule in OWN} - planted == set()


@pytest.mark.parametrize(
    "text",
    [
        "password_hash: $2b$12$" + draw(1, CRYPT, 53),  # no account stands beside it
        "root:x:0:0:root:/root:/bin/bash",
        "ann:!:19342:0:99999:7:::",
        "otpauth://totp/{label}?secret={secret}&issuer={issuer}",
        "otpauth://totp/Example:alice@google.com?secret=JBSWY3DPEHPK3PXP&issuer=Example",
        "2fa key: this that then also with some more",
        "the recovery code: a ten-digit number",
        "Backup codes: 2024-01-01 2024-02-01",
        "Seed phrase: never share your twelve words with anyone, not even with our own people",
        "1. open 2. click 3. save",
        " ".join(f"{at}. {word}" for at, word in enumerate(["bake"] * 6 + ["cool"] * 6, 1)),
        "try utf8mb4 for the password column",
        "used sha256 for the password",
        "user: ann, pass: skipped12",
        "bus pass: 24hour",
        'password: "string123"',
        '"password": "गोपनीयता"',
        '"auth": "oauth2"',
        '"auth": "' + encoded("user:password") + '"',
        "u=5 p=7",
        "u: 144.5, p: 0.0342",
        "user:password@host:5432",
        "npm:string-width@4.2.0:8080",
        "a:b2c3@d",
        "cookie: consent=accepted; theme=dark; session=off",
        "keytool -genkey -storepass changeit",
        "From:bob1984@initech.com",
        "data:\n  password: {{ .Values.password | b64enc }}",
        "PGPASSWORD=postgres psql",
        "docker login -u ann -p password",
        '"password": "Adgangskode"',
        '"password": "Parool"',
        '"password": "Құпиясөз"',
        '"newPassword": "NeuesPasswort"',
        "LOGIN_PASSWORD: '/auth/password'",
        "'password.required': 'validation.password.required'",
        "contraseña: mínimo8 caracteres",
        "Set password to expire90",
        "sip:bob1984@10.0.4.12:5060",
        "m.rossi@initech.com / Suite204",
        "private_key: Ed25519PrivateKey",
        "private key: 0x{key}",
        "password: z.string().min(12)",
        "screen.getByLabelText('password')",
    ],
)
def test_what_only_stands_in_such_a_place_is_none(text: str) -> None:
    assert list(SecretScanner().find(pl.Series([text]))) == []
