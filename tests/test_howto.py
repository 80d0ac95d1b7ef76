"""What the how-to pages about governance show is run as it stands there."""

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from datasets import Dataset

import ftaudit
from ftaudit.admission.plan import TuningPlan
from ftaudit.admission.request import Request
from ftaudit.model.errors import GateBlocked, IntegrityError
from tests import manifests
from tests.cli import walk

DOCS = Path(__file__).parents[1] / "docs" / "howto"


def block(page: str, mark: str) -> str:
    """Return the code block after `<!-- run: mark -->`."""
    text = (DOCS / f"{page}.md").read_text()
    found = re.search(rf"<!-- run: {mark} -->\n```\w+\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1]


def test_a_dozen_lines_verify_without_ftaudit(tmp_path: Path) -> None:
    walk.folder(tmp_path)
    code = block("sign-and-verify", "verify")
    assert "ftaudit" not in code
    assert len(code.splitlines()) <= 13
    (tmp_path / "verify.py").write_text(code)

    def verify(*files: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "verify.py", *files]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603 - our own page

    envelope, train = "manifest.dsse.json", "data/train.csv"
    assert verify(envelope, "ci.pub.json", train).stdout == "PASSED\n"
    assert verify(envelope, "owner.pub.json", train).returncode != 0
    assert verify(envelope, "ci.pub.json", "ci.pem").returncode != 0
    data = (tmp_path / envelope).read_text()
    (tmp_path / envelope).write_text(data.replace('"payload": "ew', '"payload": "ex'))
    assert verify(envelope, "ci.pub.json", train).returncode != 0


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lie in a folder with the names that the pages use."""
    walk.folder(tmp_path)
    (tmp_path / "ci.pub.json").rename(tmp_path / "release.pub.json")
    (tmp_path / "data" / "train.csv").rename(tmp_path / "train.csv")
    (tmp_path / "policy.yaml").write_text("schema: ftaudit.policy/v1\nid: own\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_hook_lets_a_job_run_or_raises(job: Path) -> None:
    code = compile(block("gate-a-training-job", "hook"), "hook", "exec")
    exec(code, {})  # noqa: S102 - our own page
    (job / "train.csv").write_text("text,label\nother,a\n")
    with pytest.raises(IntegrityError, match="not the audited data"):
        exec(code, {})  # noqa: S102 - as above


def test_the_page_hands_over_a_dataset_as_it_is(job: Path) -> None:
    code = compile(block("gate-a-training-job", "dataset"), "dataset", "exec")
    cached = f"import datasets; datasets.config.HF_DATASETS_CACHE = {str(job / 'cache')!r}"
    exec(cached, {})  # noqa: S102 - load_dataset writes nowhere else then
    exec(code, {})  # noqa: S102 - our own page
    with (job / "train.csv").open("a") as file:
        file.write("other,a\n")
    with pytest.raises(IntegrityError, match="not the audited data"):
        exec(code, {})  # noqa: S102 - as above


def test_the_callback_gates_before_the_first_step(
    job: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = compile(block("gate-a-training-job", "callback"), "callback", "exec")
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - our own page
    trainer = SimpleNamespace(train_dataset=Dataset.from_csv("train.csv", cache_dir=str(job)))
    names["gate"].on_train_begin(None, None, None, trainer=trainer)
    assert "ftaudit: PASSED" in capsys.readouterr().err
    (job / "policy.yaml").write_text("schema: ftaudit.policy/v1\nid: own\nmax_age: P0D\n")
    with pytest.raises(GateBlocked, match="expired"):
        names["gate"].on_train_begin(None, None, None, trainer=trainer)


def test_the_workflow_gates_before_it_tunes() -> None:
    workflow = yaml.safe_load(block("gate-a-training-job", "workflow"))
    assert workflow["jobs"]["tune"]["needs"] == "gate"
    command = workflow["jobs"]["gate"]["steps"][-1]["run"].split()
    assert command[:3] == ["ftaudit", "gate", "manifest.dsse.json"]
    from ftaudit.cli.gate_command import command as gate

    known = {option for parameter in gate.params for option in parameter.opts}
    assert {word for word in command if word.startswith("--")} <= known


def test_the_plan_of_the_page_is_complete(tmp_path: Path) -> None:
    plan = TuningPlan.model_validate(yaml.safe_load(block("request-approval", "plan")))
    made = manifests.of(list(manifests.data(tmp_path)))
    assert Request(plan, made).gaps == ()


def test_the_options_of_every_command_shown_exist() -> None:
    from ftaudit.cli.main import COMMANDS, main

    context = main.make_context("ftaudit", [], resilient_parsing=True)
    shown = 0
    for page in DOCS.glob("*.md"):
        text = page.read_text().replace("\\\n", " ")
        blocks = "\n".join(re.findall(r"^```.*?\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
        for name, rest in re.findall(r"^(?:\$ )?ftaudit ([a-z]+)(.*)$", blocks, re.MULTILINE):
            assert name in COMMANDS, page.name
            command = main.get_command(context, name)
            assert command is not None
            known = {
                option for parameter in command.get_params(context) for option in parameter.opts
            }
            used = set(re.findall(r"(?<!\S)--[a-z-]+", rest))
            assert used <= known | {"--help"}, (page.name, name)
            shown += 1
    assert shown > 5


def test_the_public_hook_is_the_gate() -> None:
    from ftaudit.admission.verify import gate

    assert ftaudit.gate is gate
