"""Inputs: how does text become vectors?"""

import streamlit as st

st.title("Inputs")
