"""Train trees with a library that ctypes opens, twice by its path; find one of the system's by its name."""

import ctypes
import ctypes.util
import os

import lightgbm
import numpy


def main():
    generator = numpy.random.default_rng(1)
    points = generator.normal(size=(200, 3))
    options = {"min_child_samples": 5, "verbose": -1, "num_threads": 2, "deterministic": True}
    model = lightgbm.train(options, lightgbm.Dataset(points, points[:, 0] * 2), 5)
    print(model.predict(points[:3]).round(6))
    path = os.path.join(os.path.dirname(lightgbm.__file__), "lib", "lib_lightgbm.so")
    print(ctypes.CDLL(path)._handle == lightgbm.basic._LIB._handle, ctypes.cdll.LoadLibrary(path)._handle == lightgbm.basic._LIB._handle)
    print(ctypes.util.find_library("m"), ctypes.CDLL(ctypes.util.find_library("c")).abs(-3))
