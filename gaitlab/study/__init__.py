"""Many sessions: a tidy table, repeatability, and agreement of two methods; `batch` makes them of many clips.

::

    from gaitlab.storage import open_store
    from gaitlab.study import repeated, repeatability, sessions_table

    table = sessions_table(open_store())
    repeatability(repeated(table, "cadence", occasions=2))
"""

from gaitlab.study.reliability import Agreement, Repeatability, bland_altman, repeatability
from gaitlab.study.tables import COLUMNS, repeated, sessions_table

__all__ = ["COLUMNS", "Agreement", "Repeatability", "bland_altman", "repeatability", "repeated", "sessions_table"]
