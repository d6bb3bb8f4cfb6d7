"""What leaves the program: reports as HTML and PDF, and sessions as files of other programs."""

from gaitlab.sharing.document import Document, document_of
from gaitlab.sharing.exports import EXPORTS, Export, Shared, write_export
from gaitlab.sharing.html import html_report
from gaitlab.sharing.pdf import write_pdf

__all__ = ["EXPORTS", "Document", "Export", "Shared", "document_of", "html_report", "write_export", "write_pdf"]
