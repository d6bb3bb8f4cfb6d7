"""What the program says about an analysis: findings are codes with values, and one table makes sentences of them.

english.py   the table: one sentence for each code
recall.py    findings of older sessions, which were stored as sentences

Records hold `Said`; whoever shows one asks for its sentence. A second language is one more table in `LANGUAGES`.
"""

from gaitlab.records.findings.recall import as_written, recalled
from gaitlab.records.findings.said import LANGUAGES, Said, Words, fields_of, said, sentence_of, sentences_of

__all__ = [
    "LANGUAGES",
    "Said",
    "Words",
    "as_written",
    "fields_of",
    "recalled",
    "said",
    "sentence_of",
    "sentences_of",
]
