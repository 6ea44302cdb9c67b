"""What boto3 raises, said in one sentence that ends with what to do."""

from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError, ClientError

AwsError = (BotoCoreError, ClientError)
"""Everything a call through boto3 raises when AWS, the network or the credentials fail it."""

LOG_IN = (
    "Log in (`aws sso login --profile NAME`, then `export AWS_PROFILE=NAME`) or set "
    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, then run this again."
)

_NETWORK = (boto.HTTPClientError, boto.ConnectionError)
_MISSING = (boto.NoCredentialsError, boto.PartialCredentialsError)
_STALE = (
    boto.LoginError,
    boto.RefreshWithMFAUnsupportedError,
    boto.SSOError,
    boto.TokenRetrievalError,
)
_EXPIRED_CODES = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
_UNKNOWN_CODES = {
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
_DENIED_CODES = {"403", "AccessDenied", "AccessDeniedException", "Forbidden"}


def code_of(error: ClientError) -> str:
    """Return the code AWS gave the error; a question without a body has the HTTP status."""
    return error.response.get("Error", {}).get("Code", "")


def is_denied(error: ClientError) -> bool:
    """Whether AWS understood the call and refused it to this caller."""
    return code_of(error) in _DENIED_CODES


def is_network(error: BotoCoreError | ClientError) -> bool:
    """Whether no answer came at all."""
    return isinstance(error, _NETWORK)


def explain(error: BotoCoreError | ClientError) -> str:
    """Say what went wrong and what to do."""
    if isinstance(error, ClientError):
        return _explain_answer(error)
    if isinstance(error, _MISSING):
        return f"There are no AWS credentials: {error}. {LOG_IN}"
    if isinstance(error, _STALE):
        return f"The AWS credentials have expired or cannot be renewed: {error}. {LOG_IN}"
    if isinstance(error, boto.ProfileNotFound | boto.CredentialRetrievalError):
        return f"The AWS credentials cannot be read: {error}. {LOG_IN}"
    if is_network(error):
        return f"AWS cannot be reached: {error}. Check the network, proxy and region."
    return str(error)


def _explain_answer(error: ClientError) -> str:
    code, message = code_of(error), error.response.get("Error", {}).get("Message", "")
    if code in _EXPIRED_CODES:
        return f"The AWS credentials have expired. {LOG_IN}"
    if code in _UNKNOWN_CODES:
        return f"AWS does not accept these credentials ({code}). {LOG_IN}"
    if code in _DENIED_CODES:
        return (
            f"AWS refuses {error.operation_name} to you: {message or code}. "
            "Get this permission, then run this again."
        )
    return f"AWS answers {error.operation_name} with {code}: {message}"
