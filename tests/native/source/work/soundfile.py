"""Write and read sounds with a library that cffi opens by its path (ABI mode)."""

import glob
import hashlib
import io
import os

import _soundfile_data
import cffi
import numpy
import soundfile


def main():
    samples = numpy.sin(numpy.arange(4000) / 20)
    for kind in ("WAV", "FLAC", "OGG"):
        file = io.BytesIO()
        soundfile.write(file, samples, 8000, format=kind)
        read, rate = soundfile.read(io.BytesIO(file.getvalue()))
        print(kind, rate, read.shape, hashlib.sha256(file.getvalue()).hexdigest() if kind == "WAV" else "")
    print(soundfile.__libsndfile_version__, sorted(soundfile.available_formats())[:3])
    ffi = cffi.FFI()
    ffi.cdef("const char *sf_version_string(void);")
    (path,) = glob.glob(os.path.join(os.path.dirname(_soundfile_data.__file__), "*.so"))
    print(ffi.string(ffi.dlopen(path).sf_version_string()), ffi.dlopen(None) is not None)
    try:
        ffi.dlopen(path + ".absent")
    except OSError as error:
        print("cannot" in str(error))
