"""The one exception of the decoders."""


class ZstdError(ValueError):
    """Say what is wrong with a frame or a dictionary, and where.

    ``reason`` is one line without a full stop; ``offset`` counts bytes from
    the start of what was given (``None`` where the decoder does not tell);
    ``where`` says which input is meant: ``frame`` or ``dictionary``.
    """

    def __init__(self, reason: str, offset: "int | None" = None, where: str = "frame") -> None:
        super().__init__(reason if offset is None else "%s, at offset %d of the %s" % (reason, offset, where))
        self.reason = reason
        self.offset = offset
        self.where = where
