"""How a server is reached."""

from __future__ import annotations

import ipaddress
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Union

import grpc

from cesura.retry import RetryPolicy

Token = Union[str, Callable[[], str]]
"""A bearer token, or what gives the current one; asked anew for every call."""

_SERVICE = "cesura.v1.SegmentationService"


@dataclass(frozen=True)
class TLS:
    """Certificates, all in PEM.

    Example::

        tls = cesura.TLS.from_files(root_certificates="ca.pem")
        client = cesura.Client("segmenter.example:443", tls=tls, token=read_token)

    Attributes:
        root_certificates: Whom to trust; None: whom grpc trusts by default.
        private_key: Our own key, where the server asks who we are.
        certificate_chain: Our own certificate; goes with `private_key`.
        server_name: Name in the server's certificate, where it is not that of the target.
    """

    root_certificates: bytes | None = None
    private_key: bytes | None = field(default=None, repr=False)
    certificate_chain: bytes | None = None
    server_name: str = ""

    def __post_init__(self) -> None:
        if (self.private_key is None) != (self.certificate_chain is None):
            raise ValueError("private_key and certificate_chain go together; one of them is missing")

    @classmethod
    def from_files(
        cls,
        *,
        root_certificates: str | os.PathLike[str] | None = None,
        private_key: str | os.PathLike[str] | None = None,
        certificate_chain: str | os.PathLike[str] | None = None,
        server_name: str = "",
    ) -> TLS:
        """Reads the certificates from files. Raises OSError where one cannot be read."""

        def read(path: str | os.PathLike[str] | None) -> bytes | None:
            if path is None:
                return None
            with open(path, "rb") as file:
                return file.read()

        return cls(read(root_certificates), read(private_key), read(certificate_chain), server_name)

    def credentials(self) -> grpc.ChannelCredentials:
        """The same for grpc."""
        return grpc.ssl_channel_credentials(
            self.root_certificates, self.private_key, self.certificate_chain
        )


@dataclass(frozen=True)
class Connection:
    """What a client knows of its server: see `cesura.Client` for each of these."""

    target: str
    tls: TLS | None
    # Secrets do not belong into logs.
    token: Token | None = field(repr=False)
    timeout: float
    retry: RetryPolicy
    authority: str
    keepalive_interval: float
    message_bytes_max: int
    metadata: tuple[tuple[str, str | bytes], ...] = field(repr=False)
    channel_options: tuple[tuple[str, object], ...]

    def __post_init__(self) -> None:
        if not self.target:
            raise ValueError("target is empty; give an address, for example 127.0.0.1:50051")
        if not self.timeout > 0:
            raise ValueError(f"timeout is {self.timeout}; it must be more than 0 seconds")
        if self.token is not None and self.tls is None and not _stays_here(self.target):
            raise ValueError(
                "a token would go over the network in plain text; give tls, or a loopback target"
            )

    def options(self) -> list[tuple[str, object]]:
        """Channel options of grpc, those of the caller last, where they win."""
        keepalive_ms = round(self.keepalive_interval * 1000)
        options: list[tuple[str, object]] = [
            ("grpc.max_receive_message_length", self.message_bytes_max),
            ("grpc.max_send_message_length", self.message_bytes_max),
            ("grpc.keepalive_time_ms", keepalive_ms),
            ("grpc.keepalive_timeout_ms", min(20_000, keepalive_ms)),
            ("grpc.http2.max_pings_without_data", 0),
            # Retries are ours: those of grpc know neither RetryInfo nor what was answered already.
            ("grpc.enable_retries", 0),
            # A server that restarts is back within seconds; the default waits up to two minutes.
            ("grpc.initial_reconnect_backoff_ms", 100),
            ("grpc.max_reconnect_backoff_ms", 2_000),
            ("grpc.service_config", json.dumps(self._service_config())),
            # Two clients of one process never share a connection, nor its end.
            ("grpc.use_local_subchannel_pool", 1),
        ]
        authority = self.authority or self._default_authority()
        if authority:
            options.append(("grpc.default_authority", authority))
        if self.tls is not None and self.tls.server_name:
            options.append(("grpc.ssl_target_name_override", self.tls.server_name))
        named = {name for name, _ in self.channel_options}
        return [option for option in options if option[0] not in named] + list(self.channel_options)

    def _several_addresses(self) -> bool:
        return self.target.startswith(("ipv4:", "ipv6:")) and "," in self.target

    def _default_authority(self) -> str:
        # With `ipv4:a,b` grpc sends `:authority: a,b`, which is no authority: HTTP/2 servers that
        # look at it refuse every call with PROTOCOL_ERROR.
        if self._several_addresses():
            return self.target.split(":", 1)[1].split(",", 1)[0]
        return ""

    def _service_config(self) -> dict[str, object]:
        config: dict[str, object] = {"loadBalancingConfig": [{"round_robin": {}}]}
        if self._several_addresses() or self.target.startswith("dns:"):
            # A replica that drains says so by its health, and gets no new calls.
            config["healthCheckConfig"] = {"serviceName": _SERVICE}
        return config

    def call_metadata(self) -> tuple[tuple[str, str | bytes], ...]:
        """Metadata of the next call."""
        if self.token is None:
            return self.metadata
        token = self.token() if callable(self.token) else self.token
        return (*self.metadata, ("authorization", f"Bearer {token}"))


def connection(
    target: str,
    *,
    tls: TLS | bool | None,
    token: Token | None,
    timeout: float,
    retry: RetryPolicy | None,
    authority: str,
    keepalive_interval: float,
    message_bytes_max: int,
    metadata: Sequence[tuple[str, str | bytes]],
    channel_options: Sequence[tuple[str, object]],
) -> Connection:
    return Connection(
        target=target,
        tls=(TLS() if tls else None) if isinstance(tls, bool) else tls,
        token=token,
        timeout=timeout,
        retry=retry or RetryPolicy(),
        authority=authority,
        keepalive_interval=keepalive_interval,
        message_bytes_max=message_bytes_max,
        metadata=tuple(metadata),
        channel_options=tuple(channel_options),
    )


def _stays_here(target: str) -> bool:
    """Whether all addresses of a target are on this machine."""
    if target.startswith(("unix:", "unix-abstract:")):
        return True
    scheme, _, rest = target.partition(":")
    addresses = rest.split(",") if scheme in ("ipv4", "ipv6") else [target.removeprefix("dns:///")]
    for address in addresses:
        host = address.rpartition(":")[0].strip("[]") or address
        if host == "localhost":
            continue
        try:
            if not ipaddress.ip_address(host).is_loopback:
                return False
        except ValueError:
            return False
    return True
