"""Client settings as the files that clients read."""

from io import StringIO

from ruamel.yaml import YAML

from infra.cli.client import Client

DVC_PREFIX = "dvc"
"""Folder of data files in the bucket; MLflow keeps to its own."""
FIRST_WORDS = "# Client settings of the stack "
"""How every file begins: what begins like this may be made anew."""


def client_files(client: Client) -> dict[str, str]:
    """Return the text of each file, by its path in the bundle."""
    texts = {
        ".env": _environment(client),
        ".dvc/config": _dvc(client),
        "spark-defaults.conf": _spark(client),
    }
    if client.kubeconfig is not None:
        texts["kubeconfig"] = _kubeconfig(client)
    return {path: _head(client) + text for path, text in texts.items()}


def _head(client: Client) -> str:
    return (
        f"{FIRST_WORDS}{client.stack}, from its outputs.\n"
        f"# After a `pulumi up` that changes them: mlops bundle {client.stack}\n"
    )


def _environment(client: Client) -> str:
    return f"""\
MLOPS_STACK={client.stack}
MLOPS_NAMESPACE={client.namespace}
MLOPS_ARTIFACT_BUCKET={client.bucket}
AWS_REGION={client.region}
AWS_DEFAULT_REGION={client.region}
# Outside the cluster it is http://localhost:5000, while this runs:
# kubectl port-forward --namespace {client.namespace} service/{client.tracking_service} 5000
MLFLOW_TRACKING_URI={client.tracking_uri}
"""


def _dvc(client: Client) -> str:
    return f"""\
[core]
    remote = {client.stack}
['remote "{client.stack}"']
    url = s3://{client.bucket}/{DVC_PREFIX}
    region = {client.region}
"""


def _spark(client: Client) -> str:
    return f"""\
# For Spark 4 and later. The credentials are those of the pod (Pod Identity), or elsewhere those
# that the AWS CLI finds, such as after `aws sso login`.
spark.hadoop.fs.s3a.aws.credentials.provider \
software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider
spark.hadoop.fs.s3a.bucket.{client.bucket}.endpoint.region {client.region}
"""


def _kubeconfig(client: Client) -> str:
    text = StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.dump(client.kubeconfig, text)
    return (
        "# For the roles in `members` of the stack file, who come as themselves.\n"
        + text.getvalue()
    )
