import pandas

frame = pandas.DataFrame({"a": [1, 2, 3], "b": list("xyx"), "at": pandas.date_range("2026-01-01", periods=3, tz="Europe/Oslo")})
print(frame.groupby("b").a.sum().to_dict(), frame.to_csv(index=False))
print(frame.drop(columns="at").style.to_html(table_uuid="id")[:40])
frame.to_json("kept.json")
print(pandas.read_json("kept.json").shape)
