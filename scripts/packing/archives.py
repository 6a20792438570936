"""Archives whose bytes depend on nothing but what is in them and the time of the commit."""

import io
import struct
import tarfile
import zipfile
import zlib

import deflate

UNIX = 3
DEFLATE = 8
# Everybody who installs downloads it, and it is made once.
LEVEL = 12


def tree(folder, below):
    """The files of a folder as entries: each file's name below a prefix, its bytes, and whether it can be executed."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = f"{below}/{path.relative_to(folder).as_posix()}"
            yield name, path.read_bytes(), bool(path.stat().st_mode & 0o100)


def tar_gz(entries, epoch):
    """A compressed tar archive of files that belong to root."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data, executable in entries:
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(data), epoch
            member.mode = 0o755 if executable else 0o644
            member.uname = member.gname = "root"
            archive.addfile(member, io.BytesIO(data))
    return gzip(out.getvalue())


def gzip(data):
    """The data as a gzip file without a name or a time."""
    header = struct.pack("<BBBBIBB", 0x1F, 0x8B, DEFLATE, 0, 0, 2, UNIX)
    return header + deflate.deflate_compress(data, LEVEL) + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def recompressed(archive):
    """A zip archive with the same entries in the same order, each as small as it gets."""
    out, directory, count = io.BytesIO(), io.BytesIO(), 0
    with zipfile.ZipFile(archive) as source:
        for entry in source.infolist():
            data = source.read(entry)
            stream = deflate.deflate_compress(data, LEVEL)
            name = entry.filename.encode("utf-8")
            year, month, day, hour, minute, second = entry.date_time
            stamp = (hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day)
            flags = 0 if name.isascii() else 0x800
            rest = (20, flags, DEFLATE, *stamp, zlib.crc32(data), len(stream), len(data), len(name), 0)
            offset = out.tell()
            out.write(struct.pack("<4s5H3I2H", b"PK\3\4", *rest) + name + stream)
            directory.write(
                struct.pack("<4s2B5H3I5H2I", b"PK\1\2", 20, UNIX, *rest, 0, 0, 0, entry.external_attr, offset) + name
            )
            count += 1
    start, size = out.tell(), directory.tell()
    out.write(directory.getvalue() + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, size, start, 0))
    return out.getvalue()
