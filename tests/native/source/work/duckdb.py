"""SQL in memory, functions in Python, JSON."""

import duckdb


def main():
    connection = duckdb.connect()
    connection.execute("create table t as select range as n, range % 3 as kind from range(1000)")
    print(connection.sql("select kind, sum(n), avg(n) from t group by kind order by kind").fetchall())
    connection.create_function("twice", lambda n: n * 2, ["BIGINT"], "BIGINT")
    print(connection.sql("select twice(n) from t order by n desc limit 2").fetchall())
    print(connection.sql("""select '{"a": [1, 2]}'::json -> '$.a[1]'""").fetchall())
    try:
        connection.sql("select x from t")
    except duckdb.BinderException as error:
        print(str(error).splitlines()[0])
