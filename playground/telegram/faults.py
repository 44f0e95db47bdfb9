"""Trouble on demand: which call fails, how, and how often."""

from dataclasses import dataclass

from playground.telegram.errors import NAMES, ApiError, too_many_requests


@dataclass
class Fault:
    """One kind of trouble and how often it still comes."""

    method: str
    """the method's name, or `*` for any"""
    code: int = 500
    """the error to answer with; 0 for no error at all (a mere delay)"""
    description: str = ""
    retry_after: int | None = None
    times: int = 1
    delay: float = 0
    """seconds before the call is looked at"""
    drop: bool = False
    """no answer comes"""
    after: bool = False
    """the call is carried out first"""

    def error(self) -> ApiError:
        if self.code == 429 and not self.description:
            return too_many_requests(self.retry_after or 1)
        description = self.description or NAMES.get(self.code, "Internal Server Error")
        return ApiError(self.code, description, self.retry_after)


class Faults:
    """The trouble that waits for its call."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, method: str) -> Fault | None:
        """The first fault that fits, used up by one."""
        for fault in self._waiting:
            if fault.method.lower() in {"*", method.lower()}:
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None
