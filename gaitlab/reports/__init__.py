"""Output for use outside the program: reports as HTML and PDF, and sessions as files of other programs."""

from gaitlab.reports.document import About, Document, document_of
from gaitlab.reports.exports import EXPORTS, SETTINGS, Export, Shared, check_export, export_name, write_export
from gaitlab.reports.html import html_report
from gaitlab.reports.text import text_report
from gaitlab.reports.wishes import Comment, Wishes, read_comment

__all__ = [
    "EXPORTS",
    "SETTINGS",
    "About",
    "Comment",
    "Document",
    "Export",
    "Shared",
    "Wishes",
    "check_export",
    "document_of",
    "export_name",
    "html_report",
    "read_comment",
    "text_report",
    "write_export",
]
