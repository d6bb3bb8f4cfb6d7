"""The sources of a network's weights, and the check of their checksums."""
