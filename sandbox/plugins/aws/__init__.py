"""Stand-in for `pulumi-resource-aws`: the real Terraform provider under the AWS SDK's names."""

from sandbox.plugins.aws.launcher import write_launcher

__all__ = ["write_launcher"]
