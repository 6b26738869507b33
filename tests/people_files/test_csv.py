"""Contacts in comma-separated values, with the columns that programs write."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm_desktop.endpoints.convert.card.person import NO_YEAR, Person, Typed
from omm_desktop.endpoints.convert.card.read import read_card
from omm_desktop.endpoints.convert.card.split import split_cards
from omm_desktop.endpoints.files.csv_contacts.days import day_first, read_day
from omm_desktop.endpoints.files.csv_contacts.section import is_contacts_csv
from omm_desktop.endpoints.files.people import PeopleSource
from omm_desktop.model.items import ItemKind
from omm_desktop.model.problem import OwnerNeeded, ProblemId

from .reading import read

OUTLOOK = (
    '"Title","First Name","Middle Name","Last Name","Suffix","Company","Department","Job Title",'
    '"Business Street","Business Street 2","Business City","Business State",'
    '"Business Postal Code","Business Country/Region","Home Street","Other City",'
    '"Assistant\'s Phone","Business Fax","Business Phone","Business Phone 2","Home Phone",'
    '"Mobile Phone","Primary Phone","Account","Anniversary","Assistant\'s Name","Birthday",'
    '"Categories","E-mail Address","E-mail Type","E-mail Display Name","E-mail 2 Address",'
    '"Gender","Initials","Notes","Priority","Private","Sensitivity","Spouse","User 1","Web Page"'
)
OUTLOOK_FR = (
    '"Titre","Prénom","Deuxième prénom","Nom","Suffixe","Société","Service","Titre",'
    '"Rue (bureau)","Ville (bureau)","Dép/Région (bureau)","Code postal (bureau)",'
    '"Pays/Région (bureau)","Rue (domicile)","Ville (domicile)","Code postal (domicile)",'
    '"Télécopie (bureau)","Téléphone (bureau)","Téléphone (domicile)","Tél. mobile",'
    '"Adresse de messagerie","Type de messagerie","Nom complet de l\'adresse de messagerie",'
    '"Adresse de messagerie 2","Anniversaire","Anniversaire de mariage ou fête","Bureau",'
    '"Catégories","Conjoint(e)","Critère de diffusion","Notes","Priorité","Privé","Sexe"'
)
OUTLOOK_DE = (
    '"Anrede","Vorname","Nachname","Firma","Position","Straße geschäftlich","Ort geschäftlich",'
    '"Region geschäftlich","Postleitzahl geschäftlich","Land/Region geschäftlich",'
    '"Telefon geschäftlich","Mobiltelefon","E-Mail-Adresse","E-Mail 2: Adresse","Geburtstag"'
)
GOOGLE_OLD = (
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Name Prefix,Nickname,"
    "Birthday,Gender,Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,"
    "E-mail 2 - Value,IM 1 - Type,IM 1 - Service,IM 1 - Value,Phone 1 - Type,Phone 1 - Value,"
    "Address 1 - Type,Address 1 - Formatted,Address 1 - Street,Address 1 - City,"
    "Address 1 - Country,Organization 1 - Name,Organization 1 - Title,Relation 1 - Type,"
    "Relation 1 - Value,Website 1 - Type,Website 1 - Value,Event 1 - Type,Event 1 - Value,"
    "Custom Field 1 - Type,Custom Field 1 - Value"
)
GOOGLE_NEW = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Nickname,File As,"
    "Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,"
    "Phone 2 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street"
)


def people(path: Path) -> list[Person]:
    """Whom the file is about, by name as the cards tell it."""
    cards = [read_card(next(split_cards(one))) for one in read(path)[path.stem, ItemKind.CONTACTS]]
    return [one for one in cards if isinstance(one, Person)]


def person(tmp_path: Path, header: str, row: str, encoding: str = "utf-8") -> Person:
    file = tmp_path / "x.csv"
    file.write_bytes(f"{header}\r\n{row}\r\n".encode(encoding))
    (one,) = people(file)
    return one


def test_outlook_in_english(tmp_path: Path) -> None:
    row = (
        '"Dr.","Anna","M.","Doe","Jr.","Shop, Ltd.","Sales","Head","1 Road","Floor 2","Town",'
        '"TX","75001","USA","Home Road 3","Else","+1 9","+1 2","+1 1","+1 3","+1 4","+1 5",'
        '"+1 6","acc","7/4/2001","Bea","1/31/1980","Red;Blue","a@x.test","SMTP",'
        '"Anna (a@x.test)","b@x.test","Unspecified","A.D.","one\r\ntwo ""three""","Normal",'
        '"True","Normal","Carl","mine","https://x.test"'
    )
    read_ = person(tmp_path, OUTLOOK, row)
    assert read_.full_name == "Dr. Anna M. Doe Jr."
    assert (read_.organisation, read_.units, read_.titles) == ("Shop, Ltd.", ("Sales",), ("Head",))
    work, home, other = read_.addresses
    assert (work.street, work.city, work.region, work.code, work.country, work.types) == (
        *("1 Road\nFloor 2", "Town", "TX", "75001", "USA"),
        frozenset({"work"}),
    )
    assert (home.street, home.types, other.city) == ("Home Road 3", frozenset({"home"}), "Else")
    assert {(phone.value, *sorted(phone.types)) for phone in read_.phones} == {
        ("+1 1", "work"),
        ("+1 2", "fax", "work"),
        ("+1 3", "work"),
        ("+1 4", "home"),
        ("+1 5", "cell"),
        ("+1 6", "main"),
        ("+1 9", "assistant"),
    }
    assert [email.value for email in read_.emails] == ["a@x.test", "b@x.test"]
    assert (read_.birthday, read_.anniversary) == (date(1980, 1, 31), date(2001, 7, 4))
    assert read_.related == (("assistant", "Bea"), ("spouse", "Carl"))
    assert read_.categories == ("Red", "Blue")
    assert (read_.privacy, read_.gender) == ("private", "")
    assert read_.notes == 'one\ntwo "three"\nAccount: acc\nUser 1: mine'
    assert read_.pages == (Typed("https://x.test"),)


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp932", "山田 太郎;鈴木 花子;佐藤;やまだ たろう;タナカ"),
        ("gb18030", "张伟;王芳;李娜;陈静;刘洋"),
        ("big5", "陳志明;林美玲;王小明;張雅婷"),
        ("cp949", "김민준;이서연;박지훈;최수빈"),
        ("cp1251", "Иванов Иван;Смирнова Анна Юрьевна;Щербаков Яков;Кузнецов"),
        ("cp1253", "Γιώργος Παπαδόπουλος;Μαρία Ιωάννου;Ελένη Νικολάου"),
        ("cp1252", "Hélène Müller;José Núñez;O’Brien;Jürgen Groß;Íñigo Ibáñez;“Œuvre” d’été;Zoë"),
    ],
)
def test_the_encoding_below_english_columns(tmp_path: Path, encoding: str, names: str) -> None:
    told = names.split(";")
    for rows in (told, *([one] for one in told if encoding == "cp1252")):
        file = tmp_path / f"{len(rows)}.csv"
        lines = ["First Name,Last Name,E-mail Address", *(f"{one},X,a@b.test" for one in rows)]
        file.write_bytes("\r\n".join(lines).encode(encoding))
        assert [one.name.given for one in people(file)] == rows


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_outlook_in_french(tmp_path: Path, encoding: str) -> None:
    row = (
        '"Mme","Zoé","","Lefèvre","","Société Générale","Ventes","Directrice","1, rue X","Lyon",'
        '"","69001","France","2 rue Y","Paris","75001","+33 2","+33 1","+33 3","+33 6",'
        '"zoe@x.test","SMTP","Zoé","z@y.test","03/04/1980","0/0/00","B12","Amis","Léon",'
        '"Normal","","Normal","Faux","Féminin"'
    )
    read_ = person(tmp_path, OUTLOOK_FR, row, encoding)
    assert (read_.name.prefix, read_.titles) == ("Mme", ("Directrice",))
    assert (read_.name.given, read_.name.family) == ("Zoé", "Lefèvre")
    assert [(one.city, *one.types) for one in read_.addresses] == [
        ("Lyon", "work"),
        ("Paris", "home"),
    ]
    assert read_.birthday == date(1980, 4, 3)
    assert (read_.anniversary, read_.notes, read_.privacy) == (None, "", "")
    assert (read_.office, read_.gender, read_.related) == ("B12", "F", (("spouse", "Léon"),))


def test_outlook_in_german(tmp_path: Path) -> None:
    row = (
        '"Herr","Jörg","Groß","Bäcker GmbH","Chef","Straße 1","Köln","NRW","50667","Deutschland",'
        '"+49 1","+49 2","j@x.test","g@x.test","13.02.1970"'
    )
    read_ = person(tmp_path, OUTLOOK_DE, row, "cp1252")
    assert (read_.full_name, read_.titles) == ("Herr Jörg Groß", ("Chef",))
    (work,) = read_.addresses
    assert (work.region, work.country) == ("NRW", "Deutschland")
    assert [email.value for email in read_.emails] == ["j@x.test", "g@x.test"]
    assert read_.birthday == date(1970, 2, 13)


def test_google_as_it_was(tmp_path: Path) -> None:
    row = (
        "Ada Lovelace,Ada,King,Lovelace,,,,Addie,--12-10,,Poet,* myContacts ::: Family ::: Work,"
        "Other,o@x.test ::: p@x.test,* Work,w@x.test,Other,Skype,ada.l,Work Fax,+44 1 ::: +44 2,"
        'Home,"1 Road\nTown",1 Road,Town,UK,Engines,Analyst,Spouse,William,Home Page,'
        "https://x.test,Anniversary,1835-07-08,Boat,Ark"
    )
    read_ = person(tmp_path, GOOGLE_OLD, row)
    assert (read_.full_name, read_.nicknames) == ("Ada Lovelace", ("Addie",))
    assert [(one.value, *one.types) for one in read_.emails] == [
        ("w@x.test", "work"),
        ("o@x.test",),
        ("p@x.test",),
    ]
    assert read_.phones == tuple(Typed(n, frozenset({"work", "fax"})) for n in ("+44 1", "+44 2"))
    assert read_.birthday == date(NO_YEAR, 12, 10)
    assert read_.anniversary == date(1835, 7, 8)
    assert read_.categories == ("Family", "Work")
    assert [(one.street, one.city, one.country) for one in read_.addresses] == [
        ("1 Road", "Town", "UK")
    ]
    assert (read_.organisation, read_.titles) == ("Engines", ("Analyst",))
    assert read_.related == (("spouse", "William"),)
    assert read_.messaging == ("skype:ada.l",)
    assert read_.notes == "Poet\nBoat: Ark"


def test_google_as_it_is(tmp_path: Path) -> None:
    row = (
        "Grace,,Hopper,Gureesu,Rear Adm.,,,US Navy,Admiral,Research,1906-12-09,,https://p.test/1,"
        "* myContacts ::: Navy,* Work,g@x.test,Domicile,+1 1,Bateau,+1 2,Home,All in one line,"
    )
    read_ = person(tmp_path, GOOGLE_NEW, row)
    assert read_.full_name == "Rear Adm. Grace Hopper"
    assert read_.phonetic.given == "Gureesu"
    assert (read_.organisation, read_.units, read_.titles) == (
        *("US Navy", ("Research",)),
        ("Admiral",),
    )
    assert [(one.value, *one.types) for one in read_.phones] == [
        ("+1 1", "home"),
        ("+1 2", "bateau"),
    ]
    assert [one.street for one in read_.addresses] == ["All in one line"]
    assert (read_.categories, read_.notes) == (("Navy",), "")


def test_thunderbird(tmp_path: Path) -> None:
    header = "First Name,Last Name,Display Name,Primary Email,Birth Year,Birth Month,Birth Day"
    read_ = person(tmp_path, header, "Bo,Li,Bo Li,bo@x.test,1970,5,9")
    assert read_.full_name == "Bo Li"
    assert read_.birthday == date(1970, 5, 9)
    assert person(tmp_path, header, "Bo,Li,,bo@x.test,,5,9").birthday == date(NO_YEAR, 5, 9)


OUTLOOK_ES = (
    "Title;Nombre;Segundo nombre;Apellidos;Organización;Puesto;Calle del trabajo;Ciudad de trabajo;"
    "Provincia o estado de trabajo;Código postal del trabajo;País o región del trabajo;"
    "Apartado postal de la dirección del trabajo;Teléfono del trabajo;Teléfono del trabajo 2;"
    "Particular;Número de centralita de la organización;Dirección de correo electrónico;"
    "Dirección del correo electrónico 3;Prioridad;Confidencialidad"
)
OUTLOOK_IT = (
    "Titolo;Nome;Secondo nome;Cognome;Società;Posizione;Via (uff.);Città (uff.);Provincia (uff.);"
    "CAP (uff.);Paese/area geografica (uff.);Indirizzo (uff.) - Casella postale;Ufficio;Ufficio 2;"
    "Abitazione;Telefono principale società;Indirizzo posta elettronica;"
    "Indirizzo posta elettronica 3;Priorità;Riservatezza"
)


@pytest.mark.parametrize("header", [OUTLOOK_ES, OUTLOOK_IT])
def test_outlook_in_spanish_and_italian(header: str, tmp_path: Path) -> None:
    row = "Dr;Ana;M;Díaz;Acme;Jefa;C 1;Lugo;Galicia;27001;España;B 2;+1;+2;+3;+4;a@x;b@x;Normal;x"
    read_ = person(tmp_path, header, row, "cp1252")
    assert (read_.full_name, read_.organisation, read_.titles) == (
        *("Dr Ana M Díaz", "Acme"),
        ("Jefa",),
    )
    (work,) = read_.addresses
    assert work.parts == ("B 2", "", "C 1", "Lugo", "Galicia", "27001", "España")
    assert {(phone.value, *phone.types) for phone in read_.phones} == {
        ("+1", "work"),
        ("+2", "work"),
        ("+3", "home"),
        ("+4", "company"),
    }
    assert ([email.value for email in read_.emails], read_.notes) == (["a@x", "b@x"], "")


def test_linkedin_puts_a_remark_before_the_columns(tmp_path: Path) -> None:
    header = 'Notes:\n"When exporting, you may ""miss"" some"\n\nFirst Name,Last Name,URL,Company'
    read_ = person(tmp_path, f"{header},Position,Connected On", "Ann,Lee,https://x,Acme,Boss,1 Jan")
    assert (read_.full_name, read_.titles, read_.notes) == ("Ann Lee", ("Boss",), "")


def test_names_of_columns_without_their_spaces(tmp_path: Path) -> None:
    read_ = person(tmp_path, "FirstName,last_name,HomeStreet,E-mail Address", "Bo,Li,1 Road,b@x")
    assert (read_.full_name, read_.addresses[0].street) == ("Bo Li", "1 Road")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("sign", ["", "sep={}\r\n"])
def test_separators(tmp_path: Path, separator: str, sign: str) -> None:
    header = separator.join(["First Name", "Notes", "E-mail Address"])
    row = separator.join(["Bo", f'"L{separator}i"', "bo@x.test"])
    read_ = person(tmp_path, sign.format(separator) + header, row)
    assert (read_.name.given, read_.notes) == ("Bo", f"L{separator}i")


def test_other_languages_of_windows(tmp_path: Path) -> None:
    read_ = person(tmp_path, "Имя;Фамилия;Организация", "Анна;Иванова;Завод", "cp1251")
    assert read_.full_name == "Анна Иванова"
    read_ = person(tmp_path, "Imię;Nazwisko;Urodziny", "Łucja;Śliwa;01.02.1990", "cp1250")
    assert (read_.full_name, read_.birthday) == ("Łucja Śliwa", date(1990, 2, 1))


def test_a_quote_that_nothing_closes_costs_its_line_alone(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    rows = [
        f'Bo{number},"Li,b@x.test' if number == 3 else f"Bo{number},Li,b@x.test"
        for number in range(60_000)
    ]
    file.write_text("\n".join(["First Name,Last Name,E-mail Address", *rows]))
    source = PeopleSource(file)
    (folder,) = source.folders()
    source.close()
    assert folder.count == 60_000


def test_empty_rows_and_short_rows(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("First Name,Last Name,Notes\n,,\n\nBo\nLi,Wu,long,longer\n")
    assert [one.full_name for one in people(file)] == ["Bo", "Li Wu"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a,b,c\n1,2,3\n",
        b"Date,Amount,Notes\n",
        b"Name\nx\n",
        b"\0" * 100,
        b"Category,Home,Other\n1,2,3\n",
    ],
)
def test_other_files_are_none_of_contacts(content: bytes, tmp_path: Path) -> None:
    assert not is_contacts_csv(content)
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    source = PeopleSource(file)
    with pytest.raises(OwnerNeeded) as caught:
        source.folders()
    source.close()
    assert caught.value.problem.id is ProblemId.FILE_NOT_UNDERSTOOD


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("First Name,E-mail Address\nBo,bo@x.test\n")
    assert read(file) == read(file)


@pytest.mark.parametrize(
    ("texts", "usual", "first"),
    [(["1/2/2000", "13/2/2000"], False, True), (["1/2/2000", "2/13/2000"], True, False)],
)
def test_the_order_of_day_and_month(texts: list[str], usual: bool, first: bool) -> None:
    assert day_first(texts, usual=usual) is first
    assert day_first(texts[:1], usual=usual) is usual


@pytest.mark.parametrize("text", ["31/31/2000", "soon", "1/2", "2000", "99999-01-01", "0/1/2000"])
def test_what_is_no_day(text: str) -> None:
    assert read_day(text, days_first=True) is None


@given(st.binary(max_size=300))
def test_no_bytes_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_bytes(b"First Name,E-mail 1 - Value,Birthday,Titre,Titre\n" + data)
    people(file)
