"""Look at processes, this one's child among them."""

import os
import subprocess
import sys

import psutil

PROGRAM = "import psutil, sys; print(psutil.Process().ppid(), flush=True); sys.stdin.read()"


def main():
    child = subprocess.Popen([sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    print(int(child.stdout.readline()) == os.getpid(), [each.pid == child.pid for each in psutil.Process().children()])
    child.communicate()
    print(child.returncode, psutil.virtual_memory().total > 0, psutil.cpu_count() == os.cpu_count(), psutil.Process().username() != "")
    print(psutil.net_if_addrs() != {}, psutil.disk_usage("/").total > 0, len(psutil.cpu_times(percpu=True)) == psutil.cpu_count())
