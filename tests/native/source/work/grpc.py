"""Call a server in the same process, plainly and as a stream."""

from concurrent import futures

import grpc


def _upper(request, context):
    if not request:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, "nothing asked")
    return request.upper()


def _letters(request, context):
    for letter in request.decode():
        yield letter.encode()


def main():
    methods = {"Upper": grpc.unary_unary_rpc_method_handler(_upper), "Letters": grpc.unary_stream_rpc_method_handler(_letters)}
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("work.Text", methods)])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel("127.0.0.1:%d" % port, options=[("grpc.enable_http_proxy", 0)]) as channel:
        print(channel.unary_unary("/work.Text/Upper")(b"text"), list(channel.unary_stream("/work.Text/Letters")(b"abc")))
        try:
            channel.unary_unary("/work.Text/Upper")(b"")
        except grpc.RpcError as error:
            print(error.code(), error.details())
    server.stop(None).wait()
    print(len(grpc.ssl_channel_credentials()._credentials.__class__.__name__) > 0)
