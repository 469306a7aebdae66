"""Group, join, resample, read and write tables."""

import io

import pandas


def main():
    frame = pandas.DataFrame({"a": range(6), "b": list("xyzxyz"), "at": pandas.date_range("2026-01-01", periods=6, freq="12h", tz="Europe/Oslo")})
    print(frame.groupby("b")["a"].agg(["sum", "mean"]))
    print(frame.set_index("at").resample("1D")["a"].sum())
    print(frame.merge(frame, on="b").shape, frame.pivot_table(index="b", values="a", aggfunc="std"))
    text = frame.to_csv(index=False)
    print(text, pandas.read_csv(io.StringIO(text), parse_dates=["at"]).dtypes)
    print(pandas.read_json(io.StringIO(frame.to_json())).shape, frame["a"].rolling(3).median().tolist())
    print(frame.query("a > 2 and b == 'x'"), frame.describe())
