import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pictrace.errors import UsageError
from pictrace.service.unit import UnitRequest, obstacles, render_unit
from pictrace.shipped import shipped_path

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")


def settings(text: str, name: str) -> list[str]:
    """Return the values of a setting, in the order of the file."""
    return [line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{name}=")]


def render(request: UnitRequest, mounts: tuple[str, ...] = ()) -> str:
    """Return the unit where ``mounts`` are mounted, and nothing else."""
    points = sorted(map(Path, mounts), key=lambda point: -len(point.parts))
    return render_unit(
        request,
        mount_point=lambda path: next((point for point in points if path.is_relative_to(point)), Path("/")),
    )


def test_the_default_request_gives_the_shipped_unit(request_for_system: UnitRequest) -> None:
    assert render(request_for_system) == shipped_path("pictrace.service").read_text(encoding="utf-8")


def test_each_root_can_be_written_on_a_line_of_its_own(request_for_system: UnitRequest) -> None:
    text = render(replace(request_for_system, roots=(Path("/srv/photos"), Path("/mnt/inbox"))))

    assert settings(text, "ReadWritePaths") == ["/srv/photos", "/mnt/inbox"]
    assert settings(text, "RequiresMountsFor") == ["/srv/photos /mnt/inbox /var/lib/pictrace"]


def test_a_root_in_another_root_is_no_second_mount(request_for_system: UnitRequest) -> None:
    roots = (Path("/srv/photos/Inbox"), Path("/srv/photos"), Path("/srv/photos-old"))

    text = render(replace(request_for_system, roots=roots))

    assert settings(text, "ReadWritePaths") == ["/srv/photos", "/srv/photos-old"]


def test_readonly_roots_can_neither_be_written_nor_stop_the_service(request_for_system: UnitRequest) -> None:
    request = replace(request_for_system, readonly_roots=(Path("/mnt/archive"),))

    assert render(request, ("/mnt/archive",)) == render(request_for_system)


def test_the_unit_stops_and_starts_with_the_mounts_of_its_roots(request_for_system: UnitRequest) -> None:
    request = replace(request_for_system, roots=(Path("/srv/my photos/2026"), Path("/srv/my photos/2025")))

    text = render(request, ("/srv/my photos",))

    unit = r"srv-my\x20photos.mount"
    assert settings(text, "BindsTo") == [unit]
    assert settings(text, "After") == ["local-fs.target remote-fs.target", unit]
    assert settings(text, "WantedBy") == ["multi-user.target", unit]


def test_a_root_on_the_root_disk_binds_to_nothing(request_for_system: UnitRequest) -> None:
    assert settings(render(request_for_system), "BindsTo") == []


def test_a_quarantine_and_a_state_of_ones_own_can_be_written(request_for_system: UnitRequest) -> None:
    request = replace(request_for_system, state=Path("/data/state"), quarantine=Path("/data/away"))

    text = render(request, ("/data",))

    assert settings(text, "ReadWritePaths") == ["/srv/photos", "/data/state", "/data/away"]
    assert settings(text, "BindsTo") == ["data.mount"]
    assert settings(text, "ExecStart")[0].endswith(" --state /data/state")


def test_of_the_homes_only_the_photo_folders_are_seen(request_for_system: UnitRequest) -> None:
    request = replace(
        request_for_system,
        roots=(Path("/home/me/Pictures"), Path("/srv/photos")),
        readonly_roots=(Path("/home/you/Pictures"),),
    )

    text = render(request)

    assert settings(text, "ProtectHome") == ["tmpfs"]
    assert settings(text, "BindPaths") == ["/home/me/Pictures"]
    assert settings(text, "BindReadOnlyPaths") == ["/home/you/Pictures"]
    assert settings(text, "ReadWritePaths") == ["/srv/photos"]


def test_a_user_unit_leaves_out_what_only_the_system_can_give(request_for_system: UnitRequest) -> None:
    text = render(replace(request_for_system, is_user=True, roots=(Path("/home/me/Pictures"),)), ("/home",))

    names = {line.partition("=")[0] for line in text.splitlines() if "=" in line and not line.startswith("#")}
    system_only = re.compile(
        r"User|Group|Protect|Private|Bind|ReadWrite|Capability|Ambient|.*Directory|.*MountsFor|After"
    )
    assert [name for name in names if system_only.match(name)] == []
    assert settings(text, "WantedBy") == ["default.target"]
    kept = {"NoNewPrivileges", "SystemCallFilter", "MemoryDenyWriteExecute", "RestrictNamespaces", "LockPersonality"}
    assert kept | {"UMask", "MemoryMax", "WatchdogSec", "Type"} <= names


def test_awkward_names_are_written_so_that_systemd_reads_them_back(request_for_system: UnitRequest) -> None:
    request = replace(
        request_for_system,
        roots=(Path('/srv/50% "best" $HOME\\x'),),
        config=Path("/etc/pictrace/a $b.yaml"),
    )

    text = render(request)

    assert settings(text, "ReadWritePaths") == [r'"/srv/50%% \"best\" $HOME\\x"']
    assert settings(text, "ExecStart") == ['/opt/pictrace/bin/pictrace watch --config "/etc/pictrace/a $$b.yaml"']


@pytest.mark.parametrize("name", ["/srv/a\nExecStartPre=/bin/sh", "/srv/\udcff", "/srv/\x1b[2J"])
def test_a_name_that_no_unit_can_hold_is_refused(request_for_system: UnitRequest, name: str) -> None:
    with pytest.raises(UsageError, match=r"/srv/.*rename it") as caught:
        render(replace(request_for_system, roots=(Path(name),)))

    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"executable": Path("/home/me/.venv/bin/pictrace")}, "/opt/pictrace"),
        ({"executable": Path("/var/pictrace/bin/pictrace")}, "/opt/pictrace"),
        ({"config": Path("/home/me/config.yaml")}, "/etc/pictrace/config.yaml"),
        ({"roots": (Path("/tmp/photos"),)}, "/tmp/photos"),
        ({"readonly_roots": (Path("/var/tmp/photos"),)}, "/var/tmp/photos"),
    ],
)
def test_what_would_keep_a_system_unit_from_running_is_said(
    request_for_system: UnitRequest, change: dict[str, Path], words: str
) -> None:
    request = replace(request_for_system, **change)

    assert [sentence for sentence in obstacles(request) if words in sentence] == obstacles(request) != []
    assert obstacles(replace(request, is_user=True)) == []


def test_the_shipped_unit_has_no_obstacle(request_for_system: UnitRequest) -> None:
    assert obstacles(request_for_system) == []


@needs_systemd
@pytest.mark.parametrize("roots", [("/srv/photos",), ("/home/me/My Pictures", "/mnt/50%")])
def test_systemd_rates_the_unit_as_hardened(
    request_for_system: UnitRequest, tmp_path: Path, roots: tuple[str, ...]
) -> None:
    unit = tmp_path / "pictrace.service"
    unit.write_text(render(replace(request_for_system, roots=tuple(map(Path, roots)))), encoding="utf-8")

    told = analyze("security", "--offline=true", str(unit))

    found = re.search(r"exposure level[^:]*: ([\d.]+)", told)
    assert found is not None, told
    assert float(found[1]) <= 1.0


@needs_systemd
@pytest.mark.parametrize("is_user", [False, True])
def test_systemd_has_nothing_to_say_about_the_unit(
    request_for_system: UnitRequest, tmp_path: Path, is_user: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    roots = (Path("/home/me/My Pictures"), Path("/mnt/50%"), Path('/mnt/a "b" \\c'))
    request = replace(request_for_system, is_user=is_user, executable=Path("/bin/true"), roots=roots)
    unit = tmp_path / "pictrace.service"
    unit.write_text(render(request), encoding="utf-8")

    told = analyze(*(["--user"] if is_user else []), "verify", str(unit))

    assert told == ""


def analyze(*arguments: str) -> str:
    """Return all that systemd-analyze says."""
    done = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr
