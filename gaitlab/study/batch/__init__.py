"""Many clips: a list of them, who analyses them, what is done already, and one table of all numbers.

clips.py    folders, patterns, addresses and manifests → `BatchClip`
work.py     one clip, in the process that analyses it
crew.py     processes of this computer, or workers of a Dask cluster
keeping.py  which clips are done: in the store, or in a folder beside the table
run.py      all of it, in the order of the list
table.py    the numbers of all clips, one row each
"""

from gaitlab.study.batch.clips import BatchClip, ClipDefaults, list_clips
from gaitlab.study.batch.crew import cluster, processes
from gaitlab.study.batch.keeping import KeptInFolder, KeptInStore
from gaitlab.study.batch.run import BatchProgress, BatchResult, run_batch
from gaitlab.study.batch.table import TABLE_SUFFIXES, write_problems, write_table
from gaitlab.study.batch.work import Problem

__all__ = [
    "TABLE_SUFFIXES",
    "BatchClip",
    "BatchProgress",
    "BatchResult",
    "ClipDefaults",
    "KeptInFolder",
    "KeptInStore",
    "Problem",
    "cluster",
    "list_clips",
    "processes",
    "run_batch",
    "write_problems",
    "write_table",
]
