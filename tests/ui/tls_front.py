"""A server with TLS before one without, for tests of what a person does about certificates."""

import pathlib
import socket
import socketserver
import ssl
import subprocess
import threading
import urllib.parse


class Front:
    """Stands before a server with TLS and a certificate that it has signed itself."""

    def __init__(self, folder, server):
        key, certificate = pathlib.Path(folder, "front.key"), pathlib.Path(folder, "front.pem")
        request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=front"]
        names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate]
        subprocess.run(request + names, check=True, stderr=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        address = urllib.parse.urlsplit(server)

        class Pass(socketserver.BaseRequestHandler):
            def handle(self):
                try:
                    client = context.wrap_socket(self.request, server_side=True)
                except (ssl.SSLError, OSError):
                    return  # Nobody trusts it yet.
                behind = socket.create_connection((address.hostname, address.port))
                back = threading.Thread(target=pour, args=(behind, client), daemon=True)
                back.start()
                pour(client, behind)
                back.join()

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Pass)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"https://127.0.0.1:{self.server.server_address[1]}"


def pour(source, sink):
    """Passes on what comes until one side is closed."""
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
