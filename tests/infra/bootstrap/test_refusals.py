"""What a person must decide about is refused with a sentence, before anything is changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import boto3
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID

from infra.bootstrap.errors import BootstrapRefused
from infra.bootstrap.run import Wishes
from infra.bootstrap.steps import Outcome
from tests.infra.account_in_memory import REGION
from tests.infra.bootstrap.accounts import BUCKET, key_id, kms, run, s3, seen

pytestmark = pytest.mark.usefixtures("aws")

OTHER_ACCOUNT = "210987654321"
IN_REGION = {"LocationConstraint": REGION}


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Fail if a key was made, which is what a bootstrap would begin with."""
    before = kms().list_keys()["Keys"]
    yield
    assert kms().list_keys()["Keys"] == before


def bucket_of_another_account(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as other:
        other.setenv("MOTO_ACCOUNT_ID", OTHER_ACCOUNT)
        s3().create_bucket(Bucket=BUCKET, CreateBucketConfiguration=IN_REGION)


def test_a_bucket_of_another_account(monkeypatch: pytest.MonkeyPatch) -> None:
    bucket_of_another_account(monkeypatch)
    assert boto3.client("sts").get_caller_identity()["Account"] == DEFAULT_ACCOUNT_ID
    with nothing_changes(), pytest.raises(BootstrapRefused, match="belongs to another account"):
        run()
    with pytest.raises(BootstrapRefused, match="belongs to another account"):
        run(Wishes(adopt_bucket=True))
    assert run(Wishes(bucket="acme-state")).named(Outcome.MADE), "another name will do"


def test_a_bucket_in_another_region() -> None:
    elsewhere = boto3.client("s3", region_name="eu-central-1")
    elsewhere.create_bucket(
        Bucket="acme-state", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    wishes = Wishes(bucket="acme-state", adopt_bucket=True)
    with (
        nothing_changes(),
        pytest.raises(BootstrapRefused, match=r"in eu-central-1, not in eu-west-1.*--region"),
    ):
        run(wishes)
    assert run(wishes, region="eu-central-1").named(Outcome.REPAIRED)


def test_a_bucket_of_ours_that_the_bootstrap_did_not_make() -> None:
    s3().create_bucket(Bucket=BUCKET, CreateBucketConfiguration=IN_REGION)
    s3().put_bucket_tagging(
        Bucket=BUCKET, Tagging={"TagSet": [{"Key": "managed-by", "Value": "hand"}]}
    )
    for wishes in (Wishes(), Wishes(dry_run=True)):
        with nothing_changes(), pytest.raises(BootstrapRefused, match="--adopt-bucket"):
            run(wishes)
    adopted = run(Wishes(adopt_bucket=True))
    assert adopted.outcomes("state bucket")[""] == Outcome.FOUND
    assert adopted.outcomes("state bucket")["tags"] == Outcome.REPAIRED
    assert seen()["versioning"] == "Enabled"
    assert run().changes == [], "once adopted, it is ours"


@pytest.mark.parametrize(
    ("spoil", "state"),
    [
        (lambda key: kms().schedule_key_deletion(KeyId=key), "PendingDeletion"),
        (lambda key: kms().disable_key(KeyId=key), "Disabled"),
    ],
    ids=["to be deleted", "disabled"],
)
def test_a_key_that_cannot_be_used(spoil: Callable[[str], object], state: str) -> None:
    run()
    spoil(key_id())
    with nothing_changes(), pytest.raises(BootstrapRefused, match=rf"is {state}.*kms enable-key"):
        run()


def test_a_region_that_the_boundary_does_not_allow() -> None:
    run(Wishes(allowed_regions=[REGION]))
    with pytest.raises(BootstrapRefused, match=r"in eu-west-1 only.*--allowed-region"):
        run(region="eu-central-1")
    both = Wishes(allowed_regions=[REGION, "eu-central-1"])
    assert run(both, region="eu-central-1").named(Outcome.MADE)
