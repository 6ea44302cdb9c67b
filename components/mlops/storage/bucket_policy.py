"""The bucket policy every bucket of this package carries: TLS 1.2 or nothing."""

import pulumi


def tls_only_policy(bucket_arn: pulumi.Input[str]) -> pulumi.Output[str]:
    """JSON of a policy that denies every request without TLS, or with TLS below 1.2.

    Source: AWS Security Hub control S3.5.
    """
    arn = pulumi.Output.from_input(bucket_arn)
    resources = [arn, pulumi.Output.concat(arn, "/*")]

    def deny(sid: str, condition: dict[str, dict[str, str]]) -> dict[str, object]:
        return {
            "Sid": sid,
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "s3:*",
            "Resource": resources,
            "Condition": condition,
        }

    return pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                deny("DenyPlainHttp", {"Bool": {"aws:SecureTransport": "false"}}),
                deny("DenyOldTls", {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
            ],
        }
    )
