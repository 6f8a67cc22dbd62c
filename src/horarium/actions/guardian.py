"""The guardian: one small process per worker that starts, watches and ends everything the worker runs.

It is started as a file, with nothing of horarium loaded, in a session of its own, and is the *subreaper* of what it starts:
a process whose parent has died becomes its child, so nothing escapes its sight. It reads requests from the worker over a
Unix socket and answers with what happened. When the socket closes, the worker is gone: the guardian TERMs, waits up to
`CLOSING_GRACE` seconds, KILLs until no descendant is left, and only then ends, releasing the lock it shares.

Frames in both directions: `HEADER` (bytes of payload, kind, number of the process), then the payload.
  SPAWN   `SPAWN_HEAD` (descriptors, arguments), then folder, arguments and NAME=VALUE, all separated by NUL; the
          descriptors come by SCM_RIGHTS and become 1, 2, 3 of the process. Answers: STARTED (pid), which is in no hurry
          and mostly travels with EXITED (status, negative for a signal); or REFUSED (errno, text)
  STOP    `STOP_HEAD` (grace in ms), then values of HORARIUM_RUN_ID: TERM now, KILL after the grace, for the process, its
          group, its descendants and whatever carries such a value. EXITED follows when none of them is left
  SWEEP   `SWEEP_HEAD` (how many) pids, then values of HORARIUM_RUN_ID: KILL those sessions and carriers anywhere (what a
          guardian that died left behind). Answer: SWEPT
Where there is no /proc (macOS) only process groups are known.
"""

import array
import errno
import os
import select
import signal
import socket
import struct
import sys
import time  # the one file of horarium that may: a process of its own, which no simulated clock reaches
from collections import deque

HEADER = struct.Struct("<IBI")
SPAWN_HEAD = struct.Struct("<HH")
STOP_HEAD = struct.Struct("<I")
SWEEP_HEAD = struct.Struct("<H")
NUMBER = struct.Struct("<i")
SPAWN, STOP, SWEEP, STARTED, EXITED, REFUSED, SWEPT = 1, 2, 3, 4, 5, 6, 7

CLOSING_GRACE = 5.0
STRAGGLER_GRACE = 10.0
LOOK_EVERY = 0.05
LOOK_SPACING = 0.01
STARTED_DELAY = 0.005
SWEEP_LOOKS_MAX = 100
FIRST_FREE_DESCRIPTOR = 4
RECEIVE_BYTES = 262_144
MARK = b"HORARIUM_RUN_ID="
PR_SET_CHILD_SUBREAPER = 36
ON_EXEC_CLOSED: int = getattr(socket, "MSG_CMSG_CLOEXEC", 0)


class Entry:
    """One line of the process table."""

    __slots__ = ("children", "dead", "group", "parent", "session")

    def __init__(self, state: bytes, parent: bytes, group: bytes, session: bytes) -> None:
        self.dead = state in b"ZX"
        self.parent, self.group, self.session = int(parent), int(group), int(session)
        self.children: list[int] = []


class Started:
    """A process of the worker. `groups` are the process groups known to be its own; `deadline` is set once it is stopped."""

    __slots__ = ("deadline", "exited", "groups", "marks", "number", "pid", "told")

    def __init__(self, number: int, pid: int) -> None:
        self.number, self.pid = number, pid
        self.exited: int | None = None
        self.deadline: float | None = None
        self.told = False
        self.groups = {pid}
        self.marks: set[bytes] = set()


def process_table() -> dict[int, Entry]:
    """Every process of the machine by pid; empty where there is no /proc."""
    table: dict[int, Entry] = {}
    for name in os.listdir("/proc") if os.path.isdir("/proc/self") else ():
        if name.isdigit() and (entry := entry_of(int(name))) is not None:
            table[int(name)] = entry
    for pid, entry in table.items():
        if entry.parent in table:
            table[entry.parent].children.append(pid)
    return table


def entry_of(pid: int) -> Entry | None:
    """Its line of the process table; None where it is gone."""
    line = read(f"/proc/{pid}/stat")
    # The command's name stands in parentheses and may hold anything, so read from its end.
    return Entry(*line.rpartition(b") ")[2].split(None, 4)[:4]) if line else None


def read(path: str) -> bytes:
    """A file of /proc, or nothing where its process is gone or not ours to read."""
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read()
    except OSError:
        return b""


def marks_of(pid: int) -> set[bytes]:
    """The values of HORARIUM_RUN_ID the process was started with."""
    return {item[len(MARK) :] for item in read(f"/proc/{pid}/environ").split(b"\0") if item.startswith(MARK)}


def children_of(pid: int) -> set[int] | None:
    """Its children, dead ones included; None where the kernel does not list them."""
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return set()
    found: set[int] = set()
    for thread in threads:
        try:
            with open(f"/proc/{pid}/task/{thread}/children", "rb", buffering=0) as file:
                found.update(map(int, file.read().split()))
        except FileNotFoundError:
            if os.path.isdir(f"/proc/{pid}/task/{thread}"):
                return None
        except OSError:
            continue  # the thread has ended meanwhile
    return found


def left_behind(pid: int, guardian: int, started: set[int], marks: set[bytes]) -> bool:
    """Whether a process has living descendants or orphans of its own; `started` are all that this guardian started.

    An orphan is a child of the guardian that it did not start itself, and is in the process's session or carries its marks.
    """
    below, orphans = children_of(pid), children_of(guardian)
    if below is None or orphans is None:
        table = process_table()
        below, orphans = ({p for p, e in table.items() if e.parent == parent} for parent in (pid, guardian))
    if any(is_alive(child) for child in below):
        return True
    return any(
        (entry := entry_of(orphan)) is not None
        and not entry.dead
        and (entry.session == pid or entry.group == pid or marks & marks_of(orphan))
        for orphan in orphans - started
    )


def is_alive(pid: int) -> bool:
    """Whether there is such a process and it is no zombie."""
    return (entry := entry_of(pid)) is not None and not entry.dead


def with_descendants(pids: set[int], table: dict[int, Entry]) -> set[int]:
    """These processes and everything below them."""
    found, open_ends = set(pids), list(pids)
    while open_ends:
        fresh = [child for child in table[open_ends.pop()].children if child not in found]
        found.update(fresh)
        open_ends.extend(fresh)
    return found


def living_groups(pids: set[int], table: dict[int, Entry]) -> set[int]:
    """The process groups of those that are not zombies; never the guardian's own."""
    return {table[pid].group for pid in pids if not table[pid].dead} - {os.getpgrp()}


def tell(groups: set[int], number: signal.Signals) -> None:
    """Signal whole groups: the kernel does it at once, so that nobody forks out of the way. CONT lets a stopped one hear TERM."""
    for group in groups:
        if signal_group(group, number) and number is not signal.SIGKILL:
            signal_group(group, signal.SIGCONT)


def signal_group(group: int, number: int) -> bool:
    """False where the group has no member left. A group of another user (sudo) cannot be told, yet is there."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def find_program(name: bytes, environment: dict[bytes, bytes]) -> bytes:
    """Where the PATH of the process itself leads; like execvp, a refusal beats a miss."""
    if b"/" in name:
        return name
    code = errno.ENOENT
    for folder in environment.get(b"PATH", os.fsencode(os.defpath)).split(b":"):
        path = os.path.join(folder or b".", name)
        if os.path.isfile(path):
            if os.access(path, os.X_OK):
                return path
            code = errno.EACCES
    raise OSError(code, os.strerror(code))


class Guardian:
    """The process's one object."""

    def __init__(self, link: socket.socket, wake: int) -> None:
        self.link, self.wake = link, wake
        self.poll = select.poll()
        self.poll.register(link, select.POLLIN)
        self.poll.register(wake, select.POLLIN)
        self.received, self.descriptors = bytearray(), deque[int]()
        self.answers: list[bytes] = []
        self.answer_at = 0.0
        self.started: dict[int, Started] = {}
        self.by_pid: dict[int, Started] = {}
        self.stopped: dict[int, Started] = {}
        self.stragglers: dict[int, float] = {}
        self.closing: float | None = None
        self.looked_at = 0.0
        self.ended = False
        # Python ignores SIGPIPE, and whoever started us may ignore more: a command starts with everything at its default.
        odd = (
            n
            for n in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}
            if signal.getsignal(n) is not signal.SIG_DFL
        )
        self.to_default = tuple(odd)
        self.own_session = True

    def serve(self) -> None:
        """Until the worker is gone and nothing is left."""
        while not self.ended:
            for descriptor, _ in self.poll.poll(self.patience()):
                if descriptor == self.wake:
                    os.read(self.wake, 4096)
                else:
                    self.receive()
            reaped = self.reap()
            if self.ending_something():
                self.look(reaped)
            if self.answers and (self.answer_at == 0.0 or time.monotonic() >= self.answer_at):
                self.answer()

    def patience(self) -> float | None:
        """Milliseconds until something is to be done unasked."""
        if self.answers:
            return STARTED_DELAY * 1000
        return LOOK_EVERY * 1000 if self.ending_something() else None

    def ending_something(self) -> bool:
        return bool(self.stopped or self.stragglers or self.closing is not None)

    def receive(self) -> None:
        """What the worker asks for; nothing more to read means it is gone."""
        try:
            data, rights, _, _ = self.link.recvmsg(RECEIVE_BYTES, socket.CMSG_SPACE(64 * 4), ON_EXEC_CLOSED)
        except ConnectionError:
            data, rights = b"", []
        for _, _, numbers in rights:
            received = array.array("i")
            received.frombytes(numbers[: len(numbers) // 4 * 4])
            for descriptor in received if not ON_EXEC_CLOSED else ():
                os.set_inheritable(descriptor, False)
            self.descriptors.extend(received)
        if not data:
            self.close()
        self.received += data
        while len(self.received) >= HEADER.size:
            size, kind, number = HEADER.unpack_from(self.received)
            end = HEADER.size + size
            if len(self.received) < end:
                break
            payload = bytes(self.received[HEADER.size : end])
            del self.received[:end]
            if kind == SPAWN:
                self.spawn(number, payload)
            elif kind == STOP:
                self.stop(number, payload)
            else:
                self.sweep(number, payload)

    def close(self) -> None:
        if self.closing is None:
            self.poll.unregister(self.link)
            self.closing = time.monotonic() + CLOSING_GRACE
            _, groups = self.all_groups()
            tell(groups, signal.SIGTERM)

    def spawn(self, number: int, payload: bytes) -> None:
        count, arguments = SPAWN_HEAD.unpack_from(payload)
        folder, *rest = payload[SPAWN_HEAD.size :].split(b"\0")
        argv, environment = rest[:arguments], dict(item.split(b"=", 1) for item in rest[arguments:])
        descriptors = [self.descriptors.popleft() for _ in range(count)]
        name = folder
        try:
            os.chdir(folder)
            name = argv[0]
            pid = self.posix_spawn(find_program(name, environment), argv, environment, descriptors)
        except OSError as refused:
            text = f"{refused.strerror}: {os.fsdecode(name)!r}".encode("utf-8", "backslashreplace")
            self.say(REFUSED, number, NUMBER.pack(refused.errno or 0) + text)
        else:
            self.started[number] = self.by_pid[pid] = Started(number, pid)
            self.say(STARTED, number, NUMBER.pack(pid))
        finally:
            os.chdir("/")
            for descriptor in descriptors:
                os.close(descriptor)

    def posix_spawn(
        self, path: bytes, argv: list[bytes], environment: dict[bytes, bytes], descriptors: list[int]
    ) -> int:
        """In a session of its own: its number names group and session, and no terminal can reach it. 0 is ours: /dev/null."""
        actions = [(os.POSIX_SPAWN_DUP2, descriptor, target) for target, descriptor in enumerate(descriptors, 1)]
        if self.own_session:
            try:
                return os.posix_spawn(
                    path, argv, environment, file_actions=actions, setsid=True, setsigmask=(), setsigdef=self.to_default
                )
            except NotImplementedError:
                self.own_session = False
        return os.posix_spawn(
            path, argv, environment, file_actions=actions, setpgroup=0, setsigmask=(), setsigdef=self.to_default
        )

    def stop(self, number: int, payload: bytes) -> None:
        """What has ended meanwhile needs no stop. A second one may only hurry it."""
        if (started := self.started.get(number)) is None:
            return
        (grace_ms,) = STOP_HEAD.unpack_from(payload)
        deadline = time.monotonic() + grace_ms / 1000
        started.deadline = deadline if started.deadline is None else min(deadline, started.deadline)
        self.stopped[number] = started
        started.marks |= {mark for mark in payload[STOP_HEAD.size :].split(b"\0") if mark}

    def sweep(self, number: int, payload: bytes) -> None:
        (count,) = SWEEP_HEAD.unpack_from(payload)
        pids = set(struct.unpack_from(f"<{count}i", payload, SWEEP_HEAD.size))
        marks = {mark for mark in payload[SWEEP_HEAD.size + 4 * count :].split(b"\0") if mark}
        for _ in range(SWEEP_LOOKS_MAX):
            table = process_table()
            named = {p for p, e in table.items() if e.session in pids or e.group in pids or marks & marks_of(p)} - {
                os.getpid()
            }
            groups = (
                living_groups(with_descendants(named, table), table)
                if table
                else {p for p in pids if signal_group(p, 0)}
            )
            if not groups:
                break
            tell(groups, signal.SIGKILL)
            time.sleep(LOOK_SPACING)
        self.say(SWEPT, number, b"")

    def reap(self) -> bool:
        """Collect the dead: ours, and orphans that became ours. Whether there were any."""
        reaped = False
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return reaped
            if pid == 0:
                return reaped
            reaped = True
            if (started := self.by_pid.pop(pid, None)) is not None:
                started.exited = os.waitstatus_to_exitcode(status)
                if started.deadline is None:
                    self.report(started)
                    # The run is over; what it left in its group is not wanted any more. (A daemon needs a session of its own.)
                    if signal_group(pid, signal.SIGTERM):
                        self.stragglers[pid] = time.monotonic() + STRAGGLER_GRACE

    def report(self, started: Started) -> None:
        del self.started[started.number]
        self.stopped.pop(started.number, None)
        assert started.exited is not None
        self.say(EXITED, started.number, NUMBER.pack(started.exited))

    def look(self, reaped: bool) -> None:
        """Carry on with whatever is being stopped, at most every `LOOK_SPACING` seconds."""
        now = time.monotonic()
        if now < self.looked_at + (LOOK_SPACING if reaped else LOOK_EVERY):
            return
        self.looked_at = now
        for group, deadline in list(self.stragglers.items()):
            if not signal_group(group, signal.SIGKILL if now >= deadline else 0):
                del self.stragglers[group]
        waiting = [s for s in self.stopped.values() if not s.told or s.exited is not None or now >= (s.deadline or 0.0)]
        if not waiting and self.closing is None:
            return
        table, everything = self.all_groups()
        if self.closing is not None:
            if now >= self.closing:
                tell(everything, signal.SIGKILL)
            self.ended = not everything
        marks = {pid: marks_of(pid) for pid in self.below(table)} if any(s.marks for s in waiting) else {}
        for started in waiting:
            groups = self.groups_of(started, table, marks)
            if not groups and started.exited is not None:
                self.report(started)
            elif now >= (started.deadline or 0.0):
                tell(groups, signal.SIGKILL)
            elif not started.told:
                tell(groups, signal.SIGTERM)
            else:
                tell(groups - started.groups, signal.SIGTERM)
            started.told = True
            started.groups |= groups

    def groups_of(self, started: Started, table: dict[int, Entry], marks: dict[int, set[bytes]]) -> set[int]:
        """The living process groups of one started process: its own, those of its descendants, those that carry its marks."""
        if not table:
            return {group for group in started.groups if signal_group(group, 0)}
        seeds = {started.pid} if started.exited is None and started.pid in table else set()
        for pid in self.below(table):
            entry = table[pid]
            if (
                entry.group in started.groups
                or entry.session in started.groups
                or started.marks & marks.get(pid, set())
            ):
                seeds.add(pid)
        return living_groups(with_descendants(seeds, table), table)

    def below(self, table: dict[int, Entry]) -> set[int]:
        """Every descendant of the guardian."""
        me = os.getpid()
        return with_descendants({me}, table) - {me} if table else set()

    def all_groups(self) -> tuple[dict[int, Entry], set[int]]:
        table = process_table()
        if table:
            return table, living_groups(self.below(table), table)
        known = set(self.stragglers).union(*(s.groups for s in self.started.values()))
        return table, {group for group in known if signal_group(group, 0)}

    def say(self, kind: int, number: int, payload: bytes) -> None:
        if kind != STARTED:
            self.answer_at = 0.0
        elif not self.answers:
            self.answer_at = time.monotonic() + STARTED_DELAY
        self.answers.append(HEADER.pack(len(payload), kind, number) + payload)

    def answer(self) -> None:
        if self.closing is None:
            try:
                self.link.sendall(b"".join(self.answers))
            except ConnectionError:
                self.close()
        self.answers.clear()


def become_subreaper() -> None:
    """Linux only. Elsewhere orphans go to init, and only process groups are ended."""
    if sys.platform == "linux":
        try:
            import ctypes

            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        except (ImportError, OSError, AttributeError):
            pass


def main(link: int, lock: int) -> None:
    """`lock` is the descriptor of commands.lock, or -1: held open until we end, never read."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(FIRST_FREE_DESCRIPTOR):
        # What comes later must not land on the numbers that commands get.
        try:
            os.fstat(descriptor)
        except OSError:
            os.dup2(null, descriptor, inheritable=descriptor < 3)
    for descriptor in (link, lock):
        if descriptor >= 0:
            os.set_inheritable(descriptor, False)
    if os.getpgrp() != os.getpid():
        os.setsid()
    become_subreaper()
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    Guardian(socket.socket(fileno=link), wake).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
