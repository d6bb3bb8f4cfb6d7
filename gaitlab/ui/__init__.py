"""The app: pages, the media route and the queue of analyses. Nothing else in the program imports it."""
