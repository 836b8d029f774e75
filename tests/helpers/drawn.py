"""What a component is drawn from, as the browser reads it."""

import json
from typing import Any

from streamlit.proto.BidiComponent_pb2 import BidiComponent

from explorer.components.base import json_text


def payload_of(component: BidiComponent) -> Any:
    """It is sent as one text"""
    return json.loads(json.loads(component.json))


def json_safe(data: dict[str, Any]) -> dict[str, Any]:
    """The same, after a check that it can be sent"""
    json_text(data)
    return data
