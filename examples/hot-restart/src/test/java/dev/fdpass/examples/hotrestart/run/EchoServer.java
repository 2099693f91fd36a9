package dev.fdpass.examples.hotrestart.run;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that gives wrong answers when a test wants it to. */
final class EchoServer implements Closeable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new ArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final Answering answering;

    /** Decides what is answered. */
    interface Answering {
        /**
         * Called for each request.
         *
         * @param number of the request, over all connections, from 1
         * @param body its body
         * @return what is sent; null for closing the connection
         */
        String answer(int number, String body);
    }

    EchoServer(Answering answering) throws IOException {
        this.answering = answering;
        Thread.ofPlatform().daemon().start(this::accept);
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    int port() {
        return listener.getLocalPort();
    }

    int requests() {
        return requests.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                synchronized (sockets) {
                    sockets.add(socket);
                }
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed by the test
        }
    }

    private void serve(Socket socket) {
        try (socket;
                InputStream input = socket.getInputStream();
                OutputStream output = socket.getOutputStream()) {
            StringBuilder head = new StringBuilder();
            int next;
            while ((next = input.read()) >= 0) {
                head.append((char) next);
                if (head.toString().endsWith("\r\n\r\n")) {
                    int length =
                            Integer.parseInt(head.toString().replaceFirst("(?s).*Content-Length: ([0-9]+).*", "$1"));
                    String body = new String(input.readNBytes(length), StandardCharsets.US_ASCII);
                    String answer = answering.answer(requests.incrementAndGet(), body);
                    if (answer == null) {
                        return;
                    }
                    output.write(answer.getBytes(StandardCharsets.US_ASCII));
                    head.setLength(0);
                }
            }
        } catch (SocketException e) {
            // the client has closed it
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        synchronized (sockets) {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
