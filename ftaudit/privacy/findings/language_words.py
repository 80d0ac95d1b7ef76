"""Common words and letters of languages, by which texts of Latin script are told apart."""

from typing import Final

WORDS: Final = {
    "en": """
    in am an as so because make made old each many two three using every extra the and is of to
    that for with you what are this was my how not it have i please thanks thank hello hi when why
    who which can could would should will do does did me your our they he she we his her its at be
    been has had but no yes there here about into some any more just get need want help know tell
    explain write give come care comment over pour main once also plus die man all up out then
    than them only new one time like go translate sentence order account
    """,
    "de": """
    und der die das nicht ist ich ein eine mit für auf zu wie sie den von wir mein wann kommt
    kann mir dem des als auch es an am im in bitte danke hallo guten morgen meine meinen einen
    einer was wo warum wer haben hat habe wird werden noch nur oder aber wenn bei nach über
    schreibe schreib erkläre möchte will kein keine schon sehr konto kurze kurzen ihr ihre sind
    gibt mich sich dass uns euch heute rechnung rechnungen passwort zurücksetzen bestellung
    bestellungen stornieren karte gesperrt lieferung verspätet vertrag verschoben gewünscht
    kontostand geändert kündigung bestätigt zahlung eingegangen frage antwort versand kostenlos
    störung behoben geburtsdatum heizung wohnung kaputt gerät rückruf überweisung fehlgeschlagen
    kreditkarte verloren kunde kunden kundin mitarbeiter abteilung straße anschrift montag
    dienstag mittwoch donnerstag freitag samstag sonntag herr frau geehrte geehrter geehrtes
    grüßen grüße vielen leider unser unsere ihnen ihrem ihren deine dein wurde wurden keinen
    keiner mehr gestern jahre stunden woche krankenhaus schmerzen beruf hauptstadt defekt
    beantragt gemeldet läuft funktioniert liefern lieferadresse telefonnummer unterschrift
    betreff anbei beschreibung
    """,
    "fr": """
    le les des et est une pour dans que vous pas je du sur avec mon il qui au ma comment puis
    bonjour merci beaucoup voudrais veuillez où mes son sa ses nous ce cette ces être avoir
    avons sont était faire fait plus très bien mais ou donc si quand pourquoi quel quelle aux ne
    écris écrivez votre notre compte leur elle ils sans aussi encore rien peux pouvez facture
    commande annuler oublié bancaire bloquée livraison remboursement colis naissance téléphone
    lundi mardi mercredi jeudi vendredi samedi dimanche janvier cordialement paiement résilier
    abonnement retard rendez élève médecin
    """,
    "es": """
    el los las que una para con por está es mi del cómo yo en su pero y se favor gracias buenos
    días hola dónde cuándo qué quién quiero puedo tengo necesito mis tu sus lo le al más muy
    bien sin sobre este esta esto hay son fue ser hacer escribe explica cuenta ahora también
    cuando porque nos historia usted otra vez contraseña cambiar pedido tarjeta bloqueada
    recibido envío dirección teléfono nacimiento lunes miércoles jueves viernes enero febrero
    estimado estimada atentamente reembolso factura
    """,
    "it": """
    il che di per una non con sono della è mi come gli nel ho anche questo grazie buongiorno
    ciao vorrei dove quando perché chi cosa posso voglio ha hai abbiamo mia miei tuo suo lo un
    dei delle alla dal sul più molto bene ma se scrivi spiega conto questa essere fare mille
    favore breve cui loro ancora sempre mio ordine cancella dimenticata spedizione rimborso
    fattura bloccata indirizzo nascita lunedì martedì mercoledì giovedì venerdì sabato domenica
    gennaio febbraio cordiali saluti consegna annullare dimenticato
    """,
    "pt": """
    não uma para com os você é do da em meu que como mas um ao são obrigado obrigada bom dia olá
    onde quando porque quem quero posso tenho preciso minha meus sua seu à dos das na nas nos
    mais muito bem também sem sobre este esta isso foi ser fazer escreva explique conta agora
    vocês está envie história senha esqueci cartão bloqueado endereço telefone nascimento pedido
    pagamento entrega atenciosamente janeiro fevereiro março reembolso cancelar fatura
    """,
    "nl": """
    het een van niet dat voor met ik je zijn op te mijn naar ook maar en hallo dank wel
    goedemorgen waar wanneer waarom wie wat kan kunt wil graag jouw hun was heeft heb hebben
    wordt worden nog als bij over uit om dan deze dit die geen alstublieft alsjeblieft schrijf
    leg rekening kort ben wij jullie hoe bestelling wachtwoord vergeten annuleren levering klant
    telefoon geboortedatum maandag dinsdag woensdag donderdag vrijdag zaterdag zondag betaling
    geachte groet groeten factuur betalen
    """,
    "pl": """
    nie się na jest że do w z jak mam czy po ale mój moje co za mogę proszę dziękuję dzień dobry
    cześć gdzie kiedy dlaczego kto chcę masz ma są był była być moja swój ten ta tego tej tym
    dla od przez przy bez lub albo jeśli napisz wyjaśnij konto o tylko bardzo już ponownie hasła
    hasło zmiana zamówienie zamówienia płatność dostawa dostawy poniedziałek wtorek środa piątek
    niedziela zapomniałem anulować zwrot pozdrawiam
    """,
    "sv": """
    och att det är som inte på jag för med en min har till hur tack hej god morgon snälla var
    när varför vem vad vill kan ska skulle mitt mina din ditt vi ni de den hade blir om eller
    men från också mycket bara nu skriv förklara konto så igen kort lösenord ändra glömt
    beställning betalning adress måndag lördag söndag hälsningar vänliga kundtjänst avboka
    """,
    "tr": """
    bir ve bu için değil ile ne var çok ben ama da nas\u0131l mi benim ürün lütfen teşekkürler
    merhaba selam günayd\u0131n nerede neden kim kaç istiyorum yok m\u0131 mu mü senin onun biz
    siz şu o olarak daha kadar gibi hakk\u0131nda yaz aç\u0131kla k\u0131sa hesab\u0131m tekrar
    şimdi hikaye şifremi şifre unuttum sipariş siparişim siparişimi iptal ödeme teslimat müşteri
    pazartesi çarşamba perşembe cuma say\u0131n sayg\u0131lar\u0131mla iade
    """,
    "id": """
    yang dan di ini untuk dengan tidak saya itu ke dari apa bagaimana cara bisa mohon terima kasih
    halo selamat pagi mana kapan mengapa kenapa siapa ingin mau kamu anda kami kita mereka adalah
    ada akan sudah belum pada oleh atau tetapi tapi jika karena juga hanya sekarang tulis jelaskan
    akun ulang pesanan tentang pendek kirim
    """,
    "fi": """
    ja on ei että se ole minun mutta kun hän mitä niin miten voin minä tai kiitos hei moi hyvää
    huomenta missä milloin miksi kuka haluan haluaisin tarvitsen voitko voinko minulla sinä sinun
    te tämä tuo olen olet ovat oli myös vain nyt kirjoita selitä tili lyhyt uudelleen tilaukseni
    tarina
    """,
    "vi": """
    tôi của là không và có cho được một bạn này thế để làm vui lòng cảm ơn xin chào ở đâu khi nào
    tại sao muốn cần anh chị em đã đang sẽ rất nhưng nếu vì về viết giải thích hãy lại đơn hàng
    gửi câu hóa chuyện
    """,
    "cs": """
    jsem není jak mohu svou které nebo když proč jsou také mám byl prosím děkuji dobrý den ahoj
    kde kdy kdo co chci chtěl bych máš má je být můj moje svůj ten ta to toho pro od přes bez
    jestli pokud napiš vysvětli účet o jen velmi už znovu krátký příběh
    """,
    "ro": """
    cum să nu sunt este pentru mea meu pot din care ce și mulțumesc bună ziua salut unde când cine
    vreau am ai are avem era fi mei tău său acest această pe la cu fără sau dacă dar mai foarte
    doar acum scrie explică cont despre vă rog nou comanda poveste
    """,
    "hu": """
    nem hogy és egy van vagy hogyan mert csak meg ez az tudom kérem köszönöm szia napot hol mikor
    miért ki mit szeretném akarok tudok volt lesz ezt azt nekem vagyok vannak is de ha még már
    újra írj magyarázd fiók rövid küldje
    """,
    "da": """
    ikke hvordan jeg kan og det til hvad har hvor mig noget på tak hej god morgen venligst hvornår
    hvorfor hvem vil skal skulle min mit mine din dit vi de den havde er var bliver om eller men
    fra også meget bare nu skriv forklar igen en et med kort historie
    """,
    "no": """
    ikke hvordan jeg kan og det til hva har hvor takk hei god vennligst når hvorfor hvem vil skal
    mitt mine din vi dere de den hadde er var blir om eller men fra også mye bare nå skriv forklar
    kontoen på en et å med kort
    """,
    "ca": """
    com puc meva meu amb però és això una els què tinc si us plau gràcies bon dia hola on quan qui
    vull seva seu aquest aquesta sense també molt més ara escriu són nou la de
    """,
    "hr": """
    je na da za nije što kako sam koji ali moj mogu gdje su li nisam molim hvala dobar dan bok
    kada zašto tko želim trebam moja moje ovaj ova ovo ako samo vrlo sada napiši objasni račun
    ponovno pošaljite
    """,
    "sk": """
    som nie ako sa je že pre čo ktoré alebo môj moje aby mám kedy prečo prosím kde ďakujem dobrý
    deň chcem môžem máš bol byť svoj napíš vysvetli účet znova krátky
    """,
    "sl": """
    je da ki za kako sem moj lahko kaj ali niso zakaj prosim moje ga
    """,
    "lt": """
    ir yra kad su kaip tai iš mano bet į kas man labai kur prašau nėra
    """,
    "lv": """
    un ir ka ar kā man nav bet uz par vai kas lūdzu mans kur
    """,
    "et": """
    ja ei et ma see kas mis kui minu aga või oma kuidas seda palun
    """,
    "sq": """
    dhe në të është për një nuk që nga si kam çfarë ju lutem
    """,
    "af": """
    nie ek jy vir hoe wat sy my jou hy asseblief waar wanneer
    """,
    "eu": """
    eta ez dut zer bat hau nola baina naiz nire dira mesedez non
    """,
    "sw": """
    na ya wa kwa ni katika za hii yangu kuwa lakini sana jinsi nini yako wangu lini tafadhali
    asante habari jambo wapi nataka naweza nina wewe yeye sisi hiyo hili tena andika eleza langu
    liko tuma
    """,
    "tl": """
    ang ng sa mga na ay ko mo ako hindi ito kung paano ano po niya aking kay naman salamat kamusta
    pakiusap saan nasaan bakit sino gusto kailangan puwede pwede ikaw siya kami tayo sila wala
    mayroon meron ngayon isulat muli opo
    """,
    "hi-Latn": """
    hai mein kya ki ke ka ko nahi aur mujhe hoon raha kaise yeh kal bhi tum aap batao
    """,
    "ja-Latn": """
    desu masu watashi anata kore sore wa ga ni kara arigatou nani shite imasu
    """,
    "zh-Latn": """
    wo ni shi bu zai yao shenme zenme xiexie qing hen nihao haishi meiyou
    """,
}
"""Language → common words, from the tops of public frequency lists and of requests; the last are
romanised."""
LETTERS: Final = {
    "es": "ñ¿¡",
    "pt": "ãõ",
    "de": "ß",
    "fr": "œ",
    "pl": "ąęłżźśń",
    "tr": "\u0131şğ",
    "vi": "ơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    "cs": "ěřů",
    "ro": "ășț",
    "hu": "őű",
    "da": "æø",
    "no": "æø",
}
"""Language → letters that few others write; they count as one common word."""
