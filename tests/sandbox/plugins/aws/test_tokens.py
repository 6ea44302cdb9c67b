import pytest

from sandbox.plugins.aws.terraform_schema import TerraformSchema
from sandbox.plugins.aws.tokens import Tokens, UnknownTypeError, urn_with_type
from sandbox.plugins.aws.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("aws:s3/bucket:Bucket", "aws_s3_bucket"),
        ("aws:s3/bucketV2:BucketV2", "aws_s3_bucket"),
        ("aws:ec2/vpc:Vpc", "aws_vpc"),
        ("aws:rds/instance:Instance", "aws_db_instance"),
        ("aws:amp/scraper:Scraper", "aws_prometheus_scraper"),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", "aws_cloudwatch_metric_alarm"),
        ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws_iam_role_policy_attachment"),
    ],
)
def test_a_type_finds_its_terraform_name(terraform: TerraformSchema, token: str, name: str) -> None:
    match = Tokens(terraform).resource(token)
    assert match.terraform_name == name
    assert match.bridge_token == terraform.resources[name]


def test_a_function_is_a_data_source(terraform: TerraformSchema) -> None:
    match = Tokens(terraform).function("aws:index/getCallerIdentity:getCallerIdentity")
    assert match.terraform_name == "aws_caller_identity"
    assert match.bridge_token == "aws:index/getCallerIdentity:getCallerIdentity"


def test_a_short_name_belongs_to_one_module_only(terraform: TerraformSchema) -> None:
    with pytest.raises(UnknownTypeError):
        Tokens(terraform).resource("aws:rds/vpc:Vpc")


@pytest.mark.parametrize("token", ["aws:mlflow/server:Server", "aws:eks/capability:Capability"])
def test_an_unknown_type_is_refused_with_its_name_and_a_way_out(
    terraform: TerraformSchema, token: str
) -> None:
    with pytest.raises(UnknownTypeError, match=f"{token} .*leave it out of stacks that run here"):
        Tokens(terraform).resource(token)


def test_a_type_that_only_terraform_has_is_refused_too(vocabulary: Vocabulary) -> None:
    with pytest.raises(UnknownTypeError):
        vocabulary.resource("aws:index/vpc:Vpc")


def test_a_urn_keeps_parents_and_name() -> None:
    urn = "urn:pulumi:dev::project::mlops:index:Network$aws:ec2/vpc:Vpc::a::b"
    bridged = "urn:pulumi:dev::project::mlops:index:Network$aws:index/vpc:Vpc::a::b"
    assert urn_with_type(urn, "aws:index/vpc:Vpc") == bridged
    root = "urn:pulumi:dev::project::aws:ec2/vpc:Vpc::a"
    assert (
        urn_with_type(root, "aws:index/vpc:Vpc") == "urn:pulumi:dev::project::aws:index/vpc:Vpc::a"
    )
