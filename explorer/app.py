"""The entry: page set-up, the settings that all pages share, navigation."""

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

from explorer import navigation, server, settings  # noqa: E402
from explorer.choices import widgets  # noqa: E402
from explorer.components import returned  # noqa: E402
from explorer.prose import prose  # noqa: E402
from explorer.views import common, share  # noqa: E402

st.set_page_config(page_icon="🔁", layout="wide")
st.html(Path(ROOT, "assets", "page.css"))
server.keep_smooth()
widgets.restore()
widgets.repair()
widgets.turn_page()

page = st.navigation(navigation.pages(), position="top")
st.set_page_config(page_title=prose("names", "tab", name=page.title))
with st.container(height=1, border=False, key="page"):  # its styles open it: without them nothing stands in its place
    with st.container(horizontal=True, key="bar"):  # beside the navigation, on every page
        st.markdown(prose("names", "app"))
        settings.show(page.url_path or "explore")
    with st.container(key="ignored"):  # at the foot of the window: told or not, nothing moves
        share.warn_ignored()
    page.run()
    returned.watch()
    share.ask_tab()
    common.arrive()
