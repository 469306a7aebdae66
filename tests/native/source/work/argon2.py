"""Hash passwords with a module that cffi has compiled (API mode)."""

import argon2
import cffi
import nacl.secret
from argon2.low_level import Type, hash_secret


def main():
    print(hash_secret(b"word", b"saltsalt", 1, 8, 1, 16, Type.ID), argon2.PasswordHasher().verify(argon2.PasswordHasher().hash("word"), "word"))
    box = nacl.secret.SecretBox(bytes(32))
    print(box.encrypt(b"text", bytes(24)).hex(), box.decrypt(box.encrypt(b"text")))
    ffi = cffi.FFI()
    ffi.cdef("double cos(double); struct point { int x, y; };")
    print(ffi.dlopen("libm.so.6").cos(0.0), ffi.new("struct point *", {"x": 1, "y": 2}).y, ffi.sizeof("struct point"))
