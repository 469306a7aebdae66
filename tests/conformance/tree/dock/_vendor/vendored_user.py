from vendored import VENDORED
