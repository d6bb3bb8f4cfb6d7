"""Numbers of the feet, where heel and toe are tracked: contacts, ankle angle, foot strike, toe clearance.

`positions` turns heels and toes the way the person goes, forward and up; `contacts` times heel strikes and toe-offs;
`angles` gives foot and ankle angle; `metrics` makes numbers of them.
"""
