"""Linear algebra by the carried OpenBLAS, random numbers, Fourier transforms, a file mapped into memory."""

import io

import numpy


def main():
    generator = numpy.random.default_rng(1)
    matrix = generator.normal(size=(200, 200))
    print(numpy.linalg.inv(matrix).dot(matrix).round(6).trace(), numpy.linalg.svd(matrix)[1][:3].round(6))
    print(numpy.fft.rfft(numpy.arange(8.0)).round(6), generator.integers(9, size=4))
    file = io.BytesIO()
    numpy.savez_compressed(file, kept=matrix)
    print(numpy.load(io.BytesIO(file.getvalue()))["kept"].sum().round(6))
    print(numpy.array(["b", "a"], dtype="S1").argsort(), numpy.longdouble(1) / 3, numpy.datetime64("2026-11-20").astype("M8[D]"))
    try:
        numpy.linalg.inv(numpy.zeros((2, 2)))
    except numpy.linalg.LinAlgError as error:
        print(error)
