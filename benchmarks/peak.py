"""Tell the peak memory of a command with all of its children, in KiB.

Run as a script of its own, by a Python that imports next to nothing: Linux
counts what a process had before it was replaced by another program as part of
that program's peak, so a command that the benchmark itself started would seem to
need as much as the benchmark.

The peak is the greatest sum, over the processes that live at the same time, of
what is resident (pages that they share count for each) and of the files in memory
(memfd) that they have mapped, resident or not. It is looked at once in two milliseconds,
and is no less than the peak that the kernel tells of the largest process.
"""

import os
import sys
import time

PAUSE = 0.002


def main() -> None:
    """Run the command that the arguments are, printing to stderr, with this environment, in this directory; print its status and its peak."""
    child = os.posix_spawn(
        sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), (os.POSIX_SPAWN_DUP2, 2, 1)]
    )
    peak = unseen = turn = 0
    files: dict[int, int] = {}
    while True:
        ended, status, used = os.wait4(child, os.WNOHANG)
        if ended:
            break
        sums = [0, 0]
        for process in family(child):
            if turn % 8 == 0:  # mappings take longer to read
                files[process] = files_in_memory(process)
            private, shared = resident(process)
            sums[0] += private + shared
            sums[1] += max(files.get(process, 0) - shared, 0)
        peak, unseen = max(peak, sum(sums)), max(unseen, sums[1])
        turn += 1
        time.sleep(PAUSE)
    print(os.waitstatus_to_exitcode(status), max(peak, used.ru_maxrss + unseen))


def family(process: int) -> list[int]:
    """Return a process and all of its children."""
    found = [process]
    for thread in names("/proc/%d/task" % process):
        for child in text("/proc/%d/task/%s/children" % (process, thread)).split():
            found += family(int(child))
    return found


def resident(process: int) -> tuple[int, int]:
    """Return the KiB that are resident: of the process's own and of files on disk, and of files in memory; zeros if it has ended."""
    sizes = dict.fromkeys(("RssAnon", "RssFile", "RssShmem"), 0)
    for line in text("/proc/%d/status" % process).splitlines():
        name, _, value = line.partition(":")
        if name in sizes:
            sizes[name] = int(value.split()[0])
    return sizes["RssAnon"] + sizes["RssFile"], sizes["RssShmem"]


def files_in_memory(process: int) -> int:
    """Return the KiB of the files in memory that a process has mapped, each to the end of its last mapping."""
    ends: dict[str, int] = {}
    for line in text("/proc/%d/maps" % process).splitlines():
        words = line.split(None, 5)
        if len(words) == 6 and words[5].startswith("/memfd:"):
            low, _, high = words[0].partition("-")
            ends[words[4]] = max(ends.get(words[4], 0), int(words[2], 16) + int(high, 16) - int(low, 16))
    return sum(ends.values()) // 1024


def names(directory: str) -> list[str]:
    """Return what is in a directory; nothing if it is gone."""
    try:
        return os.listdir(directory)
    except OSError:
        return []


def text(file: str) -> str:
    """Return what a file of the kernel's says; nothing if it is gone."""
    try:
        with open(file, encoding="utf-8", errors="replace") as opened:
            return opened.read()
    except OSError:
        return ""


if __name__ == "__main__":
    main()
