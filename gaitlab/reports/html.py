"""The report as one HTML file for screen and paper, from `report.html.jinja`: it loads nothing and runs no script."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from gaitlab.reports.document import NO_DEVICE, Document, tables_of
from gaitlab.reports.drawing import to_svg

__all__ = ["html_report"]


def html_report(document: Document) -> str:
    """Return a report as the text of one HTML file; its words are escaped, so markup in them has no effect."""
    return _template().render(document=document, tables=tables_of(document), svg=to_svg, no_device=NO_DEVICE)


@cache
def _template() -> Template:
    source = files("gaitlab.reports").joinpath("report.html.jinja").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.from_string(source)
