"""The entry: page set-up, the sidebar that all pages share, navigation."""

import os
import sys
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[1])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)  # `streamlit run explorer/app.py` only knows explorer/
if ROOT not in os.environ.get("PYTHONPATH", "").split(os.pathsep):  # where the file watcher looks
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [ROOT, os.environ.get("PYTHONPATH")]))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is imported: matrices this small only lose by threads

import streamlit as st  # noqa: E402

from explorer import server, sidebar  # noqa: E402
from explorer.choices import widgets  # noqa: E402
from explorer.views import share  # noqa: E402

st.set_page_config(page_title="RNN Explorer", page_icon="🔁", layout="wide")
st.html(Path(ROOT, "assets", "page.css"))
server.keep_smooth()
widgets.restore()
widgets.repair()
widgets.turn_page()

page = st.navigation(
    [
        st.Page(
            "views/explore/page.py", url_path="explore", title="Explore", icon=":material/play_circle:", default=True
        ),
        st.Page("views/inputs/page.py", url_path="inputs", title="Inputs", icon=":material/input:"),
        st.Page(
            "views/gradients/page.py", url_path="gradients", title="Gradients", icon=":material/stacked_line_chart:"
        ),
        st.Page("views/structures/page.py", url_path="structures", title="Structures", icon=":material/account_tree:"),
        st.Page("views/notes/page.py", url_path="notes", title="Notes", icon=":material/menu_book:"),
    ]
)
sidebar.show(page.title)
with st.container():  # whether there is something to tell or not, the page keeps its place
    share.warn_ignored()
page.run()
