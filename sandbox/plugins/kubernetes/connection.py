"""Single requests to an API server, through the official client library."""

import ssl
import tempfile
from dataclasses import dataclass
from typing import Any, NoReturn

from sandbox.plugins.kubernetes.errors import UnreachableError, api_error
from sandbox.plugins.kubernetes.settings import (
    Settings,
    active_context,
    active_server,
    read_kubeconfig,
)
from sandbox.plugins.kubernetes.values import Tree

JSON = "application/json"

CONNECT_TIMEOUT_S = 5
READ_TIMEOUT_S = 60
CONNECTIONS = 64
"""As many requests at a time as the engine has operations at `--parallel 64`."""


@dataclass(frozen=True)
class Connection:
    """A client with the credentials of one kubeconfig; threads may share it."""

    client: Any
    server: str

    def call(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, str] | None = None,
        body: Tree | None = None,
        content_type: str = JSON,
    ) -> Tree:
        """Send one request; return the object of the answer."""
        from kubernetes.client import ApiException  # noqa: PLC0415
        from urllib3.exceptions import HTTPError  # noqa: PLC0415

        try:
            answer: Tree = self.client.call_api(
                path,
                method,
                query_params=list((query or {}).items()),
                header_params={"Accept": JSON, "Content-Type": content_type},
                body=body,
                response_type="object",
                auth_settings=["BearerToken"],
                _return_http_data_only=True,
                _request_timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
            )
        except ApiException as error:
            if not error.status:
                self._unreachable(error.reason)
            raise api_error(error.status, error.body, self.server) from error
        except HTTPError as error:
            self._unreachable(error)
        return answer

    def _unreachable(self, cause: Any) -> NoReturn:
        reason = str(cause).rsplit(": ", 1)[-1]
        raise UnreachableError(
            f"the Kubernetes cluster at {self.server} is unreachable ({reason}); "
            "check that it runs and that the kubeconfig names its address"
        )


def connect(settings: Settings) -> Connection:
    """Return a client for the chosen context."""
    # The client library takes a second to import; a run without changes never needs it.
    from kubernetes.client import ApiClient, Configuration  # noqa: PLC0415
    from kubernetes.config import ConfigException, load_kube_config_from_dict  # noqa: PLC0415

    kubeconfig = read_kubeconfig(settings.kubeconfig)
    chosen = {"name": "chosen", "context": active_context(kubeconfig, settings)}
    configuration = Configuration()
    # The library wants credentials in files; none may outlive this function.
    with tempfile.TemporaryDirectory(prefix="kubernetes-plugin-") as directory:
        try:
            load_kube_config_from_dict(
                {**kubeconfig, "contexts": [chosen], "current-context": "chosen"},
                client_configuration=configuration,
                persist_config=False,
                temp_file_path=directory,
            )
            tls = _tls(configuration)
        except (ConfigException, OSError) as error:
            raise UnreachableError(f"the kubeconfig is not usable: {error}") from error
        configuration.connection_pool_maxsize = CONNECTIONS
        configuration.retries = False
        client = ApiClient(configuration)
    pool = client.rest_client.pool_manager.connection_pool_kw
    for name in ("ca_certs", "cert_file", "cert_reqs", "key_file"):
        pool.pop(name, None)
    pool["ssl_context"] = tls
    return Connection(client, active_server(kubeconfig, settings))


def _tls(configuration: Any) -> ssl.SSLContext:
    """Read the certificates that a configuration names."""
    from urllib3.util.ssl_ import create_urllib3_context  # noqa: PLC0415

    verified = ssl.CERT_REQUIRED if configuration.verify_ssl else ssl.CERT_NONE
    context = create_urllib3_context(cert_reqs=verified)
    if configuration.ssl_ca_cert:
        context.load_verify_locations(configuration.ssl_ca_cert)
    else:
        context.load_default_certs()
    if configuration.cert_file:
        context.load_cert_chain(configuration.cert_file, configuration.key_file)
    return context
