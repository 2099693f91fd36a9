package dev.fdpass.cli;

/** Peers in Python, whose {@code send_fds} and {@code recv_fds} know nothing of this project. */
final class Python {
    private static final String ADDRESS = """
            def address(text):
                return "\\0" + text[1:] if text.startswith("@") else text
            """;

    /** Arguments: address, type, how many descriptors (of /etc/passwd), text. Connects and sends. */
    static final String SENDS = ADDRESS + """
            s = socket.socket(socket.AF_UNIX, getattr(socket, sys.argv[2]))
            s.connect(address(sys.argv[1]))
            fds = [os.open("/etc/passwd", os.O_RDONLY) for _ in range(int(sys.argv[3]))]
            socket.send_fds(s, [sys.argv[4].encode()], fds)
            """;

    /** Arguments: address, type. Binds, receives, and prints the text and what each descriptor holds. */
    static final String RECEIVES = ADDRESS + """
            s = socket.socket(socket.AF_UNIX, getattr(socket, sys.argv[2]))
            s.bind(address(sys.argv[1]))
            if sys.argv[2] != "SOCK_DGRAM":
                s.listen()
                s, _ = s.accept()
            data, fds, flags, _ = socket.recv_fds(s, 65536, 253)
            print(repr(data), len(fds))
            for fd in fds:
                print(os.pread(fd, 1000, 0).decode(), end="")
            """;

    /** As {@link #RECEIVES}, but connects. */
    static final String CONNECTS_AND_RECEIVES = ADDRESS + """
            s = socket.socket(socket.AF_UNIX, getattr(socket, sys.argv[2]))
            s.connect(address(sys.argv[1]))
            data, fds, flags, _ = socket.recv_fds(s, 65536, 253)
            print(repr(data), len(fds))
            """;

    /** {@code notify(text, *fds)} and {@code barrier()}, as {@code sd_notify(3)} has them. */
    static final String NOTIFIES = """
            import os, socket, sys, time
            def notify(text, *fds):
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                address = os.environ["NOTIFY_SOCKET"]
                s.connect("\\0" + address[1:] if address[0] == "@" else address)
                socket.send_fds(s, [text.encode()], fds)
            def barrier():
                r, w = os.pipe()
                notify("BARRIER=1", w)
                os.close(w)
                assert os.read(r, 1) == b""
            """;

    private Python() {}
}
