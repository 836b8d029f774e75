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

from explorer import keep, process, sidebar, state  # noqa: E402

st.set_page_config(page_title="RNN Explorer", page_icon="🔁", layout="wide")
st.html(Path(ROOT, "assets", "page.css"))
process.keep_smooth()
state.restore()
state.turn_page()

page = st.navigation(
    [
        st.Page("views/explore.py", title="Explore", icon=":material/play_circle:", default=True),
        st.Page("views/inputs.py", title="Inputs", icon=":material/input:"),
        st.Page("views/gradients.py", title="Gradients", icon=":material/stacked_line_chart:"),
        st.Page("views/structures.py", title="Structures", icon=":material/account_tree:"),
        st.Page("views/notes.py", title="Notes", icon=":material/menu_book:"),
    ]
)
sidebar.show(page.title)
with st.container():  # whether there is something to tell or not, the page keeps its place
    keep.tell_ignored()
page.run()
