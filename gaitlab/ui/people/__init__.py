"""The page People: what is known of somebody, and archives in and out."""
