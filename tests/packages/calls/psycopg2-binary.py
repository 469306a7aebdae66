import psycopg2
from psycopg2 import errors, extensions, sql

print(extensions.libpq_version() > 100000, errors.lookup("23505").__name__, extensions.parse_dsn("host=a dbname=b"))
print(sql.SQL("select {}").format(sql.Identifier("a")), extensions.adapt("it's").getquoted())
try:
    psycopg2.connect("host=127.0.0.1 port=9 connect_timeout=2")
except psycopg2.OperationalError as error:
    print("refused" in str(error))
