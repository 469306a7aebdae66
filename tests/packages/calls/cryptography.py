from cryptography import x509
from cryptography.fernet import Fernet
from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

key = Fernet.generate_key()
print(Fernet(key).decrypt(Fernet(key).encrypt(b"text")), backend.openssl_version_text())
private = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "page")])
request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(private, hashes.SHA256())
print(x509.load_pem_x509_csr(request.public_bytes(serialization.Encoding.PEM)).is_signature_valid)
