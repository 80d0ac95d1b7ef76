"""What secrets look like. Patterns are RE2's; the capturing group is the secret.

Sources: the vendors' own documentation of their key formats, and GitHub's list of secret-scanning
patterns. Names are stable: they appear in rules as `secrets.AWS_ACCESS_KEY` and in metrics.
"""

from typing import Final

from ftaudit.privacy.secrets.password_words import CHOSEN, MINE
from ftaudit.privacy.secrets.secret_rule import SecretRule, chosen

_END: Final = r"(?:[^A-Za-z0-9_-]|$)"
_CREDENTIAL: Final = (
    r"(?:api[_ -]?key|apikey|access[_ -]?key(?:[_ -]?id)?|secret[_ -]?(?:access[_ -]?)?key"
    r"(?:[_ -]base)?"
    r"|(?:access|auth|refresh|bot|api|bearer|session|id|personal[_ -]access)[_ -]?token"
    r"|(?:client|app|consumer|webhook|signing|shared)[_ -]?secret"
    r"|(?:encryption|signing|private|master|account|storage|license|subscription"
    r"|pre-?shared|cipher|crypto|hmac|aes|symmetric)[_ -]?key|token"
    r"|secret|credentials?|schl[üu]ssel|clave|cl[ée](?: api| secr[èe]te)|密钥|令牌|トークン|ключ"
    r"|токен)(?:[_ -]?(?:value|string|plain))?"
)
_SHORT: Final = r"(?:(?i:\b|_)(?i:pwd|pass|pw|psk|mdp|wpa2?)|[a-z0-9](?:Pass|Pwd|Pw|Psk))"
"""Short names of passwords, which are parts of other words."""
_LOGIN: Final = r"\b(?i:user(?:name)?|log-?in|e-?mail|ssid|wi-?fi|wlan)[\"']?\s?[:=]"
"""What stands before a password in the settings of an account."""
_SEPARATOR: Final = (
    r"(?:[\"'`*_)\]]{1,4}|</[a-z]{1,8}>)?\s{0,3}(?:\([^)\n]{0,20}\)\s{0,2})?(?:</t[dh]>\s{0,4}<t[dh]>|:=|=>|->"
    r"|:[ ]?&?(?:'static[ ])?[A-Za-z][\w<>\[\]?|]{0,24}[ ]?=|[:=|>→⇒])(?:[*_]{1,2}"
    r"|</\w{1,12}>)?\s{0,4}"
)
"""What stands between a name and its value in JSON, YAML, code, chats, Markdown and HTML."""
_FOR: Final = (
    r"(?:[ ](?i:wi-?fi|wlan|vpn|admin|root|ssh|ftp|smtp|mysql|db|bd|outlook|gmail|[הלו]?וויפי"
    r"|הוויפי"
    r"|الواي فاي))?"
    r"(?:[ ](?:temporal|temporaire|temporane[ao]|tempor[áa]ri[ao]|provisional|provisoire"
    r"|provisori[ao]|inicial|initiale?|iniziale|actual|attuale|atual|nueva|nova|nuova|anterior|antigua))?"
    r"(?:[ ](?:at|in|from|for|to|of|on|für|zum|vom|de|del|di|du|do|per|voor|від|от|для|dla|do|til"
    r"|för)"
    r"[ ][^\s:=]{1,24}(?:[ ][^\s:=]{1,24}){0,5})?"
)
"""What a password is for."""
_LITERAL: Final = r"(?:[bBrRuUN]{1,2}|@|L)?"
"""What makes a string in code one of bytes, a raw or a wide one, right before its quote."""
_IS: Final = (
    _FOR
    + r"(?:[ ](?:(?:i|we|they|he|she|you)[ ](?:use|used|have|set|chose)))?"
    + MINE
    + r"(?:[ ](?:is now|is set to|is|was|era|était|war|fue|are|will be"
    r"|ist|lautet|es|est|este|è|é|jest|är|er|on|je|to"
    r"|hai|ho|yra|on nyt|c'est|là|adalah|ialah|ni|to:|е|є|це"  # noqa: RUF001 - Ukrainian
    r"|είναι|היא|הוא|هي|هو|है)[ ]?:?[ ]|[ ]?(?:は|是|为|為|는|은|คือ)[ ]?[:"
    "\uff1a"
    r"]?[ ]?)"
)
"""How a sentence says a password."""
_BARE: Final = r"([^\s\"'`<>\[\]{}(),;|]{6,64})(?:[\s,;.)\"'`<&|\\]|$)"
"""A value without quotes, and what ends it."""
_VENDOR: Final = (
    r"(?:adafruit|adobe|airtable|algolia|alibaba|aliyun|asana|atlassian|jira|confluence|beamer"
    r"|bitbucket|bittrex|meraki|cloudflare|codecov|cohere|coinbase|confluent|contentful|datadog|dd"
    r"|discord|drone_?ci|dropbox|etsy|facebook|fb|fastly|finicity|finnhub|flickr|freshbooks|gitter"
    r"|gocardless|gitlab|github|hubspot|intercom|jfrog|artifactory|kraken|kucoin|launchdarkly"
    r"|linear"
    r"|linkedin|lob|looker|mailchimp|mailgun|mapbox|mattermost|messagebird|mistral|netlify"
    r"|new_?relic|nytimes|okta|plaid|private_?ai|rapid_?api|sendbird|sentry|sidekiq|snyk"
    r"|squarespace|sumo|together|travis(?:_?ci)?|trello|twilio|twitch|twitter|yandex|zendesk|zoom"
    r"|spotify|openai|anthropic|gemini|azure|replicate|deepgram|assemblyai|stability|reddit"
    r"|pagerduty|opsgenie|elevenlabs|serpapi|serper|mixpanel|amplitude|pusher|cloudinary|infura"
    r"|alchemy|etherscan|binance|bybit|rollbar|bugsnag|splunk|vultr|linode|hetzner|scaleway|godaddy"
    r"|namecheap|wasabi|backblaze|unsplash|giphy|openweather(?:map)?|tomtom|ipinfo|newsapi|tmdb"
    r"|last_?fm|tiktok|pinterest|wechat|feishu|dingtalk|baidu|tencent|qiniu|huawei"
    r"|pipedrive|calendly|miro|docusign|xero|quickbooks|shipstation|braze|iterable"
    r"|customer_?io|onesignal|moralis|quicknode|helius|polygon_?io|alpha_?vantage"
    r"|wandb|weights_and_biases|qdrant|weaviate|zilliz|upstash|turso|unstructured|portkey|ai21"
    r"|mistral_?ai|moonshot|dashscope|zhipu|minimax|siliconflow|sambanova|nebius|novita|lambda_?labs)"
)
"""Vendors whose keys have no letters of their own, so that only a name beside one gives it away."""
_SCHEME: Final = (
    r"(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|oracle"
    r"|jdbc:[a-z]{2,12}"
    r"|ftps?|sftp|ssh|smtps?|imaps?|ldaps?|https?|kafka|nats|clickhouse|couchdb|cassandra"
    r"|snowflake|cloudinary|cockroachdb|crdb|redshift|db2|hana|vertica|trino|presto|duckdb|firebird"
    r"|neo4j(?:\+s(?:sc)?)?|bolt(?:\+s)?|memcached?|mqtts?|stomp|socks[45]h?|smb|rtsps?|pop3s?|git"
    r"|svn|elasticsearch|opensearch|influxdb|etcd|hive2?|impala|teradatasql|sybase)(?:\+[a-z0-9]{2,12})?"
)

RULES: Final = (
    SecretRule("AWS_ACCESS_KEY", r"\b((?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16})\b"),
    SecretRule(
        "AWS_SECRET_KEY",
        r"(?i)\baws.{0,20}?(?:key|secret|token|pwd|password).{0,20}?(?:[\"'=:]"
        r"|is)\s{0,3}[\"']?([0-9a-zA-Z/+]{40})(?:[^0-9a-zA-Z/+=]|$)",
        generic=True,
        random=True,
    ),
    SecretRule("GCP_API_KEY", r"\b(AIza[0-9A-Za-z_-]{35})" + _END),
    SecretRule("GCP_OAUTH_SECRET", r"\b(GOCSPX-[0-9A-Za-z_-]{28})" + _END),
    SecretRule("GCP_ACCESS_TOKEN", r"\b(ya29\.[0-9A-Za-z_-]{20,})"),
    SecretRule(
        "AZURE_STORAGE_KEY", r"(?i)\b(?:AccountKey|SharedAccessKey)=([a-z0-9+/]{42,86}={1,2})"
    ),
    SecretRule(
        "AZURE_CLIENT_SECRET",
        r"(?:^|[^A-Za-z0-9_~.-])"
        r"([A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34})(?:[^A-Za-z0-9_~.-]|$)",
    ),
    SecretRule("AZURE_SAS_TOKEN", r"(?i)[?&]sig=([a-z0-9%/+]{40,60}(?:%3d|=))"),
    SecretRule("GITHUB_TOKEN", r"\b(gh[pousr]_[A-Za-z0-9]{36,})\b"),
    SecretRule("GITHUB_TOKEN", r"\b(github_pat_[A-Za-z0-9_]{36,})\b"),
    SecretRule(
        "GITLAB_TOKEN",
        r"\b((?:glpat|gldt|glft|glsoat|glrt|glcbt|glimt|glptt|glagent|gloas"
        r"|glffct)-[A-Za-z0-9_-]{20,})" + _END,
    ),
    SecretRule("SLACK_TOKEN", r"\b(xox[abposre][.-][A-Za-z0-9.-]{10,})"),
    SecretRule("SLACK_TOKEN", r"\b(xapp-\d-[A-Z0-9]{8,14}-\d{10,14}-[a-f0-9]{32,64})\b"),
    SecretRule(
        "SLACK_WEBHOOK",
        r"(hooks\.slack\.com/(?:services"
        r"|workflows)/T[A-Za-z0-9_]{6,14}/[AB][A-Za-z0-9_]{6,14}/[A-Za-z0-9_]{16,64})",
    ),
    SecretRule("STRIPE_KEY", r"\b((?:sk|rk)_(?:live|test|prod)_[0-9a-zA-Z]{16,})\b"),
    SecretRule("STRIPE_WEBHOOK_SECRET", r"\b(whsec_[0-9a-zA-Z+/=]{24,})"),
    SecretRule(
        "OPENAI_KEY",
        r"\b(sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,}"
        r"|sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}|sk-[A-Za-z0-9]{48})" + _END,
    ),
    SecretRule("ANTHROPIC_KEY", r"\b(sk-ant-[A-Za-z0-9]{2,12}-[A-Za-z0-9_-]{20,})" + _END),
    SecretRule("HUGGINGFACE_TOKEN", r"\b((?:hf|api_org)_[A-Za-z]{30,40})\b"),
    SecretRule("HUGGINGFACE_TOKEN", r"\b(hf_[A-Za-z0-9]{34})\b"),
    SecretRule("NPM_TOKEN", r"\b(npm_[A-Za-z0-9]{36})\b"),
    SecretRule("NPM_TOKEN", r"(?i)_authToken\s?=\s?([a-f0-9]{8}-[a-f0-9-]{27})\b"),
    SecretRule("PYPI_TOKEN", r"\b(pypi-[A-Za-z0-9_-]{50,})"),
    SecretRule("SENDGRID_KEY", r"\b(SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})"),
    SecretRule("TELEGRAM_BOT_TOKEN", r"\b(?:bot)?(\d{8,10}:AA[0-9A-Za-z_-]{33})" + _END),
    SecretRule("DATABRICKS_TOKEN", r"\b(dapi[a-f0-9]{32}(?:-\d)?)\b"),
    SecretRule("DIGITALOCEAN_TOKEN", r"\b(do[opr]_v1_[a-f0-9]{64})\b"),
    SecretRule("GROQ_KEY", r"\b(gsk_[A-Za-z0-9]{52})\b"),
    SecretRule("REPLICATE_TOKEN", r"\b(r8_[A-Za-z0-9]{37,40})\b"),
    SecretRule("SHOPIFY_TOKEN", r"\b(shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32})\b"),
    SecretRule("AGE_SECRET_KEY", r"\b(AGE-SECRET-KEY-1[0-9A-Z]{58})\b"),
    SecretRule(
        "JWT",
        r"\b(eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,})",
        0.9,
    ),
    SecretRule(
        "PRIVATE_KEY",
        r"(-----BEGIN (?:[A-Z0-9]{2,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d)",
    ),
    SecretRule(
        "CONNECTION_STRING",
        rf"(?i)\b(?:{_SCHEME}://[^\s:/?#@\"'<>]{{0,64}}:"
        rf"([^\s:/?#@\"'<>]{{3,}})@[a-z0-9.\[\]_-]{{2,}})",
        0.9,
        generic=True,
    ),
    SecretRule(
        "CONNECTION_STRING",
        r"(?i)\b(?:server|data source|host|driver"
        r"|endpoint)\s?=[^;\n]{1,200};(?:[^;=\n]{1,40}=[^;\n]{0,};){0,8}?\s?(?:password"
        r"|pwd)\s?=\s?([^;\s\"']{6,})",
        0.9,
    ),
    SecretRule(
        "PASSWORD",
        rf"(?i){CHOSEN}(?:{_SEPARATOR}|{_IS}){_LITERAL}"
        r"(?:\"([^\"\s]{6,64})\"|'([^'\s]{6,64})'|`([^`\s]{6,64})`|“([^”\s]{6,64})”)",
        0.8,
        generic=True,
    ),
    SecretRule(
        "PASSWORD",
        rf"{_SHORT}{_SEPARATOR}{_LITERAL}"
        r"(?:\"([^\"\s]{6,64})\"|'([^'\s]{6,64})'|`([^`\s]{6,64})`)",
        0.7,
        generic=True,
        random=True,
    ),
    chosen(
        rf"(?i){CHOSEN}(?:{_IS}|{_FOR}(?:{_SEPARATOR}|[ ][—-][ ])|{MINE}[ ]){_BARE}",
    ),
    chosen(rf"(?:{_SHORT}{_SEPARATOR}|\b(?i:pwd|pw|passcode)(?:{_IS}|[ ])){_BARE}", worded=False),
    chosen(
        rf"(?:(?:(?i:\b|_)(?i:pwd|pw|psk|mdp)|_(?i:pass)|{_LOGIN}[^\n]{{0,60}}?[\s,;&/|]pass)"
        rf"{_SEPARATOR}|\b(?i:pwd|pw|mdp){_IS}){_BARE}"
    ),
    SecretRule(
        "AWS_SECRET_KEY",
        r"(?i)\baws_secret_access_key\s{1,3}([0-9a-z/+]{40})(?:[^0-9a-z/+=]|$)",
        generic=True,
        random=True,
    ),
    chosen(
        r"\b(?:unzip|zip)\b[^\n|;]{0,60}?\s-P[ ]?([^\s\"'$-][^\s\"']{5,63})",
    ),
    SecretRule("PASSWORD", r"\bWIFI:[^\n]{0,100}?\bP:([^;\s]{8,63});", 0.9, generic=True),
    chosen(
        rf"(?i){CHOSEN}[ ]{{1,3}}(?:\"([^\"\s]{{6,64}})\"|'([^'\s]{{6,64}})')",
    ),
    chosen(
        r"(?i)\b(?:name|key)[\"']?\s?[:=]\s?[\"']?[\w.-]{0,40}(?:password|passwd|pwd|secret|token"
        r"|api_?key|access_?key|private_?key"
        r"|credentials?)[\w.-]{0,20}[\"']?,?\s{0,40}[\"']?(?:value|content)[\"']?"
        r"\s?[:=]\s?[\"']?([^\s\"',}<]{6,200})",
        0.7,
    ),
    chosen(
        rf"(?i)(?:^|[\n.,;:!?-][ ]?|\band )pass is[ ]{_BARE}",
    ),
    chosen(
        r"\b(?:redis-cli|docker login|podman login|az login|gpg|vncpasswd|helm|mongo|mongosh"
        r"|mongodump|mongorestore|sqlcmd"
        r"|bcp|smbclient|ldapsearch|ldapmodify|htpasswd|ftp|lftp|snmpwalk"
        r"|ipmitool)\b[^\n|;]{0,120}?\s"
        r"-(?:a|p|P|w|pw)[ ]?[\"']?([^\s\"'$-][^\s\"']{5,63})",
        sure=True,
    ),
    chosen(
        r"(?i)(?:\brequirepass|\bmasterauth|\bnet user [^\s/]{1,40}|\bnet use [^\n]{3,80}?"
        r"|\bhtpasswd (?:-[a-z]{1,4} )?"
        r"\S{1,80} \S{1,40}) "
        r"([^\s/\"']{6,64})",
    ),
    SecretRule(
        "PASSWORD",
        r"(?:\bcurl|\bwget|\bhttps?|\bxh)[^\n]{0,300}?\s(?:-u|-a|--auth"
        r"|--user)[ =]?[\"']?[^\s:\"']{1,64}:([^\s\"']{6,64})",
        0.8,
        generic=True,
    ),
    chosen(
        r"(?:(?:^|\s)--(?:[a-z]{1,20}-)?(?:password|passwd|pass|pwd|api-?key|token|secret"
        r"(?:-key)?)[ =][\"']?|\bsshpass -p ?[\"']?|\bopenssl [^\n|;]{1,120}? (?:-k |-pass(?:in"
        r"|out)? pass:)|\bPGPASSWORD=[\"']?"
        r"|\bMYSQL_PWD=[\"']?|\bREDISCLI_AUTH=[\"']?)([^\s\"']{6,64})",
        0.7,
        sure=True,
    ),
    chosen(
        r"(?i)(?:\b(?:my|the|his|her|our|your|root|admin|same|wifi) pass(?:code)? (?:is|was)"
        r"|\bp(?:ass|wd|w)['"
        "\u2019"
        rf"]s)[ ]:?[ ]?{_BARE}",
    ),
    chosen(
        r"(?i)\b(?:(?:user(?:name)?|login|id)[ :=]{1,3}[^\s:=/,|]{1,40}[ ,/|;]{1,3}(?:and )?"
        r"pass(?:word)?[ :=]{1,3}|(?:creds?|credentials|log ?in(?: details)?|zugangsdaten"
        r"|anmeldedaten|identifiants|credenciales|credenziali|inloggegevens|dane logowania"
        r"|(?:user(?:name)?|log-?in|e-?mail)[ ]?[/&+,][ ]?pass(?:word)?)"
        r"(?:[ ](?:for|to|on|of)[ ][^\s:=]{1,24}(?:[ ][^\s:=]{1,16}){0,3})?"
        r"(?:[ ]are|[ ]?[:=—-])[ ]{0,2}"
        rf"[^\s:=/,|]{{1,40}}[ ]?[/|:][ ]?){_BARE}",
    ),
    chosen(
        r"(?i)(?:\b(?:IDENTIFIED BY|PASSWORD)[ ]?\(?|\bConvertTo-SecureString\s{1,3}(?:-String\s)?"
        r"|(?:\b(?:auth|credentials|creds|login)\s?=\s?|\blogin|BasicAuth|Credentials?|\.auth|\.log_?in"
        r"|setBasicAuth)\(\s?[\"'][^\"'\n]{1,64}[\"']\s?,\s?|(?:password|passphrase|secret|api_?key"
        r"|token)[\"'](?:,\s?|\s{1,3}value\s?=\s?))(?:\"([^\"\s]{6,64})\"|'([^'\s]{6,64})')",
        0.7,
    ),
    chosen(
        r"\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n|;]{0,100}?\s-p([^\s\"'$=-][^\s\"']{5,63})",
        0.7,
    ),
    SecretRule(
        "API_KEY",
        rf"(?i){_VENDOR}[ _.-]?(?:[a-z]{{1,12}}[ _.-]?){{0,3}}?(?:key|token|secret|id|auth|pat|api)"
        rf"{_SEPARATOR}[\"'`“]?([a-z0-9_=.-]{{14,200}})(?:[\s,;)\"'`<&}}”\\]|$)",
        0.7,
        generic=True,
        random=True,
        bare=True,
        whole=True,
    ),
    chosen(
        rf"(?i){_CREDENTIAL}(?:{_SEPARATOR}"
        rf"|{_IS}){_LITERAL}[\"'`“]([A-Za-z0-9_/+.=~-]{{16,200}})[\"'`”]",
        0.8,
        kind="API_KEY",
    ),
    chosen(
        rf"(?i){_CREDENTIAL}(?:{_SEPARATOR}|{_IS})([A-Za-z0-9_/+.=~-]{{16,200}})(?:[\s,;)\"'`<&}}"
        rf"|\\]|$)",
        kind="API_KEY",
    ),
    chosen(
        r"(?i)\bvariable\s{1,3}\"[\w-]{0,40}(?:password|passwd|secret|token|api_?key|access_?key"
        r"|private_?key|credentials?)[\w-]{0,20}\"\s{0,3}\{[^{}]{0,200}?"
        r"\bdefault\s{0,20}=\s{0,3}\"([^\"\s]{6,200})\"",
        0.7,
    ),
    chosen(
        r"(?i)\b(?:api[_-]?keys|secrets|passwords|(?:access|auth|api)[_-]?tokens|credentials)"
        r"[\"']?\s?[:=]\s{0,20}(?:\["
        r"|-[ ])\s{0,20}[\[{]?\s{0,20}(?:[\"']?[a-z]{2,12}[\"']?\s?[:=]\s?)?"
        rf"{_LITERAL}[\"']?([a-z0-9_/+.=~-]{{16,200}})(?:[\s,;)\"'`<&}}\]]|$)",
        kind="API_KEY",
    ),
    chosen(
        rf"(?i){_CREDENTIAL}(?:[ ][a-z']{{1,14}}){{1,6}}[ ]?(?::|is|was|=)[ ]{{1,3}}[\"'`]?"
        r"([A-Za-z0-9_/+.=~-]{16,200})(?:[\s,;)\"'`<]|$)",
        kind="API_KEY",
    ),
    chosen(
        rf"(?i){_CREDENTIAL}(?:[ ](?:you|i|we|they|he|she|provided|gave|given|sent|shared|pasted"
        r"|used|entered|in|your|my|message|here|above|have|me|us|is|the)){1,6},?[ ][\"'`“]"
        r"([A-Za-z0-9_/+.=~-]{16,200})[\"'`”]",
        kind="API_KEY",
    ),
    chosen(
        r"(?m:^[ \t]{0,12})auth[ ]?[:=][ ]{0,3}[\"']?([^\s\"']{6,64})[\"']?[ \t]*(?:\n|$)",
    ),
    SecretRule(
        "PASSWORD",
        r"(?i)\b(?:my|your|his|her|our|card|debit|atm|phone|sim|door|alarm|mein|meine|mi|mon|mio"
        r"|meu"
        r"|mijn) (?:[a-z]{1,12} )?(?:pin|code pin|pin[- ]?code)(?: number)?(?: for [a-z ]{1,24})?"
        r"(?: is| ist| es| est| è| é|:) ?(\d{4,8})(?:[\s,;.!]|$)",
        0.6,
        generic=True,
    ),
    SecretRule(
        "PASSWORD",
        r"(?i)\bpin(?: code| number)? for (?:my|your|the|his|her|our) [a-z ]{1,24}(?: is"
        r"|:) ?(\d{4,8})"
        r"(?:[\s,;.!]|$)",
        0.6,
        generic=True,
    ),
    chosen(
        r"(?:^|\n)[\w.*-]{1,80}:(?:543[0-9]|6432|\*):[\w*-]{1,60}:[\w*-]{1,60}:([^\s:]{6,64})(?:\s"
        r"|$)",
        0.7,
    ),
    SecretRule(
        "BEARER_TOKEN",
        r"(?i)\bcookie[\"']?\s?[:=][^\n]*?(?:sess(?:ion)?(?:[_-]?id)?|sid|auth|jwt)="
        r"([a-z0-9%._~+/-]{20,100})",
        0.8,
        generic=True,
        random=True,
    ),
    SecretRule(
        "BEARER_TOKEN",
        r"(?i)\b(?:bearer|authorization[\"']?\s?[:=]\s?[\"']?(?:basic|token|api-?key|key|bot|oauth|splunk|genie-?key|ssws))\s{1,3}"
        r"([a-z0-9_/+.~=-]{20,})",
        0.8,
        generic=True,
        random=True,
    ),
)
"""Kinds of secrets, beside those of detect-secrets. On equal scores a text's earlier one wins."""

DETECT_SECRETS: Final = {
    "Artifactory Credentials": "ARTIFACTORY_CREDENTIALS",
    "AWS Access Key": "AWS_ACCESS_KEY",
    "Azure Storage Account access key": "AZURE_STORAGE_KEY",
    "Basic Auth Credentials": "CONNECTION_STRING",
    "Cloudant Credentials": "CLOUDANT_CREDENTIALS",
    "Discord Bot Token": "DISCORD_BOT_TOKEN",
    "GitHub Token": "GITHUB_TOKEN",
    "GitLab Token": "GITLAB_TOKEN",
    "IBM Cloud IAM Key": "IBM_CLOUD_KEY",
    "IBM COS HMAC Credentials": "IBM_CLOUD_KEY",
    "JSON Web Token": "JWT",
    "Mailchimp Access Key": "MAILCHIMP_KEY",
    "NPM tokens": "NPM_TOKEN",
    "OpenAI Token": "OPENAI_KEY",
    "Private Key": "PRIVATE_KEY",
    "PyPI Token": "PYPI_TOKEN",
    "SendGrid API Key": "SENDGRID_KEY",
    "Slack Token": "SLACK_TOKEN",
    "SoftLayer Credentials": "SOFTLAYER_CREDENTIALS",
    "Square OAuth Secret": "SQUARE_TOKEN",
    "Stripe Access Key": "STRIPE_KEY",
    "Telegram Bot Token": "TELEGRAM_BOT_TOKEN",
    "Twilio API Key": "TWILIO_KEY",
}
"""Secret type of detect-secrets → kind here. `Public IP (ipv4)` is no secret and is left out."""
