"""A kubeconfig without a credential in it: the token is fetched when it is used."""

import pulumi


def kubeconfig(
    *,
    cluster_name: str,
    region: str,
    endpoint: pulumi.Input[str],
    certificate_authority: pulumi.Input[str],
    role_arn: pulumi.Input[str] | None = None,
) -> pulumi.Output[str]:
    """JSON of a kubeconfig for one cluster.

    A token lives 15 minutes, shorter than some updates, so `aws eks get-token` fetches one
    whenever the old one has run out. With `role_arn` it takes that role first; without, it is
    whoever calls.
    """
    get_token: list[pulumi.Input[str]] = ["--region", region, "eks", "get-token"]
    get_token += ["--cluster-name", cluster_name, "--output", "json"]
    if role_arn is not None:
        get_token += ["--role-arn", role_arn]
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
                            "command": "aws",
                            "args": get_token,
                            "interactiveMode": "Never",
                        }
                    },
                }
            ],
        }
    )
