"""Parts of pages with a script of their own; nothing in them comes from another server."""
