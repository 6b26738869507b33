"""Written reports: complete, safe to open, in both languages."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm_desktop.cli.summary import summary
from omm_desktop.language import LANGUAGES, Language, set_language
from omm_desktop.model.items import NAMELESS
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.report import FailedItem, Grade, Proof, Report
from omm_desktop.report.as_csv import as_csv
from omm_desktop.report.as_html import as_html
from omm_desktop.report.as_json import as_json
from omm_desktop.report.groups import failure_groups
from omm_desktop.report.headline import headline
from omm_desktop.store.report_json import from_json, to_json
from omm_desktop.support.catalogue import catalogue
from omm_desktop.wizard.present.result import result

from .reports import failed_item, folder, report, with_contacts

explain = catalogue().entry


class Page(HTMLParser):
    """What a browser makes of the file: its tags and its texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def count(self, tag: str) -> int:
        return sum(1 for name, _ in self.tags if name == tag)


@pytest.mark.parametrize(
    ("grade", "french"),
    [
        (Grade.COMPLETE, "Tout est copié."),
        (Grade.COMPLETE_WITH_NOTES, "Tout est copié, avec 4\N{NARROW NO-BREAK SPACE}remarques."),
        (
            Grade.INCOMPLETE,
            "8\u202f294\u202fmessages sur 8\u202f295 sont copiés. 1 n’a pas pu l’être.",
        ),
        (Grade.INTERRUPTED, "La copie est arrêtée. Vous pouvez la reprendre."),
        (Grade.NOT_STARTED, "La copie n’a pas pu démarrer."),
    ],
)
def test_headline(grade: Grade, french: str) -> None:
    set_language("fr")
    assert headline(report(grade)) == french


def test_json_has_what_programs_rely_on() -> None:
    content = json.loads(as_json(report(), explain))
    assert content["grade"] == "incomplete"
    assert content["bytes"] == 8_001 * 60_000
    assert content["seconds"] == 192.4
    assert content["began"] == "2026-03-12T13:20:00+00:00"
    assert content["folders"][0]["folder"] == "INBOX"
    assert [content["folders"][0][key] for key in ("copied", "present", "failed")] == [8000, 293, 0]
    assert content["failed"][0]["code"] == "25-03"
    assert content["failed"][0]["folder"] == "Archives/2019"
    assert content["failed"][0]["subject"] == "Vacances à la mer"
    assert content["notes"][0]["code"] == "25-10"
    assert content["stopped_by"] is None


def test_json_says_what_stopped_the_copy_and_speaks_one_language() -> None:
    stopped = Problem(ProblemId.MAILBOX_FULL, Place.DESTINATION, "NO [OVERQUOTA]")
    set_language("fr")
    french = as_json(report(Grade.INTERRUPTED, stopped_by=stopped), explain)
    set_language("en")
    assert as_json(report(Grade.INTERRUPTED, stopped_by=stopped), explain) == french
    assert json.loads(french)["stopped_by"]["code"] == "26-01"
    assert french.isascii()


@pytest.mark.parametrize(("chosen", "delimiter"), [("fr", ";"), ("de", ";"), ("en", ",")])
def test_csv_opens_in_a_spreadsheet_of_its_country(chosen: Language, delimiter: str) -> None:
    set_language(chosen)
    content = as_csv(report(), explain)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) == 1 + 2 + 1 + 2
    assert rows[1][1:7] == ["INBOX", "INBOX", "8000", "293", "0", "480000000"]
    assert rows[3][7] == "25-03"
    assert "Vacances à la mer" in rows[3]
    assert rows[3][-1] == "NO too large"
    assert rows[4][-2] == "3"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "  ="])
def test_csv_cells_are_never_formulas(start: str) -> None:
    subject = start + "cmd|' /C calc'!A0"
    content = as_csv(report(failed=(failed_item(subject),)), explain).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline="")))
    cells = [cell for row in rows for cell in row if "calc" in cell]
    assert cells == ["'" + subject]


@pytest.mark.parametrize("chosen", LANGUAGES)
def test_html_is_one_accessible_page(chosen: Language) -> None:
    set_language(chosen)
    page = Page(as_html(report(), explain))
    assert ("html", {"lang": chosen}) in page.tags
    assert page.count("h1") == page.count("main") == page.count("title") == 1
    assert page.count("caption") == page.count("table") == 4
    headers = [attributes.get("scope") for tag, attributes in page.tags if tag == "th"]
    assert set(headers) == {"col", "row"}
    assert headline(report()) in page.texts
    for tag, attributes in page.tags:
        assert tag not in {"script", "img", "link", "iframe"}
        assert not {"src", "href", "style"} & set(attributes)


def test_html_groups_failures_and_says_what_to_do() -> None:
    set_language("fr")
    items = (
        failed_item("un"),
        failed_item("deux", ProblemId.ITEM_REFUSED),
        failed_item("trois", ProblemId.ITEM_REFUSED),
    )
    groups = failure_groups(items, explain)
    assert [(group.reason.code, len(group.items)) for group in groups] == [
        ("25-02", 2),
        ("25-03", 1),
    ]
    texts = Page(as_html(report(failed=items), explain)).texts
    first = explain(items[1].problem)
    assert texts.index(first.title) < texts.index(first.remedy) < texts.index("deux")
    assert "Code 25-02" in texts


def test_a_list_that_was_cut_says_so_and_how_many_more_there_are() -> None:
    set_language("fr")
    cut = replace(report(), unlisted=2_345)
    sentence = "La liste s’arrête ici\u202f: 2\u202f345 autres n’ont pas pu être copiés."
    assert Page(as_html(cut, explain)).texts.count(sentence) == 1
    table = io.StringIO(as_csv(cut, explain).decode("utf-8-sig"), newline="")
    (row,) = (row for row in csv.reader(table, delimiter=";") if sentence in row)
    assert (row[0], row[-2]) == ("non copié", "2345")
    assert sentence in summary(cut).splitlines()
    assert json.loads(as_json(cut, explain))["unlisted"] == 2_345
    assert result(cut, catalogue()).unlisted == sentence
    assert from_json(to_json(cut)) == cut


@pytest.mark.parametrize(
    ("cut", "line", "number", "sentence"),
    [
        ({"unlisted_edited": 2_345}, "modifié depuis", 2_345,
         "La liste s’arrête ici\u202f: 2\u202f345 autres ont été modifiés depuis."),
        ({"unlisted_edited": 1}, "modifié depuis", 1,
         "La liste s’arrête ici\u202f: 1 autre a été modifié depuis."),
        ({"unlisted_notes": 2_345}, "remarque", 2_345,
         "La liste s’arrête ici\u202f: il y a encore 2\u202f345 remarques."),
        ({"unlisted_notes": 1}, "remarque", 1,
         "La liste s’arrête ici\u202f: il y a encore 1 remarque."),
    ],
)  # fmt: skip
def test_so_does_a_list_of_edited_items_and_one_of_remarks(
    cut: dict[str, int], line: str, number: int, sentence: str
) -> None:
    set_language("fr")
    ended = replace(report(), edited=report().failed, **cut)
    assert Page(as_html(ended, explain)).texts.count(sentence) == 1
    table = io.StringIO(as_csv(ended, explain).decode("utf-8-sig"), newline="")
    (row,) = (row for row in csv.reader(table, delimiter=";") if sentence in row)
    assert (row[0], row[-2]) == (line, str(number))
    assert (sentence in summary(ended).splitlines()) == bool(ended.unlisted_notes)
    written = json.loads(as_json(ended, explain))
    assert cut.items() <= written.items()
    shown = result(ended, catalogue())
    assert sentence in (shown.unlisted_edited, shown.unlisted_notes)
    assert from_json(to_json(ended)) == ended


def test_a_whole_list_says_nothing_of_the_kind() -> None:
    written = (as_html(report(), explain), as_csv(report(), explain).decode(), summary(report()))
    assert not any("The list ends here" in text for text in written)
    assert not result(report(), catalogue()).unlisted


def test_html_shows_why_the_copy_stopped() -> None:
    set_language("fr")
    stopped = Problem(ProblemId.MAILBOX_FULL, Place.DESTINATION, subject="imap.exemple.com")
    texts = Page(as_html(report(Grade.INTERRUPTED, stopped_by=stopped), explain)).texts
    assert "La nouvelle boîte est pleine." in texts
    assert "Code 26-01 · imap.exemple.com" in texts


def test_every_proof_has_its_words() -> None:
    for proof in Proof:
        one = dataclasses.replace(folder("INBOX", 1), proof=proof)
        assert as_html(dataclasses.replace(report(), folders=(one,)), explain)


@given(st.text(st.characters(codec=None)))
def test_whatever_a_message_says_the_reports_hold(text: str) -> None:
    one = dataclasses.replace(
        report(failed=(failed_item(text),)), source=text, folders=(folder(text, 1),)
    )
    plain = Page(as_html(report(failed=(failed_item("x"),)), explain)).tags
    page = as_html(one, explain)
    page.encode("utf-8")
    assert [tag for tag, _ in Page(page).tags][:10] == [tag for tag, _ in plain][:10]
    assert json.loads(as_json(one, explain))["failed"][0]["subject"] == text
    as_csv(one, explain).decode("utf-8")


def test_markup_in_a_subject_stays_text() -> None:
    subject = "</td><script>alert(1)</script><b onmouseover=x>&amp;"
    page = Page(as_html(report(failed=(failed_item(subject),)), explain))
    assert page.count("script") == page.count("b") == 0
    assert subject in page.texts


def test_json_counts_each_kind_and_lists_what_was_edited() -> None:
    content = json.loads(as_json(with_contacts(), explain))
    assert content["folders"][1]["kind"] == "contacts"
    assert set(content["kinds"]) == {"mail", "contacts"}
    assert content["kinds"]["contacts"] == {
        "listed": 12,
        "copied": 9,
        "present": 3,
        "failed": 0,
        "unsure": 0,
        "not_selected": 0,
        "edited": 1,
        "updated": 0,
    }
    assert content["totals"]["copied"] == 8_009
    assert [(e["folder"], e["key"], e["code"]) for e in content["edited"]] == [
        ("Contacts", "c1", "15-31")
    ]


def test_html_speaks_of_messages_only_where_there_is_nothing_else() -> None:
    set_language("fr")
    texts = Page(as_html(with_contacts(), explain)).texts
    assert [text for text in texts if "essage" in text] == []
    assert {"E-mails", "Contacts", "Modifiés depuis à la source"} <= set(texts)
    assert {"3\u202fcontacts", "Par genre", "Genre"} <= set(texts)
    plain = Page(as_html(report(), explain)).texts
    assert "Genre" not in plain
    assert "3\u202fmessages" in plain


def test_csv_tells_the_kind_of_each_folder_and_its_items() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(with_contacts(), explain).decode("utf-8-sig"))))
    kind = rows[0].index("Kind")
    assert len({len(row) for row in rows}) == 1
    assert [(row[0], row[1], row[kind]) for row in rows[1:]] == [
        ("folder", "INBOX", "Mail"),
        ("folder", "Contacts", "Contacts"),
        ("edited since", "Contacts", "Contacts"),
        ("remark", "Contacts", "Contacts"),
    ]


def test_the_headline_of_several_kinds_counts_items() -> None:
    one: Report = dataclasses.replace(with_contacts(), grade=Grade.INCOMPLETE)
    (folder, *others) = one.folders
    less = dataclasses.replace(folder, copied=folder.copied - 1, failed=folder.failed + 1)
    one = dataclasses.replace(one, folders=(less, *others))
    assert headline(one) == "8,304 of 8,305 items are copied. 1 is not."


def test_the_headline_of_folders_that_could_not_be_read() -> None:
    problem = Problem(ProblemId.FILE_DAMAGED, Place.SOURCE)
    torn = FailedItem("a.pst", "", problem, NAMELESS)
    one = dataclasses.replace(with_contacts(), grade=Grade.INCOMPLETE, failed=(torn,))
    assert headline(one) == "Everything is copied but 1 part that could not be."
    (group,) = result(one, catalogue()).failures
    assert group.lines == ("a.pst",)
