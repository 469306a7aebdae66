"""Write and read sounds with a library that cffi opens by its path (ABI mode)."""

import hashlib
import io

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
