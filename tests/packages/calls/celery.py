from celery import Celery, chain
from celery.bin.celery import celery as command
from click.testing import CliRunner
from kombu.transport import resolve_transport

app = Celery("page", broker="memory://", backend="cache+memory://")
app.conf.update(task_always_eager=True, task_store_eager_result=True, task_serializer="json")


@app.task
def add(x, y):
    return x + y


print(chain(add.s(1, 2), add.s(3))().get(), sorted(name for name in app.tasks if name.startswith("celery."))[:3])
print(resolve_transport("filesystem").__module__, app.amqp.router.route({}, "page.add")["queue"].name)
print([line for line in CliRunner().invoke(command, ["--help"]).output.splitlines() if "worker" in line])
with app.connection_for_write() as connection:
    queue = connection.SimpleQueue("queue")
    queue.put({"a": 1})
    print(queue.get(timeout=5).payload, connection.transport.driver_type)
