"""Where the weights of a network come from, and the check that they are the right ones."""
