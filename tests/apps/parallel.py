"""Spread work over children in the ways of three packages."""

import sys


def square(number):
    return number * number


def loky():
    from joblib import Parallel, delayed

    print(Parallel(n_jobs=2)(delayed(square)(number) for number in range(4)))


def execnet():
    import execnet

    gateway = execnet.makegateway()
    channel = gateway.remote_exec("import os, iniconfig; channel.send([iniconfig.__name__, 'BUNDLER_INTERPRETER' in os.environ])")
    print(channel.receive())
    gateway.exit()


def xdist():
    import pytest

    print(int(pytest.main(["-n", "2", "-q", "-p", "no:cacheprovider", "--no-header", sys.argv[2]])))


def main():
    {"loky": loky, "execnet": execnet, "xdist": xdist}[sys.argv[1]]()
