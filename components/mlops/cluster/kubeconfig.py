"""A kubeconfig without a credential in it: the token is fetched when it is used."""

import pulumi

ROLE_VARIABLE = "MLOPS_CLUSTER_ROLE_ARN"
"""Environment variable that names another role than the kubeconfig does; empty: no role."""

# The role comes first, then what `aws` is told. The choice falls when a token is fetched, outside
# of the kubeconfig: that is kept in the state, and must be the same for everybody.
_GET_TOKEN = f'role=${{{ROLE_VARIABLE}-$1}}; shift; exec aws "$@" ${{role:+--role-arn "$role"}}'


def kubeconfig(
    *,
    cluster_name: str,
    region: str,
    endpoint: pulumi.Input[str],
    certificate_authority: pulumi.Input[str],
    role_arn: pulumi.Input[str],
) -> pulumi.Output[str]:
    """JSON of a kubeconfig for one cluster.

    A token lives 15 minutes, shorter than some updates, so `aws eks get-token` fetches one
    whenever the old one has run out. It takes the role `role_arn` first, unless the caller's
    environment names another one in `MLOPS_CLUSTER_ROLE_ARN`, or none.
    """
    aws_eks = ["--region", region, "eks", "get-token", "--cluster-name", cluster_name]
    return pulumi.Output.json_dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": cluster_name,
            "clusters": [
                {
                    "name": cluster_name,
                    "cluster": {
                        "server": endpoint,
                        "certificate-authority-data": certificate_authority,
                    },
                }
            ],
            "contexts": [
                {
                    "name": cluster_name,
                    "context": {"cluster": cluster_name, "user": cluster_name},
                }
            ],
            "users": [
                {
                    "name": cluster_name,
                    "user": {
                        "exec": {
                            "apiVersion": "client.authentication.k8s.io/v1beta1",
                            "command": "sh",
                            "args": [
                                *("-c", _GET_TOKEN, "get-token", role_arn),
                                *aws_eks,
                                *("--output", "json"),
                            ],
                            "interactiveMode": "Never",
                        }
                    },
                }
            ],
        }
    )
