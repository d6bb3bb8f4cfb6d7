"""One file a page; Streamlit runs them as scripts, nothing imports them."""
