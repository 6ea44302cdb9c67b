"""One stack's part of a Pulumi state bucket: teams that share the bucket do not share states."""

from mlops.access.grants import Grant

_STATE = (
    "{state_bucket}/.pulumi/stacks/{project}/{stack}.json*",
    "{state_bucket}/.pulumi/history/{project}/{stack}/*",
    "{state_bucket}/.pulumi/backups/{project}/{stack}/*",
)
_LOCKS = "{state_bucket}/.pulumi/locks/organization/{project}/{stack}/*"
_META = "{state_bucket}/.pulumi/meta.yaml"

READ_STATE = (
    # Names of objects only; the engine lists the bucket before it knows which stack it wants.
    Grant("ListState", ("s3:ListBucket",), ("{state_bucket}",)),
    Grant("ReadState", ("s3:GetObject",), (*_STATE, _LOCKS, _META)),
    # A preview locks the stack too, so that nobody changes it meanwhile.
    Grant("LockState", ("s3:DeleteObject", "s3:PutObject"), (_LOCKS,)),
    # S3 encrypts the lock with this key, and the engine the stack's secrets.
    Grant("UseStateKey", ("kms:Decrypt", "kms:GenerateDataKey"), ("{state_key}",)),
)
WRITE_STATE = (
    *READ_STATE,
    Grant("WriteState", ("s3:DeleteObject", "s3:PutObject"), _STATE),
    Grant("EncryptState", ("kms:Encrypt",), ("{state_key}",)),
)
