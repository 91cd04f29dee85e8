"""A Slurm cluster whose one node is this machine, without systemd, for as long as a check runs."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

CONF = Path("/etc/slurm/slurm.conf")  # job steps are started without SLURM_CONF and look here
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "sinfo")
NAME = "mfnn-one-node"  # the cluster's
PATIENCE = 30  # seconds until a daemon, or a job that does nothing, must answer
NODE_MB = 4000  # of memory that the node has to give to jobs
MEGABYTES = 6000  # that with room for all else
REQUEUED_AFTER = 10  # seconds that a job waits before it may start once more
HUNGRY = "import time; kept = bytearray(500_000_000); time.sleep(20)"  # a job that asks for 100 MB


class NoSlurmError(Exception):
    """This machine cannot bring up a Slurm that runs jobs."""


def missing() -> str | None:
    """Why no Slurm can be brought up here, or None where it can."""
    lacking = [name for name in PROGRAMS if not shutil.which(name)]
    if lacking:
        return f"no {', '.join(lacking)} here; on Debian: apt-get install slurmctld slurmd slurm-client munge"
    if os.geteuid() != 0:
        return f"Slurm's daemons and {CONF} need root"
    if CONF.exists() and not _left_behind():
        return f"{CONF} exists: this machine's own Slurm is left alone"
    if _memory() < MEGABYTES:
        return f"the checks on Slurm take {MEGABYTES} MB of memory, of which {_memory()} are here"
    return None


@contextmanager
def one_node_slurm(folder: Path) -> Iterator[None]:
    """Munge, controller and node daemon with all their state in `folder`; stopped, and the configuration removed, after.

    The node has this machine's processors and 4 GB. A job that outgrows the memory it asked for is killed; one of the
    partition `urgent` takes the node away from those of `main`, which are queued again. Raises `NoSlurmError` in one line
    where this machine does not bring such a Slurm up.
    """
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    with ExitStack() as stack:
        try:
            _bring_up(stack, folder)
            _try_jobs(folder)
        except OSError as reason:  # timeouts are such too
            raise NoSlurmError(f"no Slurm can run here: {reason}") from None
        yield


def _bring_up(stack: ExitStack, folder: Path) -> None:
    """Start the daemons one after the other; the stack ends what they run, stops them and removes the configuration."""
    key, munge, conf = folder / "munge.key", folder / "munge.socket", folder / "slurm.conf"
    key.write_bytes(os.urandom(1024))
    key.chmod(0o600)
    conf.write_text(_configuration(folder, munge), encoding="utf-8")
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
    _daemon(stack, folder, "slurmd", "-D", "-N", _host())
    stack.callback(_end_jobs)
    _wait(lambda: _answer("sinfo", "--noheader", "--format=%t") == "idle", "the node")


def _try_jobs(folder: Path) -> None:
    """A job with a step comes back with its output, and one that outgrows its memory does not; raises `OSError`."""
    if not _ends_well(folder / "step", "srun hostname"):
        raise OSError(f"a job that does nothing did not come back within {PATIENCE} s")
    if _ends_well(folder / "hungry", f"{sys.executable} -c '{HUNGRY}'"):
        raise OSError("a job that outgrows its memory is not killed")


def _ends_well(mark: Path, command: str) -> bool:
    """Whether a job of 100 MB succeeds, and soon."""
    _answer("sbatch", "--wait", "--mem=100", f"--output={mark}.out", f"--wrap={command} && touch {mark}")
    return mark.exists()


def _end_jobs() -> None:
    """Cancel what still runs and give it the time to end: a step outlives the daemon that started it."""
    _answer("scancel", f"--user={os.geteuid()}")
    end = time.monotonic() + PATIENCE
    while _answer("squeue", "--noheader") and time.monotonic() < end:
        time.sleep(0.2)


def _left_behind() -> bool:
    """Whether Slurm's configuration is that of an earlier check which was killed."""
    return CONF.is_symlink() and NAME in CONF.read_text(encoding="utf-8") and not _answer("sinfo", "--noheader")


def _host() -> str:
    return socket.gethostname().split(".")[0]


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


def _configuration(folder: Path, munge: Path) -> str:
    host, cpus = _host(), max(2, os.cpu_count() or 1)
    return f"""
ClusterName={NAME}
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={_free_port()}
SlurmdPort={_free_port()}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=root
AuthInfo=socket={munge},cred_expire={REQUEUED_AFTER}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmdParameters=config_overrides
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
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
MailProg=/bin/true
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={NODE_MB}
PartitionName=main Nodes={host} Default=YES State=UP PriorityTier=1
PartitionName=urgent Nodes={host} State=UP PriorityTier=2 PreemptMode=OFF
"""


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def _daemon(stack: ExitStack, folder: Path, *command: str) -> None:
    """Start a daemon whose output goes to a file of `folder`; the stack stops it."""
    log = stack.enter_context((folder / f"{command[0]}.out").open("w", encoding="utf-8"))
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
    """What a command prints; nothing where it does not end in time."""
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.strip()


def _wait(ready: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not answer within {PATIENCE} s")
        time.sleep(0.2)
