"""What a component is drawn from, as the browser reads it."""

import json
from typing import Any

from streamlit.proto.BidiComponent_pb2 import BidiComponent


def payload_of(component: BidiComponent) -> Any:
    return json.loads(component.json)
