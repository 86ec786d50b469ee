"""Runs supervisord for as long as the process that started it lives: `python -m bot.operations.tether FILE`.

The starter holds the other end of our standard input. However it ends, even by SIGKILL, the pipe closes, and
supervisord is told to stop everything in good order.
"""

import os
import signal
import sys
import threading

from supervisor import supervisord  # type: ignore[import-untyped]


def main(configuration: str) -> None:
    """Run supervisord in the foreground by this configuration file; returns when all its processes have ended."""
    threading.Thread(target=_stop_with_starter, args=(os.dup(0),), daemon=True).start()
    supervisord.main(["--nodaemon", "--silent", "--configuration", configuration])


def _stop_with_starter(pipe: int) -> None:
    while os.read(pipe, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv[1])
