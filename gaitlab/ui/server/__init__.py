"""What the server needs whatever the page: jobs, tokens, the request guard, files made for one request."""
