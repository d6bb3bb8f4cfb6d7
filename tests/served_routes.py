"""GaitLab's own routes behind its guard, served by this process: it knows the addresses that they accept."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
import uvicorn
from starlette.applications import Starlette

from gaitlab.ui.routes import MIDDLEWARE, ROUTES

__all__ = ["served_routes"]


@contextmanager
def served_routes() -> Iterator[str]:
    """Serve the routes, as `app.py` does, on a free port; return the address."""
    st.cache_resource.clear()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=ROUTES, middleware=MIDDLEWARE), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
            st.cache_resource.clear()
