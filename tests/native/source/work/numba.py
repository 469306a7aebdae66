"""Compile functions to machine code: LLVM lies in one library."""

import math

import numpy
from numba import guvectorize, njit, prange, vectorize


@njit
def total(values):
    """Add up square roots."""
    result = 0.0
    for value in values:
        result += math.sqrt(value)
    return result


@njit(parallel=True)
def parallel_total(values):
    """Add up in threads."""
    result = 0.0
    for index in prange(values.size):
        result += values[index]
    return result


@vectorize(["float64(float64, float64)"])
def smaller(left, right):
    """Return the smaller one."""
    return left if left < right else right


@guvectorize(["void(float64[:], float64[:])"], "(n)->(n)")
def running(values, result):
    """Return running totals."""
    sum_ = 0.0
    for index in range(values.shape[0]):
        sum_ += values[index]
        result[index] = sum_


@njit(cache=True)
def kept(value):
    """Return one more; the machine code is kept in a directory for caches."""
    return value + 1


def main():
    values = numpy.arange(1000.0)
    print(round(total(values), 6), parallel_total(values), smaller(values, 3.0).sum(), running(values)[-1])
    print(kept(1), "total" in next(iter(total.inspect_asm().values())))
