package dev.fdpass.examples.hotrestart.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {
    private static final String POST = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";

    @Test
    void aRequestMayComeInAnyTwoParts() throws Exception {
        for (int split = 0; split < POST.length(); split++) {
            ByteBuffer bytes = ByteBuffer.allocate(200).put(ascii(POST.substring(0, split)));
            assertThat(RequestReader.next(bytes.flip()))
                    .as("after %d bytes", split)
                    .isNull();
            assertThat(bytes.remaining()).as("nothing is taken of it").isEqualTo(split);
            bytes.compact().put(ascii(POST.substring(split)));
            assertIsPost(RequestReader.next(bytes.flip()));
            assertThat(bytes.hasRemaining()).isFalse();
        }
    }

    @Test
    void aRequestMayComeByteByByte() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(200);
        for (int i = 0; i < POST.length() - 1; i++) {
            bytes.put((byte) POST.charAt(i));
            assertThat(RequestReader.next(bytes.flip())).isNull();
            bytes.compact();
        }
        assertIsPost(RequestReader.next(bytes.put((byte) 'o').flip()));
    }

    @Test
    void whatFollowsARequestStaysForTheNext() throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(ascii(POST + "GET /pid HTTP/1.1\r\nHost: a\r\n\r\n" + POST + "GET"));
        assertIsPost(RequestReader.next(bytes));
        assertThat(RequestReader.next(bytes).target()).isEqualTo("/pid");
        assertIsPost(RequestReader.next(bytes));
        assertThat(RequestReader.next(bytes)).isNull();
        assertThat(bytes.remaining()).isEqualTo(3);
    }

    @Test
    void emptyLinesBeforeARequestAreSkipped() throws Exception {
        assertIsPost(read("\r\n\r\n" + POST));
    }

    private static void assertIsPost(Request request) {
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/echo");
        assertThat(StandardCharsets.US_ASCII.decode(request.body().duplicate()).toString())
                .isEqualTo("hello");
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, , true",
        "HTTP/1.1, close, false",
        "HTTP/1.1, Close, false",
        "HTTP/1.1, 'TE, close', false",
        "HTTP/1.1, closed, true",
        "HTTP/1.0, , false",
        "HTTP/1.0, keep-alive, true",
        "HTTP/1.0, 'keep-alive, close', false"
    })
    void theConnectionStaysOpenAsVersionAndFieldSay(String version, String connection, boolean isKeptAlive)
            throws Exception {
        String field = connection == null ? "" : "Connection: " + connection + "\r\n";
        assertThat(read("GET / " + version + "\r\nHost: a\r\n" + field + "\r\n").isKeptAlive())
                .isEqualTo(isKeptAlive);
    }

    @Test
    void aHeadMayHaveAsManyBytesAsIsSaidAndNoMore() throws Exception {
        String rest = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n";
        String longest = rest.replace("X: ", "X: " + "x".repeat(RequestReader.MAX_HEAD - rest.length()));
        assertThat(longest).hasSize(RequestReader.MAX_HEAD);
        assertThat(read(longest)).isNotNull();
        assertThat(statusOf(longest.replace("X: ", "X: x"))).isEqualTo(431);
        assertThat(statusOf("x".repeat(RequestReader.MAX_HEAD)))
                .as("without waiting for more")
                .isEqualTo(431);
        assertThat(read("x".repeat(RequestReader.MAX_HEAD - 1))).isNull();
    }

    @Test
    void aBodyMayHaveAsManyBytesAsIsSaidAndNoMore() throws Exception {
        String head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: ";
        int most = RequestReader.MAX_BODY;
        assertThat(read(head + most + "\r\n\r\n" + "x".repeat(most)).body().remaining())
                .isEqualTo(most);
        assertThat(statusOf(head + (most + 1) + "\r\n\r\n"))
                .as("without waiting for it")
                .isEqualTo(413);
        assertThat(statusOf(head + "999999999999999999\r\n\r\n")).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /\r\nHost: a\r\n\r\n",
                "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
                "GET / http/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\n\n",
                "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: a\013b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: \177\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nnothing\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"
            })
    void whatIsNoRequestIsRefused(String bytes) {
        assertThat(statusOf(bytes)).isEqualTo(400);
    }

    @Test
    void whatIsNotOfferedIsRefusedByItsName() {
        assertThat(statusOf("GET / HTTP/2.0\r\nHost: a\r\n\r\n")).isEqualTo(505);
        assertThat(statusOf("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"))
                .isEqualTo(501);
        assertThat(statusOf("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n"))
                .isEqualTo(417);
    }

    private static Request read(String bytes) throws BadRequestException {
        return RequestReader.next(ByteBuffer.wrap(ascii(bytes)));
    }

    private static int statusOf(String bytes) {
        return catchThrowableOfType(BadRequestException.class, () -> read(bytes))
                .status();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
