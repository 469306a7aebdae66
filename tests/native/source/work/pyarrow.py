"""Write Parquet and Feather to memory, read them, compute, filter a data set, each by a library of its own."""

import io

import pyarrow
from pyarrow import compute, csv, feather, parquet


def main():
    table = pyarrow.table({"n": list(range(1000)), "name": [None if n % 7 == 0 else "name %d" % (n % 50) for n in range(1000)]})
    for compression in ("snappy", "zstd", "gzip", "lz4", "brotli"):
        file = io.BytesIO()
        parquet.write_table(table, file, compression=compression)
        read = parquet.read_table(io.BytesIO(file.getvalue()))
        print(compression, read.equals(table), read.schema.names)
    file = io.BytesIO()
    feather.write_feather(table, file)
    print(feather.read_table(io.BytesIO(file.getvalue())).num_rows, compute.sum(table["n"]).as_py(), table["name"].null_count)
    print(table.group_by("name").aggregate([("n", "mean")]).sort_by("name").slice(0, 3).to_pydict())
    print(csv.read_csv(io.BytesIO(b"a,b\n1,x\n2,y\n")).to_pylist(), pyarrow.ipc.open_stream(_stream(table)).read_all().num_rows)
    print(table.filter(compute.field("n") > 990)["n"].to_pylist())


def _stream(table):
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()
