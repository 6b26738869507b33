"""Which folder is the sent folder, the trash and so on: by attribute, else by name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from ..model.items import FolderPath, FolderRole

INBOX = "INBOX"

_BY_ATTRIBUTE = {
    "\\sent": FolderRole.SENT,
    "\\drafts": FolderRole.DRAFTS,
    "\\junk": FolderRole.JUNK,
    "\\spam": FolderRole.JUNK,
    "\\trash": FolderRole.TRASH,
    "\\archive": FolderRole.ARCHIVE,
    "\\all": FolderRole.ALL,
    "\\allmail": FolderRole.ALL,
    "\\flagged": FolderRole.FLAGGED,
    "\\starred": FolderRole.FLAGGED,
    "\\important": FolderRole.IMPORTANT,
}

_NAMES = {
    FolderRole.SENT: """
        sent; sent items; sent messages; sent mail; sent-mail; sentmail; outbox sent;
        envoyés; messages envoyés; éléments envoyés; courrier envoyé; objets envoyés;
        gesendet; gesendete objekte; gesendete elemente; gesendete nachrichten;
        enviados; elementos enviados; mensajes enviados; correo enviado; itens enviados;
        mensagens enviadas; inviati; inviata; posta inviata; messaggi inviati; elementi inviati;
        verzonden; verzonden items; verzonden berichten; wysłane; elementy wysłane;
        skickat; sendt; sendte elementer; lähetetyt; odeslané; elküldött; trimise; отправленные;
        надіслані; απεσταλμένα; gönderilmiş öğeler
    """,
    FolderRole.DRAFTS: """
        drafts; draft; brouillons; brouillon; entwürfe; entwurf; borradores; borrador; rascunhos;
        bozze; concepten; kopie robocze; szkice; utkast; kladder; luonnokset; koncepty; piszkozatok;
        ciorne; черновики; чернетки; πρόχειρα; taslaklar
    """,
    FolderRole.JUNK: """
        junk; junk e-mail; junk email; junk mail; spam; bulk mail; bulk; indésirables;
        courrier indésirable; courriers indésirables; pourriel; pourriels; spamverdacht;
        unerwünscht; junk-e-mail; unerwünschte werbung; correo no deseado; correo basura;
        no deseado; lixo eletrônico; lixo eletrónico; posta indesiderata; indesiderata;
        ongewenste e-mail; ongewenst; wiadomości-śmieci; niechciane; skräppost; søppelpost;
        roskaposti; nevyžádaná pošta; levélszemét; нежелательная почта; спам
    """,
    FolderRole.TRASH: """
        trash; deleted; deleted items; deleted messages; bin; wastebasket; corbeille;
        éléments supprimés; messages supprimés; supprimés; poubelle; papierkorb;
        gelöscht; gelöschte objekte; gelöschte elemente; papelera; elementos eliminados;
        eliminados; lixeira; lixo; itens excluídos; itens eliminados; cestino; posta eliminata;
        elementi eliminati; prullenbak; verwijderde items; verwijderd; kosz; elementy usunięte;
        papperskorg; papirkurv; roskakori; koš; kuka; gunoi; корзина; удаленные; кошик; çöp kutusu
    """,
    FolderRole.ARCHIVE: """
        archive; archives; archiv; archivo; archivos; arquivo; archivio; archief; archiwum;
        arkiv; arkisto; архив
    """,
}


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


_BY_NAME = {_folded(name): role for role, names in _NAMES.items() for name in names.split(";")}


def role_by_attribute(attributes: Iterable[str]) -> FolderRole | None:
    """The role a server announces (RFC 6154); Cyrus writes it in lower case."""
    for attribute in attributes:
        role = _BY_ATTRIBUTE.get(attribute.lower())
        if role is not None:
            return role
    return None


def role_by_name(path: FolderPath) -> FolderRole | None:
    """The role a name stands for in the languages of the providers; top level or below INBOX."""
    if len(path) == 1 and path[0].upper() == INBOX:
        return FolderRole.INBOX
    if len(path) == 1 or (len(path) == 2 and path[0] == INBOX):
        return _BY_NAME.get(_folded(path[-1]))
    return None
