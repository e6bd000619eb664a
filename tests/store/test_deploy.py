"""What docs/deploy/ says fits together, and fits the program: names of services, volumes, files, settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from qa.settings import PREFIX, Settings
from qa.surfaces.server import READY

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
KNOWN = {PREFIX + name.upper() for name in Settings.model_fields}


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text()))


def test_every_service_of_the_compose_file_names_only_what_is_there() -> None:
    whole = compose()
    services = whole["services"]
    assert {"postgres", "chroma", "node-1", "node-2", "proxy", "scheduler", "worker"} <= services.keys()
    for name, service in services.items():
        assert service["image"], name
        assert set(service.get("depends_on", ())) <= services.keys(), name
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            there = (DEPLOY / source).exists() or source == "./new"
            assert source in whole["volumes"] or (source.startswith("./") and there), (name, source)
        settings = {key for key in service.get("environment", {}) if key.startswith(PREFIX)}
        assert settings <= KNOWN, name


def test_nodes_have_words_of_their_own_and_servers_in_common() -> None:
    first, second = (compose()["services"][name] for name in ("node-1", "node-2"))
    assert first["environment"] == second["environment"] and first["volumes"] != second["volumes"]
    assert READY in " ".join(first["healthcheck"]["test"])


def test_the_proxy_knows_the_nodes_of_the_compose_file() -> None:
    named = re.findall(r"server ([\w-]+):7860", (DEPLOY / "nginx.conf").read_text())
    assert named == [name for name in compose()["services"] if name.startswith("node-")]


def test_the_unit_starts_what_is_there_with_settings_that_are_known() -> None:
    unit = (DEPLOY / "dateline.service").read_text()
    (program,) = re.findall(r"ExecStart=\S+ (\S+)", unit)
    assert (ROOT / program).exists()
    assert set(re.findall(r"(QA_\w+)", unit)) <= KNOWN
