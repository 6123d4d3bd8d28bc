"""What should happen: the study protocol as data. Pure Python, the ground floor of the house."""

from protocol.binding import ProtocolError
from protocol.definition import Protocol
from protocol.loader import CURRENT_VERSION, load_protocol

__all__ = ["CURRENT_VERSION", "Protocol", "ProtocolError", "load_protocol"]
