"""Each file is read by its own reader, and tells what the stack told."""

import configparser
import os
import subprocess
from pathlib import Path

import yaml
from dotenv import dotenv_values

from infra.cli.client import client_of
from infra.cli.client_files import FIRST_WORDS, client_files
from mlops.tracking.mlflow_container import ARTIFACT_PREFIX
from tests.infra.cli.client_outputs import BUCKET, outputs

TEXTS = client_files(client_of("fraud-dev", outputs()))
VARIABLES = {
    "MLOPS_STACK": "fraud-dev",
    "MLOPS_NAMESPACE": "fraud-dev",
    "MLOPS_ARTIFACT_BUCKET": BUCKET,
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "MLFLOW_TRACKING_URI": "http://mlflow.fraud-dev.svc.cluster.local:5000",
}


def test_every_file_says_whose_it_is_and_how_to_make_it_anew() -> None:
    assert set(TEXTS) == {".env", ".dvc/config", "spark-defaults.conf", "kubeconfig"}
    for text in TEXTS.values():
        first, second, *_ = text.splitlines()
        assert first == f"{FIRST_WORDS}fraud-dev, from its outputs."
        assert "mlops bundle fraud-dev" in second


def test_the_environment_is_read_by_dotenv_and_by_a_shell(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(TEXTS[".env"])
    assert dotenv_values(file) == VARIABLES
    printed = subprocess.run(  # noqa: S603  # a shell is what is tried
        ["/bin/sh", "-ac", '. "$0" && env', str(file)],
        env={"PATH": os.defpath},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    told = dict(line.split("=", 1) for line in printed.splitlines())
    assert {name: told[name] for name in VARIABLES} == VARIABLES


def test_dvc_finds_its_remote_apart_from_the_files_of_runs() -> None:
    config = configparser.ConfigParser()
    config.read_string(TEXTS[".dvc/config"])
    name = config["core"]["remote"]
    remote = config[f"'remote \"{name}\"'"]
    assert dict(remote) == {"url": f"s3://{BUCKET}/dvc", "region": "eu-west-1"}
    assert not remote["url"].endswith(f"/{ARTIFACT_PREFIX}")


def test_spark_finds_region_and_credentials_of_the_bucket() -> None:
    lines = [line for line in TEXTS["spark-defaults.conf"].splitlines() if line[0] != "#"]
    settings = dict(line.split(maxsplit=1) for line in lines)
    assert settings == {
        "spark.hadoop.fs.s3a.aws.credentials.provider": "software.amazon.awssdk.auth.credentials."
        "DefaultCredentialsProvider",
        f"spark.hadoop.fs.s3a.bucket.{BUCKET}.endpoint.region": "eu-west-1",
    }


def test_the_kubeconfig_is_the_one_for_members() -> None:
    client = client_of("fraud-dev", outputs())
    assert yaml.safe_load(TEXTS["kubeconfig"]) == client.kubeconfig


def test_only_the_kubeconfig_is_left_out_if_it_stays_secret() -> None:
    texts = client_files(client_of("fraud-dev", outputs(kubeconfig="[secret]")))
    assert set(TEXTS) - set(texts) == {"kubeconfig"}
