import sys
from importlib import resources
from pathlib import Path

from grpc_tools import protoc

Path("page.proto").write_text(
    'syntax = "proto3";\nimport "google/protobuf/timestamp.proto";\nmessage Page { string title = 1; google.protobuf.Timestamp at = 2; }\n'
    "service Pages { rpc Get (Page) returns (Page); }\n"
)
with resources.as_file(resources.files("grpc_tools") / "_proto") as included:
    print(protoc.main(["protoc", "-I.", "-I%s" % included, "--python_out=.", "--grpc_python_out=.", "page.proto"]))
sys.path.insert(0, ".")
from concurrent import futures  # noqa: E402

import grpc  # noqa: E402
import page_pb2  # noqa: E402
import page_pb2_grpc  # noqa: E402


class Pages(page_pb2_grpc.PagesServicer):
    def Get(self, asked, context):
        return page_pb2.Page(title=asked.title.upper())


server = grpc.server(futures.ThreadPoolExecutor(1))
page_pb2_grpc.add_PagesServicer_to_server(Pages(), server)
port = server.add_insecure_port("127.0.0.1:0")
server.start()
with grpc.insecure_channel("127.0.0.1:%d" % port, options=[("grpc.enable_http_proxy", 0)]) as channel:
    print(page_pb2_grpc.PagesStub(channel).Get(page_pb2.Page(title="title")))
server.stop(None)
