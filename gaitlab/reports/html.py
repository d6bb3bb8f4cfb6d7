"""The report as one HTML file for screen and paper: it loads nothing and runs no script."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from gaitlab.reports.document import NO_DEVICE, Document, Table, tables_of
from gaitlab.reports.drawing import to_svg

__all__ = ["html_report"]

# The policy protects readers of a report of unknown origin: nothing in the file may load or run anything.
_HEAD: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="generator" content="GaitLab">
<title>{title}</title>
<style>
:root {{ color-scheme: light; font: 16px/1.5 system-ui, sans-serif; color: #222; background: #fff }}
body {{ max-width: 60rem; margin: 0 auto; padding: 1.5rem }}
h1 {{ margin-bottom: 0 }} h2 {{ margin-top: 2rem; border-bottom: 1px solid #ccc }} .muted {{ color: #595959 }}
.cards {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .75rem; padding: 0 }}
.cards li {{ list-style: none; border: 1px solid #ccc; border-radius: .5rem; padding: .75rem }}
.cards strong {{ display: block; font-size: 1.6rem; font-weight: 600 }}
.cards small {{ display: block; color: #595959 }}
.drawings {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem }}
.drawings figure {{ margin: 0; break-inside: avoid }} svg {{ width: 100%; height: auto; font-family: inherit }}
.wide {{ overflow-x: auto }} table {{ border-collapse: collapse; width: 100%; font-size: .875rem }}
th, td {{ text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid #ddd }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; font-size: .75rem }}
@media print {{ body {{ padding: 0 }} tr, .cards li {{ break-inside: avoid }} }}
</style></head><body><main>
"""


def html_report(document: Document) -> str:
    """Return a report as the text of one HTML file; its words are escaped, so markup in them has no effect."""
    return _HEAD.format(title=escape(document.title)) + "\n".join(_parts(document)) + "\n</main></body></html>\n"


def _parts(document: Document) -> Iterator[str]:
    yield f"<h1>{escape(document.title)}</h1><p class=muted>{escape(document.subtitle)}</p>"
    yield _list(document.plain)
    if document.cards:
        cards = "".join(
            f"<li>{escape(card.label)}<strong>{escape(card.value)}</strong>"
            + "".join(f"<small>{escape(words)}</small>" for words in (card.basis, *card.beside))
            + "</li>"
            for card in document.cards
        )
        yield f"<ul class=cards>{cards}</ul>"
    if document.notes:
        yield f"<h2>Worth knowing</h2>{_list(document.notes)}"
    if document.drawings:
        figures = "".join(
            f"<figure><figcaption>{escape(heading)}</figcaption>{to_svg(drawing)}</figure>"
            for heading, drawing in document.drawings
        )
        yield f"<h2>Movement</h2><div class=drawings>{figures}</div>"
    yield from map(_table, tables_of(document))
    yield f"<h2>How these numbers were made</h2>{_list(document.origin)}"
    yield f"<details><summary>All settings</summary><pre>{escape(document.settings)}</pre></details>"
    yield f"<p class=muted>{escape(NO_DEVICE)}</p>"


def _list(sentences: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences) + "</ul>"


def _table(table: Table) -> str:
    head = "".join(f"<th scope=col>{escape(cell)}</th>" for cell in table.head)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    return (
        f"<h2>{escape(table.title)}</h2><div class=wide tabindex=0 role=region aria-label='{escape(table.title)}'>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
