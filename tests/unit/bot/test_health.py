"""Who may ask whether the process is well: this machine, unless the operator says otherwise."""

import socket

import httpx
import pytest

from bot.dotenv import SettingsError
from bot.run import cannot_listen
from bot.settings import load
from tests.harness.shop import open_shop, settings_for
from tests.runtime.process import ROOT


def test_this_machine_only_unless_it_is_said(tmp_path, monkeypatch) -> None:
    assert settings_for(tmp_path).health_host == "127.0.0.1"
    needed = {
        "BOT_TOKEN": "42:abc",
        "PANEL_URL": "https://provider.example/api/v2",
        "PANEL_KEY": "key",
    }
    for host, meant in (("", "127.0.0.1"), (" ", "127.0.0.1"), ("0.0.0.0", "0.0.0.0")):
        for name, value in (needed | {"HEALTH_HOST": host}).items():
            monkeypatch.setenv(name, value)
        assert load(_env_file=None).health_host == meant


async def test_it_answers_where_it_is_told_to(tmp_path) -> None:
    with socket.create_server(("127.0.0.2", 0)) as free:
        port = free.getsockname()[1]
    async with open_shop(tmp_path) as shop:
        await shop.app.health.start("127.0.0.2", port)
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get(f"http://127.0.0.2:{port}/livez")).text == "ok"
            with pytest.raises(httpx.ConnectError):
                await client.get(f"http://127.0.0.1:{port}/livez")
        await shop.app.health.stop()


async def test_a_host_of_another_machine_is_a_sentence(tmp_path) -> None:
    async with open_shop(tmp_path) as shop:
        for host in ("192.0.2.1", "no such host"):
            with pytest.raises(OSError) as caught:  # noqa: PT011
                await shop.app.health.start(host, 0)
            said = cannot_listen("HEALTH", host, 1, caught.value)
            assert isinstance(said, SettingsError)
            assert said.sentences == [
                f"HEALTH_HOST is wrong: {host} is no address of this machine."
            ]
        await shop.app.health.stop()


def test_in_a_container_others_of_its_network_may_ask() -> None:
    """As before HEALTH_HOST: Prometheus asks from another container; the port is not published."""
    said = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    assert "HEALTH_HOST=0.0.0.0" in said
    assert "http://127.0.0.1:' + os.environ['HEALTH_PORT'] + '/livez'" in said
