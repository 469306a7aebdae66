import zmq

context = zmq.Context()
answering, asking = context.socket(zmq.REP), context.socket(zmq.REQ)
port = answering.bind_to_random_port("tcp://127.0.0.1")
asking.connect("tcp://127.0.0.1:%d" % port)
asking.send_json({"a": 1})
answering.send_json({"asked": answering.recv_json()})
print(asking.recv_json(), zmq.zmq_version_info() >= (4, 3), zmq.has("curve"))
context.destroy()
