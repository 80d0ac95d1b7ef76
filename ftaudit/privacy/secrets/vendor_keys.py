"""Key formats of vendors, one line each: kind, pattern of the key in RE2's syntax.

Sources: the vendors' documentation of their formats, GitHub's list of secret-scanning patterns and
the list of vendors that gitleaks searches for. A format here begins with letters that nothing
else begins with, so that it needs no word beside it.
"""

from typing import Final

from ftaudit.privacy.secrets.secret_rules import SecretRule

_END: Final = r"(?:[^A-Za-z0-9_-]|$)"
_UUID: Final = r"[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}"

FORMATS: Final = (
    # models and agents
    ("OPENROUTER_KEY", r"sk-or-v1-[a-f0-9]{64}"),
    ("XAI_KEY", r"xai-[A-Za-z0-9]{70,90}"),
    ("PERPLEXITY_KEY", r"pplx-[A-Za-z0-9]{40,64}"),
    ("PINECONE_KEY", r"pcsk_[A-Za-z0-9]{4,12}_?[A-Za-z0-9]{50,72}"),
    ("LANGSMITH_KEY", r"lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}"),
    ("LANGFUSE_KEY", rf"sk-lf-{_UUID}"),
    ("DEEPSEEK_KEY", r"sk-[a-f0-9]{32}"),
    ("NVIDIA_KEY", r"nvapi-[A-Za-z0-9_-]{60,72}"),
    ("CEREBRAS_KEY", r"csk-[a-z0-9]{40,56}"),
    ("FIREWORKS_KEY", r"fw_[A-Za-z0-9]{22,32}"),
    ("VOYAGE_KEY", r"pa-[A-Za-z0-9_-]{40,48}"),
    ("ELEVENLABS_KEY", r"sk_[a-f0-9]{48}"),
    ("TAVILY_KEY", r"tvly-(?:dev-|prod-)?[A-Za-z0-9]{28,40}"),
    ("FIRECRAWL_KEY", r"fc-[a-f0-9]{32}"),
    ("JINA_KEY", r"jina_[A-Za-z0-9]{32}[A-Za-z0-9_-]{20,40}"),
    ("LLAMACLOUD_KEY", r"llx-[A-Za-z0-9]{40,56}"),
    ("ANYSCALE_KEY", r"esecret_[A-Za-z0-9]{24,40}"),
    ("HELICONE_KEY", r"sk-helicone-[a-z0-9-]{20,60}"),
    ("WANDB_KEY", r"wandb_v1_[A-Za-z0-9_]{60,100}"),
    ("GEMINI_KEY", r"AQ\.Ab[A-Za-z0-9_-]{40,60}"),
    ("AWS_BEDROCK_KEY", r"ABSK[A-Za-z0-9+/]{109,269}={0,2}"),
    ("AWS_BEDROCK_KEY", r"bedrock-api-key-YmVkcm9jay[A-Za-z0-9+/=]{20,400}"),
    ("PRIVATEAI_KEY", r"pai-[a-z0-9]{32}"),
    # infrastructure
    ("VAULT_TOKEN", r"hvs\.[A-Za-z0-9_-]{24,120}"),
    ("VAULT_TOKEN", r"hvb\.[A-Za-z0-9_-]{100,220}"),
    ("VAULT_TOKEN", r"hvr\.[A-Za-z0-9_-]{24,120}"),
    ("TERRAFORM_TOKEN", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}"),
    ("GRAFANA_TOKEN", r"glsa_[A-Za-z0-9]{32}_[a-fA-F0-9]{8}"),
    ("GRAFANA_TOKEN", r"glc_[A-Za-z0-9+/]{32,400}={0,3}"),
    ("GRAFANA_TOKEN", r"eyJrIjoi[A-Za-z0-9+/]{60,400}={0,3}"),
    ("DOCKER_TOKEN", r"dckr_[po]at_[A-Za-z0-9_-]{27,40}"),
    ("ONEPASSWORD_TOKEN", r"ops_eyJ[A-Za-z0-9+/]{200,1000}={0,3}"),
    ("ONEPASSWORD_TOKEN", r"A3-[A-Z0-9]{6}-[A-Z0-9]{6,11}(?:-[A-Z0-9]{5}){3,4}"),
    ("DOPPLER_TOKEN", r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}"),
    ("PULUMI_TOKEN", r"pul-[a-f0-9]{40}"),
    ("PREFECT_TOKEN", r"pn[ub]_[A-Za-z0-9]{36}"),
    ("PLANETSCALE_TOKEN", r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,64}"),
    ("SUPABASE_KEY", r"sbp_[a-f0-9]{40}|sb_secret_[A-Za-z0-9_-]{30,40}"),
    ("NEON_KEY", r"napi_[a-z0-9]{60,72}"),
    ("NETLIFY_TOKEN", r"nfp_[A-Za-z0-9]{36}"),
    ("RENDER_KEY", r"rnd_[A-Za-z0-9]{28,36}"),
    ("FLY_TOKEN", r"fo1_[\w-]{43}|fm[12][ar]?_[A-Za-z0-9+/]{100,600}={0,3}"),
    ("HEROKU_KEY", r"HRKU-AA[A-Za-z0-9_-]{58}"),
    ("TOGETHER_KEY", r"tgp_v1_[A-Za-z0-9_-]{43}"),
    ("VERCEL_TOKEN", r"vc[piark]_[A-Za-z0-9]{40,60}"),
    ("VERCEL_TOKEN", r"vercel_blob_rw_[A-Za-z0-9]{16}_[A-Za-z0-9]{30,40}"),
    ("CIRCLECI_TOKEN", r"CCI(?:PAT|PRJ)_[A-Za-z0-9]{20,24}_[a-f0-9]{40}"),
    ("BUILDKITE_TOKEN", r"bkua_[a-f0-9]{40}"),
    ("TAILSCALE_KEY", r"tskey-(?:auth|api|client|scim)-[A-Za-z0-9]{8,24}-[A-Za-z0-9]{20,40}"),
    ("DEFINED_NETWORKING_TOKEN", r"dnkey-[a-z0-9=_-]{26}-[a-z0-9=_-]{52}"),
    ("AIVEN_PASSWORD", r"AVNS_[A-Za-z0-9_-]{15,22}"),
    ("OPENSHIFT_TOKEN", r"sha256~[A-Za-z0-9_-]{43}"),
    ("INFRACOST_KEY", r"ico-[A-Za-z0-9]{32}"),
    ("SENTRY_TOKEN", r"sntrys_eyJ[A-Za-z0-9+/=_]{80,400}|sntryu_[a-f0-9]{64}"),
    ("NEW_RELIC_KEY", r"NRAK-[A-Z0-9]{27}|NRJS-[a-f0-9]{19}|NRII-[A-Za-z0-9-]{32}"),
    ("DYNATRACE_TOKEN", r"dt0[a-z]\d{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    ("POSTHOG_KEY", r"phx_[A-Za-z0-9_]{40,56}"),
    ("SONARQUBE_TOKEN", r"sq[puar]_[a-f0-9]{40}"),
    ("SOURCEGRAPH_TOKEN", r"sgp_(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}"),
    ("JFROG_KEY", r"AKCp[A-Za-z0-9]{69}|cmVmd[A-Za-z0-9]{59}"),
    ("CLICKHOUSE_KEY", r"4b1d[A-Za-z0-9]{38}"),
    ("CLOUDFLARE_ORIGIN_KEY", r"v1\.0-[a-f0-9]{24}-[a-f0-9]{146}"),
    ("HARNESS_TOKEN", r"(?:pat|sat)\.[A-Za-z0-9_-]{22}\.[a-f0-9A-Z]{24}\.[A-Za-z0-9]{20}"),
    ("INTRA42_SECRET", r"s-s4t2(?:ud|af)-[a-f0-9]{64}"),
    ("SETTLEMINT_TOKEN", r"sm_(?:aat|pat|sat)_[A-Za-z0-9]{16}"),
    ("RUBYGEMS_KEY", r"rubygems_[a-f0-9]{48}"),
    ("CLOJARS_TOKEN", r"CLOJARS_[a-z0-9]{60}"),
    ("ALIBABA_KEY", r"LTAI[A-Za-z0-9]{16,26}"),
    ("TENCENT_KEY", r"AKID[A-Za-z0-9]{32}"),
    ("YANDEX_KEY", r"AQVN[A-Za-z0-9_-]{35,38}|t1\.[A-Z0-9a-z_-]{100,600}={0,2}\.[A-Z0-9a-z_-]{86}"),
    ("OCTOPUS_KEY", r"API-[A-Z0-9]{26,32}"),
    ("SCALINGO_TOKEN", r"tk-us-[A-Za-z0-9_-]{48}"),
    # work and data
    ("FIGMA_TOKEN", r"fig[duo]r?_[A-Za-z0-9_-]{36,60}"),
    ("NOTION_TOKEN", r"ntn_[A-Za-z0-9]{40,56}|secret_[A-Za-z0-9]{43}"),
    ("LINEAR_KEY", r"lin_(?:api|oauth)_[A-Za-z0-9]{40,64}"),
    ("AIRTABLE_TOKEN", r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}"),
    ("ATLASSIAN_TOKEN", r"AT[AC]TT3[A-Za-z0-9_=+/-]{100,240}"),
    ("POSTMAN_KEY", r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}"),
    ("TYPEFORM_TOKEN", r"tfp_[A-Za-z0-9_.=-]{40,64}"),
    ("CONTENTFUL_TOKEN", r"CFPAT-[A-Za-z0-9_-]{43}"),
    ("README_KEY", r"rdme_[a-z0-9]{70}"),
    ("HUBSPOT_TOKEN", rf"pat-(?:na|eu)\d-{_UUID}"),
    ("FRAMEIO_TOKEN", r"fio-u-[A-Za-z0-9_=-]{64}"),
    ("DROPBOX_TOKEN", r"sl\.(?:u\.)?[A-Za-z0-9_-]{130,800}"),
    ("WAKATIME_KEY", rf"waka_{_UUID}"),
    ("DISCORD_WEBHOOK", r"https://(?:\w{2,8}\.)?discord(?:app)?\.com/api(?:/v\d{1,2})?/webhooks/\d{17,20}/[\w-]{60,72}"),
    ("TEAMS_WEBHOOK", rf"https://[a-z0-9-]{{2,60}}\.webhook\.office\.com/webhookb2/{_UUID}@{_UUID}/[^\s\"']{{40,90}}"),
    ("ZAPIER_WEBHOOK", r"https://hooks\.zapier\.com/hooks/catch/\d{5,9}/[a-z0-9]{6,9}"),
    ("TWITCH_TOKEN", r"oauth:[a-z0-9]{30}"),
    ("LICHESS_TOKEN", r"lip_[A-Za-z0-9]{20}"),
    ("ADAFRUIT_KEY", r"aio_[A-Za-z]{4}\d{2}[A-Za-z0-9]{22}"),
    ("MAXMIND_KEY", r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk"),
    ("ADOBE_SECRET", r"p8e-[a-z0-9]{32}"),
    ("FACEBOOK_TOKEN", r"EAA[A-Z][A-Za-z0-9]{90,400}"),
    # money and mail
    ("MAILGUN_KEY", r"(?:pub)?key-[a-f0-9]{32}"),
    ("RESEND_KEY", r"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}"),
    ("SENDINBLUE_KEY", r"xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}"),
    ("PLAID_TOKEN", rf"access-(?:sandbox|development|production)-{_UUID}"),
    ("FLUTTERWAVE_KEY", r"FLWSECK(?:_TEST|_LIVE)?-[a-h0-9A-Z]{12,64}(?:-X)?"),
    ("RAZORPAY_KEY", r"rzp_live_[A-Za-z0-9]{14}"),
    ("EASYPOST_KEY", r"EZ[AT]K[A-Za-z0-9]{54}"),
    ("SHIPPO_KEY", r"shippo_(?:live|test)_[a-f0-9]{40}"),
    ("DUFFEL_TOKEN", r"duffel_(?:test|live)_[A-Za-z0-9_=-]{43}"),
    ("SQUARE_TOKEN", r"EAAA[A-Za-z0-9_-]{60}|sq0[a-z]{3}-[A-Za-z0-9_-]{22,43}"),
    ("CASHFREE_KEY", r"cfsk_ma_(?:prod|test)_[a-f0-9]{32}_[a-f0-9]{8}"),
    ("GOOGLE_REFRESH_TOKEN", r"1//0[A-Za-z0-9_-]{60,140}"),
    ("FIREBASE_KEY", r"AAAA[A-Za-z0-9_-]{7}:APA91[A-Za-z0-9_-]{100,180}"),
    ("MAPBOX_TOKEN", r"sk\.eyJ[A-Za-z0-9_-]{60,120}\.[A-Za-z0-9_-]{20,24}"),
)  # fmt: skip
"""(kind, pattern), without boundaries."""

VENDORS: Final = (
    *(
        SecretRule(kind, rf"(?:^|[^A-Za-z0-9_./+-]|https?://)((?:{pattern})){_END}", 0.95)
        if not pattern.startswith("https")
        else SecretRule(kind, rf"({pattern})", 0.95)
        for kind, pattern in FORMATS
    ),
    SecretRule("WANDB_KEY", rf"\bwandb login (?:--[a-z-]{{3,20}} ){{0,3}}([a-f0-9]{{40}}){_END}"),
    SecretRule("GITLAB_TOKEN", rf"_gitlab_session=([a-f0-9]{{32}}){_END}"),
    SecretRule(
        "TWITTER_BEARER_TOKEN", rf"(?:^|[^A-Za-z0-9])A{{20,24}}([A-Za-z0-9%]{{70,100}}){_END}"
    ),
    SecretRule("VAULT_TOKEN", rf"(?i)vault[^\n]{{0,30}}[^\w.](s\.[a-z0-9]{{24}}){_END}"),
)
