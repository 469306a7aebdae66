import ssl

import certifi

context = ssl.create_default_context(cafile=certifi.where())
print(context.cert_store_stats())
print(len(certifi.contents().split("END CERTIFICATE")), sorted(dict(pair[0] for pair in each["subject"]).get("commonName", "") for each in context.get_ca_certs())[:5])
