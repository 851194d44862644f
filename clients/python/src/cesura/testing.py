"""A server of one's own, for tests that ask a real one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence

from cesura.client import Client
from cesura.errors import CesuraError
from cesura.retry import RetryPolicy


class ServerProcess:
    """A server of cesura on a free port of this machine, which ends with its ``with`` block.

    Example::

        @pytest.fixture(scope="session")
        def target():
            with cesura.testing.ServerProcess(os.environ["CESURA_BIN"]) as server:
                yield server.target

    Args:
        binary: The program ``cesura``.
        flags: Flags of ``cesura serve`` beside ``--listen``, for example
            ``["--stream-idle-max", "1s"]``.
        start_seconds: Seconds that it may take until it answers.

    Raises:
        FileNotFoundError: there is no such program.
        RuntimeError: the server did not answer in time, or ended; with its log.
    """

    def __init__(
        self,
        binary: str | os.PathLike[str],
        flags: Sequence[str] = (),
        *,
        start_seconds: float = 20.0,
    ) -> None:
        self._binary = os.fspath(binary)
        self._flags = list(flags)
        self._start_seconds = start_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._log = tempfile.TemporaryFile()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.target: str = f"127.0.0.1:{probe.getsockname()[1]}"
            """Address, for `Client`; it stays over restarts."""

    @property
    def pid(self) -> int:
        """Process id, while it runs."""
        if self._process is None:
            raise RuntimeError("the server does not run")
        return self._process.pid

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        if self._process is not None:
            raise RuntimeError("the server runs already")
        self._process = subprocess.Popen(
            [self._binary, "serve", "--listen", self.target, *self._flags],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
        )
        ends = time.monotonic() + self._start_seconds
        with Client(self.target, retry=RetryPolicy(attempts_max=1)) as client:
            while True:
                try:
                    client.server_info(timeout=1)
                    return
                except CesuraError:
                    ended = self._process.poll() is not None
                    if ended or time.monotonic() > ends:
                        self.kill()
                        raise RuntimeError(f"the server does not answer; it said:\n{self.log()}")
                    time.sleep(0.05)

    def stop(self) -> None:
        """Lets it finish what is under way, and waits for its end."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it at once, as a crash would."""
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Holds it, as a machine would that hangs: connections stay, nothing is answered."""
        os.kill(self.pid, signal.SIGSTOP)
        # The signal takes effect when the machine gets round to it.
        os.waitid(os.P_PID, self.pid, os.WSTOPPED)

    def go_on(self) -> None:
        """Ends a pause."""
        os.kill(self.pid, signal.SIGCONT)

    def log(self) -> str:
        """What it wrote so far."""
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace")

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(number)
        self._process.wait(60)
        self._process = None

    def __enter__(self) -> ServerProcess:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._log.close()
