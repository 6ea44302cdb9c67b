"""What the emulators leave out is there once the sandbox has completed them."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from sandbox import emulated_aws, processes
from sandbox.errors import SandboxError
from sandbox.layout import Layout
from sandbox.record import Record

DESTINATION = {
    "ampConfiguration": {"workspaceArn": "arn:aws:aps:eu-west-1:000000000000:workspace/ws-1"}
}
CLUSTER = {
    "eksConfiguration": {
        "clusterArn": "arn:aws:eks:eu-west-1:000000000000:cluster/demo-dev",
        "subnetIds": ["subnet-12345678"],
    }
}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """Yield the record of both emulators, running."""
    layout = Layout(root=tmp_path_factory.mktemp("sandbox"), project=Path.cwd())
    layout.create()
    record = Record.load(layout.record)
    emulated_aws.start(layout, record)
    yield record
    processes.stop(processes.belonging_to(layout.root), grace_seconds=2)


def client(service: Any, record: Record, emulator: emulated_aws.Emulator) -> Any:
    """Return a client of one emulator."""
    return boto3.client(
        service,
        endpoint_url=emulated_aws.endpoint(record, emulator),
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@pytest.fixture
def amp(record: Record) -> Any:
    """Return a client of the emulated Managed Prometheus."""
    return client("amp", record, emulated_aws.METRICS)


def test_both_run_and_are_recognised(record: Record) -> None:
    assert emulated_aws.is_intact(Record.load(record.path))


def test_a_server_that_runs_is_not_started_again(record: Record) -> None:
    before = dict(record.processes)
    emulated_aws.start(Layout(record.path.parent, Path.cwd()), record)
    assert record.processes == before


@pytest.mark.parametrize("emulator", emulated_aws.EMULATORS, ids=lambda e: e.name)
def test_both_are_the_same_account(record: Record, emulator: emulated_aws.Emulator) -> None:
    identity = client("sts", record, emulator).get_caller_identity()
    assert identity["Account"] == emulated_aws.ACCOUNT_ID


def test_they_listen_on_the_loopback_interface_only(record: Record) -> None:
    for emulator in emulated_aws.EMULATORS:
        process = record.running(emulator.name)
        assert process is not None
        listening = [c for c in process.net_connections() if c.status == "LISTEN"]
        assert {c.laddr.ip for c in listening} == {"127.0.0.1"}
        assert {c.laddr.port for c in listening} == {record.ports[emulator.name]}


def test_a_workspace_keeps_its_key(amp: Any) -> None:
    key = "arn:aws:kms:eu-west-1:000000000000:key/1"
    workspace = amp.create_workspace(alias="demo", kmsKeyArn=key)["workspaceId"]
    assert amp.describe_workspace(workspaceId=workspace)["workspace"]["kmsKeyArn"] == key
    without = amp.create_workspace(alias="other")["workspaceId"]
    assert "kmsKeyArn" not in amp.describe_workspace(workspaceId=without)["workspace"]


def test_alert_manager_definitions_are_created_changed_and_deleted(amp: Any) -> None:
    workspace = amp.create_workspace()["workspaceId"]
    amp.create_alert_manager_definition(workspaceId=workspace, data=b"first")
    amp.put_alert_manager_definition(workspaceId=workspace, data=b"second")
    found = amp.describe_alert_manager_definition(workspaceId=workspace)["alertManagerDefinition"]
    assert (found["data"], found["status"]["statusCode"]) == (b"second", "ACTIVE")
    amp.delete_alert_manager_definition(workspaceId=workspace)
    with pytest.raises(amp.exceptions.ResourceNotFoundException):
        amp.describe_alert_manager_definition(workspaceId=workspace)


def test_scrapers_are_created_tagged_changed_and_deleted(amp: Any) -> None:
    configuration = {"configurationBlob": b"scrape_configs: []"}
    created = amp.create_scraper(
        alias="demo",
        scrapeConfiguration=configuration,
        source=CLUSTER,
        destination=DESTINATION,
        tags={"team": "demo"},
    )
    amp.tag_resource(resourceArn=created["arn"], tags={"stage": "dev"})
    amp.update_scraper(scraperId=created["scraperId"], alias="renamed")
    found = amp.describe_scraper(scraperId=created["scraperId"])["scraper"]
    assert found["alias"] == "renamed"
    assert found["scrapeConfiguration"] == configuration
    assert found["tags"] == {"team": "demo", "stage": "dev"}
    assert created["scraperId"] in {s["scraperId"] for s in amp.list_scrapers()["scrapers"]}
    # Answered like a scraper that is gone already, which the provider takes for success.
    with pytest.raises(amp.exceptions.ResourceNotFoundException):
        amp.delete_scraper(scraperId=created["scraperId"])
    with pytest.raises(amp.exceptions.ResourceNotFoundException):
        amp.describe_scraper(scraperId=created["scraperId"])
    assert amp.list_scrapers()["scrapers"] == []


def test_a_vpc_endpoint_keeps_its_policy(record: Record) -> None:
    ec2 = client("ec2", record, emulated_aws.AWS)
    policy = json.dumps(
        {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:<Get>"}]}
    )
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    service = "com.amazonaws.eu-west-1.s3"
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=service, PolicyDocument=policy)
    [found] = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    assert found["PolicyDocument"] == policy
    assert found["VpcId"] == vpc


def test_a_server_that_cannot_start_is_reported(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emulated_aws, "_arguments", lambda *_: [sys.executable, "-c", "1 / 0"])
    with pytest.raises(SandboxError, match=r"ministack stopped while starting[\s\S]*ZeroDivision"):
        emulated_aws.start(layout, Record.load(layout.record))
