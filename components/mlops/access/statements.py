"""Least-privilege statements for what workloads do; access to data always comes with its key.

Every builder returns the complete set of statements one need takes, so that nobody grants a
bucket and forgets the key that encrypts it. `policy` joins them into a document.
"""

from collections.abc import Mapping, Sequence

import pulumi

Statement = Mapping[str, object]

READ_OBJECTS = ("s3:GetObject", "s3:GetObjectVersion")
WRITE_OBJECTS = (
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
)
DECRYPT = ("kms:Decrypt",)
# S3 asks for a data key when it writes, and decrypts when it joins the parts of an upload.
ENCRYPT_AND_DECRYPT = ("kms:Decrypt", "kms:GenerateDataKey")


def policy(*needs: Sequence[Statement]) -> pulumi.Output[str]:
    """JSON of one policy document that grants all `needs`."""
    statements = [statement for need in needs for statement in need]
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": statements})


def read_bucket(
    bucket_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    prefixes: Sequence[str] = (),
) -> list[Statement]:
    """List and read objects under `prefixes` (none: the whole bucket), and decrypt them."""
    return [
        *_objects("Read", bucket_arn, READ_OBJECTS, prefixes),
        *use_key(key_arn, "s3", DECRYPT),
    ]


def read_write_bucket(
    bucket_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    prefixes: Sequence[str] = (),
) -> list[Statement]:
    """List, read, write and delete objects under `prefixes`, and use the key that encrypts them.

    Deleting leaves a marker: old versions stay out of reach, so a workload cannot erase history.
    """
    return [
        *_objects("ReadWrite", bucket_arn, READ_OBJECTS + WRITE_OBJECTS, prefixes),
        *use_key(key_arn, "s3", ENCRYPT_AND_DECRYPT),
    ]


def read_secret(secret_arn: pulumi.Input[str], key_arn: pulumi.Input[str]) -> list[Statement]:
    """Read the current value of one secret, and use its key for that secret only."""
    return [
        {
            "Sid": "ReadSecret",
            "Effect": "Allow",
            "Action": ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            "Resource": secret_arn,
        },
        *use_key(
            key_arn,
            "secretsmanager",
            DECRYPT,
            encryption_context={"SecretARN": secret_arn},
        ),
    ]


def use_key(
    key_arn: pulumi.Input[str],
    service: str,
    actions: Sequence[str] = ENCRYPT_AND_DECRYPT,
    encryption_context: Mapping[str, pulumi.Input[str]] | None = None,
) -> list[Statement]:
    """Use a key, but only through `service` (`s3`, `secretsmanager`, …) in the key's own region.

    `encryption_context` narrows it further, to what that service encrypts with this context.
    """
    context = (encryption_context or {}).items()
    return [
        {
            "Sid": f"UseKeyThrough{service.capitalize()}",
            "Effect": "Allow",
            "Action": list(actions),
            "Resource": key_arn,
            "Condition": {
                "StringEquals": {
                    "kms:ViaService": _endpoint(service, key_arn),
                    **{f"kms:EncryptionContext:{key}": value for key, value in context},
                }
            },
        }
    ]


def _objects(
    sid: str, bucket_arn: pulumi.Input[str], actions: Sequence[str], prefixes: Sequence[str]
) -> list[Statement]:
    folders = [_folder(prefix) for prefix in prefixes]
    listing: dict[str, object] = {
        "Sid": f"{sid}List",
        "Effect": "Allow",
        "Action": ["s3:ListBucket"],
        "Resource": bucket_arn,
    }
    if folders:
        listing["Condition"] = {"StringLike": {"s3:prefix": [f"{f}*" for f in folders]}}
    return [
        listing,
        {
            "Sid": f"{sid}Location",
            "Effect": "Allow",
            "Action": ["s3:GetBucketLocation"],
            "Resource": bucket_arn,
        },
        {
            "Sid": f"{sid}Objects",
            "Effect": "Allow",
            "Action": list(actions),
            "Resource": [pulumi.Output.concat(bucket_arn, f"/{f}*") for f in folders or [""]],
        },
    ]


def _folder(prefix: str) -> str:
    """Prefix with its closing slash: without it `fraud` would also open `fraud-archive/`."""
    name = prefix.strip("/")
    if not name or set(name) & set("*?$"):
        raise ValueError(
            f"the bucket prefix {prefix!r} is not a plain folder; "
            "give a name such as 'mlflow', without the characters * ? $"
        )
    return f"{name}/"


def _endpoint(service: str, key_arn: pulumi.Input[str]) -> pulumi.Output[str]:
    region = pulumi.Output.from_input(key_arn).apply(lambda arn: arn.split(":")[3])
    return pulumi.Output.concat(service, ".", region, ".amazonaws.com")
