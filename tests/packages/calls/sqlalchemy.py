import sqlalchemy
from sqlalchemy import orm
from sqlalchemy.dialects import registry
from sqlalchemy.util import has_compiled_ext

engine = sqlalchemy.create_engine("sqlite:///db.sqlite3")
Base = orm.declarative_base()


class Page(Base):
    __tablename__ = "page"
    id = sqlalchemy.Column(sqlalchemy.Integer, primary_key=True)
    title = sqlalchemy.Column(sqlalchemy.String)


Base.metadata.create_all(engine)
with orm.Session(engine) as session:
    session.add_all([Page(title="a"), Page(title="b")])
    session.commit()
    print(session.scalars(sqlalchemy.select(Page.title).order_by(Page.id.desc())).all())
print(has_compiled_ext(), registry.load("postgresql.asyncpg").name, sqlalchemy.inspect(engine).get_table_names())
try:
    registry.load("nothing")
except sqlalchemy.exc.NoSuchModuleError as error:
    print(error)
