"""A Slurm cluster whose one node is this machine, without systemd, for as long as a check runs."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

CONF = Path("/etc/slurm/slurm.conf")  # job steps are started without SLURM_CONF and look here
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "sinfo")
NAME = "mfnn-one-node"  # the cluster's
PATIENCE = 60  # seconds until a daemon must answer


def missing() -> str | None:
    """Why no Slurm can be brought up here, or None where it can."""
    lacking = [name for name in PROGRAMS if not shutil.which(name)]
    if lacking:
        return f"no {', '.join(lacking)} here; on Debian: apt-get install slurmctld slurmd slurm-client munge"
    if os.geteuid() != 0:
        return f"Slurm's daemons and {CONF} need root"
    if CONF.exists() and not _left_behind():
        return f"{CONF} exists: this machine's own Slurm is left alone"
    return None


@contextmanager
def one_node_slurm(folder: Path) -> Iterator[None]:
    """Munge, controller and node daemon with all their state in `folder`; stopped, and the configuration removed, after.

    The node has this machine's processors and memory. A job that outgrows the memory it asked for is killed.
    """
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    key, munge = folder / "munge.key", folder / "munge.socket"
    key.write_bytes(os.urandom(1024))
    key.chmod(0o600)
    conf = folder / "slurm.conf"
    conf.write_text(_configuration(folder, munge))
    with ExitStack() as stack:
        _daemon(
            stack, folder, "munged", "--foreground", "--force", f"--socket={munge}", f"--key-file={key}",
            f"--pid-file={folder}/munged.pid", f"--seed-file={folder}/seed", f"--log-file={folder}/munge.log",
        )  # fmt: skip
        _wait(munge.exists, "munged")
        CONF.parent.mkdir(exist_ok=True)
        CONF.unlink(missing_ok=True)  # a link that missing() found to be left behind, or one that leads nowhere
        CONF.symlink_to(conf)
        stack.callback(CONF.unlink, missing_ok=True)
        _daemon(stack, folder, "slurmctld", "-D")
        _daemon(stack, folder, "slurmd", "-D")
        _wait(lambda: _answer("sinfo", "--noheader", "--format=%t") == "idle", "the node")
        yield


def _left_behind() -> bool:
    """Whether Slurm's configuration is that of an earlier check which was killed."""
    return CONF.is_symlink() and NAME in CONF.read_text() and not _answer("sinfo", "--noheader")


def _configuration(folder: Path, munge: Path) -> str:
    host, cpus = socket.gethostname().split(".")[0], os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20 * 9 // 10
    return f"""
ClusterName={NAME}
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={_free_port()}
SlurmdPort={_free_port()}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=root
AuthInfo=socket={munge}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=1000
SchedulerParameters=batch_sched_delay=0,sched_interval=1
MailProg=/bin/true
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={memory}
PartitionName=main Nodes={host} Default=YES State=UP
"""


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def _daemon(stack: ExitStack, folder: Path, *command: str) -> None:
    """Start a daemon whose output goes to a file of `folder`; the stack stops it."""
    log = stack.enter_context((folder / f"{command[0]}.out").open("w"))
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
    stack.callback(_stop, process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _answer(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _wait(ready: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not answer within {PATIENCE} s")
        time.sleep(0.2)
