import os
import subprocess
import sys

import psutil

child = subprocess.Popen([sys.executable, "-c", "import psutil, sys; print(psutil.Process().ppid()); sys.stdout.flush(); sys.stdin.read()"], stdin=-1, stdout=-1)
print(int(child.stdout.readline()) == os.getpid(), [each.pid == child.pid for each in psutil.Process().children()])
child.communicate()
print(psutil.virtual_memory().total > 0, psutil.cpu_count() == os.cpu_count(), psutil.pid_exists(os.getpid()), "version" in dir(psutil._psplatform.cext))
