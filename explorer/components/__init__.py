"""The Python side of what the browser runs: plain data for a component, and what it sends back."""
