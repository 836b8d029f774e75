"""What the one process of all sessions is set to"""

from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import populate_hash_if_needed


def may_be_named_only() -> bool:
    """Is a large message one that the server may leave out because the browser has it?"""
    message = ForwardMsg()
    message.delta.new_element.markdown.body = "word " * 100_000
    populate_hash_if_needed(message)
    return message.metadata.cacheable


def test_every_message_is_sent_whole(app):
    assert not may_be_named_only()
    usual = config.get_option("global.minCachedMessageSize")
    config.set_option("global.minCachedMessageSize", 10_000)
    try:
        assert may_be_named_only(), "else the test says nothing"
    finally:
        config.set_option("global.minCachedMessageSize", usual)
