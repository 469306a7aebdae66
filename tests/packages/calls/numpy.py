import numpy

print(numpy.linalg.inv(numpy.array([[1.0, 2.0], [3.0, 4.0]])).round(3).tolist(), numpy.fft.fft([1, 0, 0]).tolist(), numpy.random.default_rng(1).integers(9, size=4).tolist())
numpy.save("kept.npy", numpy.arange(3))
print(numpy.load("kept.npy", mmap_mode="r").tolist(), numpy.get_include().endswith("include"))
