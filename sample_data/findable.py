"""Sentences that a rule finds. Everybody and everything in them is made up or reserved for it."""

from typing import Final

PERSONAL: Final = (
    ("EMAIL_ADDRESS", "Write to anna.beispiel@example.com with questions.", "e-mail address"),
    ("PHONE_NUMBER", "Please call me on +1 415 555 0132 to settle it.", "phone number"),
    (
        "CREDIT_CARD",
        "The card 4111 1111 1111 1111 was charged again.",
        "test number of card issuers",
    ),
    (
        "IBAN_CODE",
        "Refund it to DE89 3704 0044 0532 0130 00 please.",
        "IBAN of the standard's example",
    ),
    ("IP_ADDRESS", "The server with the IP address 203.0.113.77 is ours.", "documentation address"),
    ("US_SSN", "My social security number is 536-22-1784.", "social security number"),
    ("US_ITIN", "My ITIN is 912-71-1234.", "taxpayer number"),
    ("PASSPORT", "My passport number is 912803456.", "passport number"),
    ("US_DRIVER_LICENSE", "My driver's license is D1234567.", "driver's licence"),
    ("UK_NHS", "My NHS number is 943 476 5919.", "health service number"),
    (
        "CRYPTO",
        "Pay the bitcoin wallet 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa.",
        "the first wallet there was",
    ),
    ("PERSON", "My name is Anna Beispiel and I decide this.", "name after a cue"),
    ("DATE_OF_BIRTH", "I was born on 12 March 1981, if you need it.", "date of birth"),
    ("STREET_ADDRESS", "Send the papers to 742 Sample Street.", "street address"),
    ("AGE", "I am 43 years old.", "age"),
    ("DATE_TIME", "It has been so since 2025-02-14.", "date"),
    ("MAC_ADDRESS", "The scanner with MAC address 00:1B:44:11:3A:B7 is lost.", "hardware address"),
    ("URL", "See https://status.example.com/incident for it.", "address of a page"),
    ("UUID", "The workspace is 123e4567-e89b-12d3-a456-426614174000.", "example of RFC 9562"),
    ("ZIP_CODE", "Our ZIP code is 94107.", "postal code"),
    ("DE_PLZ", "Die Postleitzahl ist 10115.", "German postal code"),
)
"""Entity type, sentence, what it holds."""

_KEY_BODY: Final = "Q29tcGxldGVseSBtYWRlIHVwLCBhbmQgbm8ga2V5IG9mIGFueXRoaW5nIGF0IGFsbC4="

COMMITTED: Final = (
    ("PASSWORD", 'The login is password: "Tulpe-47-Regen" until Friday.', "password in quotes"),
    ("API_KEY", "It says api_key = q7Zr2mK9xW4pL8vT3nB6 in the file.", "key that is assigned"),
    (
        "BEARER_TOKEN",
        "We sent Authorization: Bearer m3Kd9Qx7Lw2Rp8Zt5Vn4Bc6 and failed.",
        "token of a header",
    ),
    (
        "CONNECTION_STRING",
        "It ran on postgresql://reader:Regen47tulpe@db.internal/tickets only.",
        "password in an address",
    ),
    (
        "JWT",
        "The session was eyJhbGciOiJub25lIn0x.eyJzdWIiOiJub2JvZHkifQ.bm90LWEtc2lnbmF0dXJl then.",
        "web token",
    ),
    (
        "PRIVATE_KEY",
        f"-----BEGIN PRIVATE KEY-----\n{_KEY_BODY}\n-----END PRIVATE KEY-----",
        "block of a private key",
    ),
)
"""Kinds without a vendor, safe to commit: kind, sentence, what it holds."""

MARKINGS: Final = (
    ("TLP_RED", "It was marked TLP:RED by the sender."),
    ("TLP_AMBER", "It was marked TLP:AMBER by the sender."),
    ("TLP_AMBER_STRICT", "It was marked TLP:AMBER+STRICT by the sender."),
    ("TLP_GREEN", "It was marked TLP:GREEN by the sender."),
    ("TLP_CLEAR", "It was marked TLP:CLEAR by the sender."),
    ("CUI", "The page says CUI//SP-PRVCY at its top."),
    ("US_FOUO", "The page says for official use only."),
    ("US_CLASSIFIED", "The page says SECRET//NOFORN at its top."),
    ("UK_OFFICIAL_SENSITIVE", "The page says OFFICIAL-SENSITIVE at its top."),
    ("UK_SECRET", "The page says UK SECRET at its top."),
    ("AU_OFFICIAL_SENSITIVE", "The page says OFFICIAL: Sensitive at its top."),
    ("CA_PROTECTED", "The page says PROTECTED B at its top."),
    ("DE_VERSCHLUSSSACHE", "The page says VS-NfD at its top."),
    ("FR_DIFFUSION_RESTREINTE", "The page says DIFFUSION RESTREINTE at its top."),
    ("NATO_MARKING", "The page says NATO RESTRICTED at its top."),
    ("EU_MARKING", "The page says RESTREINT UE at its top."),
    ("PRIVILEGED", "This is attorney-client privileged."),
    ("INTERNAL_ONLY", "This page is for internal use only."),
    ("DO_NOT_DISTRIBUTE", "Do not distribute this page."),
    ("CONFIDENTIAL", "This page is strictly confidential."),
    ("EMBARGOED", "It is embargoed until the fair."),
    ("EMAIL_DISCLAIMER", "If you are not the intended recipient, delete it."),
)
"""Kind and sentence."""

TOLD: Final = (
    *((f"pii.{kind}", sentence, what) for kind, sentence, what in PERSONAL[:5]),
    *((f"secrets.{kind}", sentence, what) for kind, sentence, what in COMMITTED),
    *((f"markings.{kind}", sentence, "a marking") for kind, sentence in MARKINGS[:2]),
    ("schema.mojibake", "The cafÃ© screen is the worst one.", "UTF-8 read as Latin-1"),
    ("schema.control_characters", "It ended with \x07 on the screen.", "a bell"),
    ("schema.replacement_character", "The word caf\ufffd is garbled.", "U+FFFD"),
)
"""Rule, sentence and what it holds: for the turns of a conversation."""
