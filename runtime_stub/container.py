"""Read a container: footer, manifest, index pages, frames.

A container is a store: ``find``, ``read``, ``list`` and ``identity`` are all
that finder and loader ever ask. Its bytes come from a source, which is
anything with ``path``, ``read_at(offset, length)``, relative to the start of
the container, ``read_again``, which is asked where that gave wrong bytes, and
``explain(problem)``: a local file, a bytes object, a server that answers range
requests. Nothing is read or parsed in proportion to the
size of the container.
"""

from zlib import crc32

from .codec import decompress
from .layout import (
    CHAIN,
    FOOTER_MAGIC,
    FOOTER_SIZE,
    FRAME_RECORD_SIZE,
    PAGE_HEADER_SIZE,
    PART_SIZE,
    VERSION,
    ContainerError,
    Entry,
    Frame,
)

# So many bytes are kept decompressed, in two halves: modules that are imported together lie together.
HALF_KEPT = 2 << 20

# A larger frame holds one file, an extension module or the like, which is read once.
LARGEST_KEPT = 1 << 20


def read_footer(footer):
    """Return ``(length, manifest, runtime, identity)`` of the 80 bytes ``footer``.

    ``manifest`` is ``(offset, length, crc)``, ``runtime`` ``(offset, count, crc)``.
    Raises ContainerError if these bytes are no footer.
    """
    if len(footer) != FOOTER_SIZE or footer[72:] != FOOTER_MAGIC:
        raise ContainerError("no container found")
    number = int.from_bytes
    return (
        number(footer[0:8], "little"),
        (number(footer[8:16], "little"), number(footer[16:20], "little"), number(footer[20:24], "little")),
        (number(footer[24:32], "little"), number(footer[32:36], "little"), number(footer[36:40], "little")),
        footer[40:72],
    )


def parse_manifest(text):
    """Return the manifest's lines as a mapping from a line's first word to the lists of its other words.

    A word that occurs on several lines (``start``) has several lists.
    """
    manifest = {}
    for line in text.split("\n"):
        word, *rest = line.split(" ")
        manifest.setdefault(word, []).append(rest)
    return manifest


def _choose(source, targets):
    from .targets import choose, nothing_for

    place = choose(targets)
    if place < 0:
        raise ContainerError("`%s` %s" % (source.path, nothing_for(targets)), path=source.path)
    return place


def parse_frame(words):
    """Return the Frame that six decimal words of a manifest describe."""
    offset, stored, raw, crc, codec = map(int, words[:5])
    return Frame((offset, stored, raw, crc, codec, None))


def parse_frames(records):
    """Return the Frames that ``records``, one after the other, describe."""
    number = int.from_bytes
    frames = []
    for position in range(0, len(records), FRAME_RECORD_SIZE):
        record = records[position : position + FRAME_RECORD_SIZE]
        base = number(record[22:24], "little")
        frames.append(
            Frame(
                (
                    number(record[0:8], "little"),
                    number(record[8:12], "little"),
                    number(record[12:16], "little"),
                    number(record[16:20], "little"),
                    record[20],
                    frames[base - 1] if base else None,
                )
            )
        )
    return frames


def _place(keys, key, behind=False):
    """Return the place of ``key`` among the sorted ``keys``, ``behind`` its equal if that says so (`bisect`, which takes a library)."""
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) // 2
        if key < keys[middle] or not behind and key == keys[middle]:
            high = middle
        else:
            low = middle + 1
    return low


class Page:
    """A page of the index, taken apart once: keys, frames, entries where they lie."""

    __slots__ = ("level", "keys", "frames", "_data", "_where")

    def __init__(self, data):
        number = int.from_bytes
        self.level = data[0]
        count = number(data[2:4], "little")
        frame_count = number(data[4:6], "little")
        keys_end = PAGE_HEADER_SIZE + number(data[8:12], "little")
        keys = data[PAGE_HEADER_SIZE:keys_end].decode("utf-8").split("\n") if count else []
        position = keys_end + frame_count * FRAME_RECORD_SIZE
        self.frames = parse_frames(data[keys_end:position])
        self._data = data
        self._where = position
        # a leaf is asked by name, an inner page searched
        self.keys = keys if self.level else dict(zip(keys, range(count)))
        if len(keys) != count or len(self.keys) != count:
            raise ValueError("%d keys where %d were promised" % (len(keys), count))

    def place(self, key):
        """Return the ordinal of the child page in which ``key`` would stand."""
        return max(_place(self.keys, key, True) - 1, 0)

    def entry(self, key):
        """Return the Entry for ``key``, or None."""
        ordinal = self.keys.get(key)
        if ordinal is None:
            return None
        data, number = self._data, int.from_bytes
        where = self._where + 2 * ordinal
        position = number(data[where : where + 2], "little")
        kind, flags, count, suffix_length = data[position : position + 4]
        position += 4
        suffix = data[position : position + suffix_length].decode("utf-8")
        position += suffix_length
        parts = {}
        for _ in range(count):
            part = data[position : position + PART_SIZE]
            parts[part[0]] = (
                self.frames[number(part[1:3], "little")],
                number(part[3:7], "little"),
                number(part[7:11], "little"),
            )
            position += PART_SIZE
        return Entry(kind, flags, suffix, parts)


class Container:
    """The store over a source of bytes.

    ``magic`` is this interpreter's bytecode magic number; ``bytecode`` says
    whether the chosen target's bytecode is of that, ``optimize`` at which
    least level modules run.
    Raises ContainerError if the container is damaged, of another format
    version, or holds nothing for this interpreter.
    """

    def __init__(self, source, footer, magic):
        self.source = source
        self._pages = {}
        self._recent, self._older, self._room = {}, {}, HALF_KEPT
        self._ahead = None
        _, (offset, length, crc), _, self._identity = read_footer(footer)
        data = source.read_at(offset, length)
        if len(data) != length or crc32(data) != crc:
            raise source.explain("its manifest is damaged")
        # what stands before the first target is of all, what follows one is its own
        common, *targets = data[:-1].decode("utf-8").split("\ntarget ")
        version = common[8 : common.find("\n")]
        if version != str(VERSION):
            raise ContainerError(
                "`%s` has format version %s, this reader knows %d" % (source.path, version, VERSION), path=source.path
            )
        target = targets[0]
        if len(targets) > 1 or " py3-none-any " not in target:
            target = targets[_choose(source, [each.split(" ", 2)[:2] for each in targets])]
        self.manifest = parse_manifest("%s\ntarget %s" % (common, target))
        self.target = self.manifest["target"][0]
        self.bytecode = bytes.fromhex(self.target[2]) == magic
        self.optimize = int(self.manifest["optimize"][0][0])
        self._root = parse_frame(self.target[3:])
        self._metadata = parse_frame(self.manifest["metadata"][0]) if "metadata" in self.manifest else self._root

    def identity(self):
        """Return the 32 bytes that no other container has."""
        return self._identity

    def read_ahead(self):
        """Decompress the frames of a start ahead of need, if there are several."""
        frames = [parse_frame(words) for words in self.manifest.get("start", ())]
        if self.bytecode and len(frames) > 1:
            from .startup.ahead import reading

            self._ahead = reading(frames, self.decode)

    def find(self, key, metadata=False):
        """Return the Entry for ``key`` (directory, MODULE_KEY or FILE_KEY, name), or None.

        ``metadata`` says that the directory, or the name, is that of a distribution's metadata.
        """
        page = self._page(self._metadata if metadata else self._root)
        try:
            while page.level:
                page = self._page(page.frames[page.place(key)], page.level)
            return page.entry(key)
        except (IndexError, ValueError) as error:
            raise self.source.explain("its index is damaged") from error

    def read(self, entry, role):
        """Return the bytes of an entry's part, or None where it has no such part."""
        part = entry.parts.get(role)
        if part is None:
            return None
        frame, offset, length = part
        if not length:
            # a frame of no bytes lies where the next one begins
            return b""
        content = self._content(frame)
        if offset + length > len(content):
            raise self.source.explain("an index entry points past its frame")
        if length == len(content):
            return content
        return content[offset : offset + length]

    def list(self, directory, metadata=False):
        """Yield ``(key character, name, Entry)`` for what stands in ``directory``, sorted; for ``metadata``, of its kin only."""
        first, end = directory + "\0", directory + "\2"
        try:
            yield from self._range(self._page(self._metadata if metadata else self._root), first, end)
        except (IndexError, ValueError) as error:
            raise self.source.explain("its index is damaged") from error

    def content(self, words):
        """Return the content of the frame that a manifest line's last five words describe."""
        return self.decode(parse_frame(words))

    def load_decoder(self, from_disk=False):
        """Return the module with the zstd decoder that is carried for this Python, or None; ``from_disk`` if memory will not do."""
        from .native import decoder

        for suffix, *words in self.manifest["decoder"]:
            if suffix in decoder.SUFFIXES:
                return decoder.load(self.content(words), suffix, from_disk)
        return None

    def _range(self, page, first, end):
        if page.level:
            for ordinal in range(page.place(first), len(page.frames)):
                if page.keys[ordinal] >= end:
                    return
                yield from self._range(self._page(page.frames[ordinal], page.level), first, end)
        else:
            skip = len(first) - 1
            keys = list(page.keys)
            for key in keys[_place(keys, first) : _place(keys, end)]:
                yield key[skip], key[skip + 1 :], page.entry(key)

    def _page(self, frame, above=None):
        """Return the page in ``frame``, which ``above``, the level of the one that leads to it, is one more than."""
        page = self._pages.get(frame[0])
        if page is None:
            data = self.decode(frame)
            try:
                page = Page(data)
            except (IndexError, ValueError) as error:
                raise self.source.explain("its index is damaged") from error
            self._pages[frame[0]] = page
        if above is not None and page.level != above - 1:
            raise self.source.explain("its index is damaged")
        return page

    def _content(self, frame):
        content = self._recent.get(frame[0])
        if content is None:
            content = self._older.get(frame[0])
            if content is None:
                content = self._ahead and self._ahead.take(frame) or self.decode(frame)
            self._keep(frame[0], content)
        return content

    def _keep(self, offset, content):
        """Remember ``content`` until two halves of other frames were asked for since.

        Without a lock: a child that is forked while another thread holds it
        would wait for ever. All that a race can lose is a frame, or a count until
        the halves change places.
        """
        size = len(content)
        if size > LARGEST_KEPT:
            return
        if size > self._room:
            self._older, self._recent, self._room = self._recent, {}, HALF_KEPT
        self._room -= size
        self._recent[offset] = content

    def decode(self, frame):
        """Return the content of ``frame``. Raises ContainerError if it is damaged."""
        if frame[4] == CHAIN:
            return b"".join(map(self._decompressed, self.links(frame)))
        return self._decompressed(frame)

    def links(self, frame):
        """Return the frames whose contents make that of ``frame``: its own, if it is no chain."""
        return parse_frames(self.stored(frame)) if frame[4] == CHAIN else [frame]

    def _decompressed(self, frame):
        _, _, raw, _, codec, base = frame
        data, base = self.stored(frame), base and self._content(base)
        try:
            return decompress(codec, data, raw, base)
        except ContainerError as error:
            raise self.source.explain(str(error)) from error

    def stored(self, frame):
        """Return the bytes of ``frame`` in the file. Raises ContainerError if they are damaged."""
        offset, stored, _, crc = frame[:4]
        data = self.source.read_at(offset, stored)
        if len(data) != stored or crc32(data) != crc:
            # the descriptor may have been closed and its number reused
            data = self.source.read_again(offset, stored)
            if len(data) != stored or crc32(data) != crc:
                raise self.source.explain("the frame at %d is damaged" % offset)
        return data
