"""Encrypt, sign, make a certificate: Rust with OpenSSL in it, by way of cffi."""

import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.fernet import Fernet
from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def main():
    key = Fernet.generate_key()
    print(Fernet(key).decrypt(Fernet(key).encrypt(b"text")), backend.openssl_version_text())
    print(AESGCM(bytes(16)).encrypt(bytes(12), b"text", None).hex(), ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).sign(b"text").hex())
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "page")])
    start = datetime.datetime(2026, 1, 1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key()).serial_number(7)
    made = builder.not_valid_before(start).not_valid_after(start + datetime.timedelta(1)).sign(private, hashes.SHA256())
    print(x509.load_pem_x509_certificate(made.public_bytes(serialization.Encoding.PEM)).subject.rfc4514_string())
    signature = rsa.generate_private_key(65537, 2048).sign(b"text", padding.PKCS1v15(), hashes.SHA256())
    try:
        rsa.generate_private_key(65537, 2048).public_key().verify(signature, b"text", padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        print("of another key")
