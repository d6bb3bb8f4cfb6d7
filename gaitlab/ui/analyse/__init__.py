"""The page Analyse: clips arrive, wait and are analysed."""
