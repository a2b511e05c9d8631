"""A name server on loopback that answers over UDP and TCP what a test tells it, for tests."""

import socket
import socketserver
import struct
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset

SILENT, REFUSED, FAILED = "silent", "refused", "failed"


class NameServer:
    """Answers `records` (name, kind) to values; what a name is among `words` it does instead.

    With `cut` each answer over UDP is cut, so that it is asked again over TCP.
    """

    def __init__(self, records, words=None, *, cut=False, is_own=True):
        """Listen on a free port, of UDP and TCP alike; answer on threads."""
        self.records = records
        self.words = words or {}
        self.cut = cut
        self.is_own = is_own
        self.asked = []
        for _ in range(50):  # the port that is free for one may be taken for the other
            self._udp = socketserver.ThreadingUDPServer(("127.0.0.1", 0), self._handler(tcp=False))
            self.port = self._udp.server_address[1]
            try:
                self._tcp = socketserver.ThreadingTCPServer(
                    ("127.0.0.1", self.port), self._handler(tcp=True)
                )
            except OSError:
                self._udp.server_close()
            else:
                break
        for one in (self._udp, self._tcp):
            one.daemon_threads = True
            threading.Thread(target=one.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        """Answer no more."""
        for one in (self._udp, self._tcp):
            one.shutdown()
            one.server_close()

    def resolver(self):
        """Give a resolver that asks this server only."""
        asking = dns.resolver.Resolver(configure=False)
        asking.nameservers = ["127.0.0.1"]
        asking.port = self.port
        return asking

    def _handler(self, *, tcp):
        server = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                if tcp:
                    size = struct.unpack("!H", self.request.recv(2, socket.MSG_WAITALL))[0]
                    reply = server.answer(self.request.recv(size, socket.MSG_WAITALL), tcp=True)
                    if reply:
                        self.request.sendall(struct.pack("!H", len(reply)) + reply)
                    return
                words, sock = self.request
                reply = server.answer(words, tcp=False)
                if reply:
                    sock.sendto(reply, self.client_address)

        return Handler

    def answer(self, words, *, tcp):
        """Give the reply to a question; none where it is to be silent."""
        question = dns.message.from_wire(words)
        asked = question.question[0]
        name = asked.name.to_text().rstrip(".").lower()
        kind = dns.rdatatype.to_text(asked.rdtype)
        self.asked.append((name, kind))
        word = self.words.get(name)
        if word == SILENT:
            return None
        reply = dns.message.make_response(question)
        if word in {REFUSED, FAILED}:
            code = dns.rcode.REFUSED if word == REFUSED else dns.rcode.SERVFAIL
            reply.set_rcode(code)
            return reply.to_wire()
        if self.is_own:
            reply.flags |= dns.flags.AA
        if not any(of == name for of, _ in self.records):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif self.cut and not tcp:
            reply.flags |= dns.flags.TC
        elif values := self.records.get((name, kind)):
            reply.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *values))
        return reply.to_wire()
