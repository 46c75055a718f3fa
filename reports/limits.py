"""What one rendering may take of the machine; the kernel ends what has not ended itself two seconds later."""

import resource
import signal
from types import FrameType
from typing import NoReturn

CPU_SECONDS = 20
ADDRESS_SPACE = 1024**3  # the largest document that the caps let in needs about half of it
MAX_INPUT = 2 * 1024**2


def limit() -> None:
    signal.signal(signal.SIGXCPU, _out_of_time)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 2))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _out_of_time(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise TimeoutError
