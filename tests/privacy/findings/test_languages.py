"""Which languages rows seem to be in."""

import polars as pl
import pytest

from ftaudit.privacy.findings.languages import ALWAYS, UNTOLD, language_counts


def languages(*texts: str | None, first: int = 0) -> dict[str, int]:
    rows = range(first, first + len(texts))
    batch = pl.DataFrame(
        {"id": rows, "row": rows, "text": texts},
        schema={"id": pl.UInt64, "row": pl.UInt64, "text": pl.String},
    )
    return dict(language_counts(batch).iter_rows())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "What is the status of my order?"),
        ("de", "Wie ist der Stand meiner Bestellung, und wann kommt sie?"),
        ("fr", "Je voudrais savoir où est ma commande, elle est dans le train."),
        ("es", "Quiero saber dónde está el pedido que hice para mi madre."),
        ("it", "Non so come fare per avere il rimborso che mi spetta."),
        ("pt", "Não sei como fazer para você receber o meu pedido."),
        ("nl", "Ik weet niet waar het pakket van mijn moeder is."),
        ("ru", "Где мой заказ?"),
        ("zh", "我的订单在哪里"),
        ("ja", "注文はどこですか"),
        ("ko", "주문은 어디에 있나요"),
        ("ar", "أين طلبي؟"),
        ("he", "איפה ההזמנה שלי?"),
        ("fr", "Comment puis-je annuler ma commande ?"),
        ("pl", "Nie otrzymałem paczki."),
        ("tr", "Siparişimi nasıl iptal edebilirim?"),  # noqa: RUF001 - Turkish
        ("vi", "Làm thế nào để tôi hủy đơn hàng của mình?"),
        ("cs", "Jak mohu zrušit svou objednávku?"),
        ("hu", "Hogyan tudom lemondani a rendelésemet?"),
        ("ro", "Cum pot să anulez comanda mea?"),
        ("uk", "Як я можу скасувати своє замовлення?"),
        ("fa", "چگونه سفارشم را لغو کنم؟"),
        ("ur", "میں اپنا آرڈر کیسے منسوخ کروں؟"),
        ("ta", "எனது ஆர்டரை எப்படி ரத்து செய்வது?"),
        ("ka", "როგორ გავაუქმო შეკვეთა?"),
        ("am", "ትዕዛዜን እንዴት መሰረዝ እችላለሁ?"),
        ("sw", "Tafadhali niambie mzigo wangu utafika lini na wapi."),
        ("tl", "Kailan po darating ang order ko?"),
        ("hr", "Gdje je moj paket?"),
        ("sk", "Prosím, kde je môj balík?"),
        ("lt", "Kur yra mano siunta?"),
        ("af", "Ek wil asseblief weet waar my pakkie is."),
        ("hi-Latn", "Mujhe batao ki mera order kal aayega kya"),
        ("ja-Latn", "Watashi no nimotsu wa doko desu ka"),
        ("zh-Latn", "Qing wen wo de baoguo shenme shihou dao"),
        ("en", "Say no to drugs and be free."),
        ("en", "The average temperature was -7 degrees Fahrenheit."),
        ("de", "Kunde: Roswitha Kettler, Köln"),
        ("de", "Rückerstattung beantragt"),
        ("de", "Karte gesperrt"),
        ("de", "Kostenübernahmebescheinigung Pflegegrad 3"),
        ("fr", "Mot de passe oublié"),
        ("es", "Cambiar contraseña"),
        ("pt", "Esqueci a senha"),
        ("pl", "Zmiana hasła"),
        ("nl", "Wachtwoord vergeten"),
        ("sv", "Ändra lösenord"),
        (UNTOLD, "Samsung Galaxy, 128 GB"),
        (UNTOLD, "SELECT id, na FROM t WHERE x = 1;"),
        (UNTOLD, "chicken breast, olive oil, garlic, lemon"),
        (UNTOLD, "def f(x): return x + 1  # comment on n"),
        (UNTOLD, "12345"),
        (UNTOLD, "lorem"),
    ],
)
def test_a_text_is_told_by_its_script_or_its_common_words(language: str, text: str) -> None:
    assert languages(text) == {language: 1}


SHORT = (
    ("de", "Bitte senden Sie die Rechnung erneut."),
    ("de", "Wann kommt mein Paket?"),
    ("de", "Ich möchte mein Abo kündigen."),
    ("fr", "Veuillez renvoyer la facture."),
    ("fr", "Où est ma commande ?"),
    ("fr", "Je voudrais annuler mon abonnement."),
    ("es", "Por favor, envíe la factura otra vez."),
    ("es", "¿Dónde está mi pedido?"),
    ("es", "Quiero cancelar mi suscripción."),
    ("it", "Per favore invii di nuovo la fattura."),
    ("it", "Dov'è il mio ordine?"),
    ("it", "Vorrei annullare l'abbonamento."),
    ("pt", "Onde está o meu pedido?"),
    ("pt", "Quero cancelar minha assinatura."),
    ("pt", "Escreva uma história curta sobre uma raposa."),
    ("nl", "Stuur de factuur alstublieft opnieuw."),
    ("nl", "Waar is mijn bestelling?"),
    ("nl", "Ik wil mijn abonnement opzeggen."),
    ("pl", "Proszę wysłać fakturę ponownie."),
    ("pl", "Gdzie jest moje zamówienie?"),
    ("pl", "Chcę anulować subskrypcję."),
    ("sv", "Skicka fakturan igen, tack."),
    ("sv", "Var är min beställning?"),
    ("sv", "Jag vill säga upp mitt abonnemang."),
    ("da", "Send venligst fakturaen igen."),
    ("da", "Hvor er min ordre?"),
    ("da", "Jeg vil opsige mit abonnement."),
    ("fi", "Lähettäkää lasku uudelleen."),
    ("fi", "Missä tilaukseni on?"),
    ("fi", "Haluan peruuttaa tilaukseni."),
    ("tr", "Lütfen faturayı tekrar gönderin."),  # noqa: RUF001 - Turkish
    ("tr", "Siparişim nerede?"),
    ("tr", "Aboneliğimi iptal etmek istiyorum."),
    ("cs", "Pošlete prosím fakturu znovu."),
    ("cs", "Kde je moje objednávka?"),
    ("cs", "Chci zrušit předplatné."),
    ("hu", "Kérem, küldje el újra a számlát."),
    ("hu", "Hol van a rendelésem?"),
    ("hu", "Szeretném lemondani az előfizetést."),
    ("ro", "Vă rog să trimiteți factura din nou."),
    ("ro", "Unde este comanda mea?"),
    ("ro", "Vreau să anulez abonamentul."),
    ("vi", "Vui lòng gửi lại hóa đơn."),
    ("vi", "Đơn hàng của tôi ở đâu?"),
    ("vi", "Tôi muốn hủy đăng ký."),
    ("id", "Mohon kirim ulang fakturnya."),
    ("id", "Di mana pesanan saya?"),
    ("id", "Saya ingin membatalkan langganan."),
    ("sw", "Tafadhali tuma ankara tena."),
    ("sw", "Agizo langu liko wapi?"),
    ("ca", "Si us plau, envieu la factura de nou."),
    ("ca", "On és la meva comanda?"),
    ("hr", "Molim pošaljite račun ponovno."),
    ("hr", "Gdje je moja narudžba?"),
    ("no", "Vennligst send fakturaen på nytt."),
    ("no", "Jeg vil si opp abonnementet mitt."),
    ("fa", "لطفا صورتحساب را دوباره بفرستید."),
    ("fa", "سفارش من کجاست؟"),
    ("en", "Translate 'guten Morgen' to English, please."),
    ("en", "The café's menu is über fancy and the staff is nice"),
)
"""Requests of a few words, as they are sent to services."""


def test_a_request_of_a_few_words_is_told_too() -> None:
    assert [(code, text) for code, text in SHORT if languages(text) != {code: 1}] == []


def test_which_rows_are_looked_at_depends_on_the_row_alone() -> None:
    texts = ["the end of the day"] * 1_600
    whole = languages(*texts, first=ALWAYS)["en"]
    parts = [languages(*texts[:700], first=ALWAYS), languages(*texts[700:], first=ALWAYS + 700)]
    assert sum(part.get("en", 0) for part in parts) == whole
    assert 5 <= whole <= 60


def test_rows_without_text_are_not_counted() -> None:
    assert languages(None, None) == {}
