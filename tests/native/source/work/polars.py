"""Lazy queries, joins, JSON and Parquet in memory."""

import io

import polars


def main():
    frame = polars.DataFrame({"n": range(6), "name": list("xyzxyz")})
    print(frame.lazy().filter(polars.col("n") > 1).group_by("name").agg(polars.col("n").sum()).sort("name").collect().rows())
    file = io.BytesIO()
    frame.write_parquet(file)
    print(polars.read_parquet(io.BytesIO(file.getvalue())).equals(frame), frame.join(frame, on="name").height)
    print(frame.write_csv(), polars.read_json(io.BytesIO(b'[{"a": 1}]')).rows(), polars.SQLContext(t=frame).execute("select sum(n) from t").collect().item())
    print(frame.with_columns(polars.col("n").map_elements(lambda n: n * n, return_dtype=polars.Int64)).rows()[-1], frame)
