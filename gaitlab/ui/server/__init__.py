"""Parts of the server that do not depend on a page: jobs, tokens, the request guard, files made for one request."""
