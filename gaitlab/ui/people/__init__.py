"""The page People: facts about a person, and import and export of archives."""
