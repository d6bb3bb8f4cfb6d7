"""Output for use outside the program: reports as HTML and PDF, and sessions as files of other programs."""

from gaitlab.reports.document import About, Document, document_of
from gaitlab.reports.exports import EXPORTS, SETTINGS, Export, Shared, check_export, export_name, write_export
from gaitlab.reports.html import html_report
from gaitlab.reports.text import text_report

__all__ = [
    "EXPORTS",
    "SETTINGS",
    "About",
    "Document",
    "Export",
    "Shared",
    "check_export",
    "document_of",
    "export_name",
    "html_report",
    "text_report",
    "write_export",
]
