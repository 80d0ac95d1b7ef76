"""`ftaudit schema`: what editors are told of the files people write."""

import json
from importlib import resources

import pytest
import yaml
from jsonschema import Draft202012Validator

from ftaudit.cli.schema_command import SHIPPED
from ftaudit.model.documents import parse_yaml
from ftaudit.policy.policy import BUILT_IN
from tests.cli.commands import Shell
from tests.sample_data.samples import SAMPLES


@pytest.mark.parametrize("name", ["policy", *SHIPPED])
def test_every_schema_is_one(name: str, shell: Shell) -> None:
    said = shell("schema", name)
    assert said.code == 0
    Draft202012Validator.check_schema(json.loads(said.out))


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_built_in_policies_meet_the_schema(name: str, shell: Shell) -> None:
    text = (resources.files("ftaudit.policy") / "builtin" / f"{name}.yaml").read_text("utf-8")
    document, _ = parse_yaml(text, name=name, kind="policy")
    schema = json.loads(shell("schema", "policy").out)
    assert list(Draft202012Validator(schema).iter_errors(document)) == []


def test_a_misspelt_key_of_a_policy_is_marked(shell: Shell) -> None:
    schema = json.loads(shell("schema", "policy").out)
    document = yaml.safe_load("schema: ftaudit.policy/v1\nid: a\nversion: 1\nrulez: {}\n")
    errors = [error.message for error in Draft202012Validator(schema).iter_errors(document)]
    assert any("rulez" in message for message in errors)


def test_a_sample_record_meets_the_schema(shell: Shell) -> None:
    schema = json.loads(shell("schema", "provenance").out)
    text = (SAMPLES / "clean" / "provenance.yaml").read_text("utf-8")
    document = json.loads(json.dumps(yaml.safe_load(text), default=str))
    assert list(Draft202012Validator(schema).iter_errors(document)) == []
