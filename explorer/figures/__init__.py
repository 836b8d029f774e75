"""Arrays -> go.Figure: one idea a file, no Streamlit, no model, no colours of their own."""
