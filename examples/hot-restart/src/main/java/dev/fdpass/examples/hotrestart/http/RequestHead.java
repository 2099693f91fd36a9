package dev.fdpass.examples.hotrestart.http;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a head says that matters here. */
record RequestHead(String method, String target, boolean isHttp10, boolean isKeptAlive, int bodyLength) {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VERSION = Pattern.compile("HTTP/[0-9]\\.[0-9]");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    /**
     * Reads a head.
     *
     * @param head its lines, separated by CR LF, each byte a character
     */
    static RequestHead parse(String head) throws BadRequestException {
        String[] lines = head.split("\r\n", -1);
        String[] words = lines[0].split(" ", -1);
        if (words.length != 3
                || !TOKEN.matcher(words[0]).matches()
                || words[1].isEmpty()
                || !VERSION.matcher(words[2]).matches()) {
            throw new BadRequestException(400, "the first line is not METHOD TARGET HTTP/1.1");
        }
        if (!words[2].startsWith("HTTP/1.")) {
            throw new BadRequestException(505, words[2] + " is not spoken here, HTTP/1.1 is");
        }
        boolean isHttp10 = words[2].equals("HTTP/1.0");
        Fields fields = new Fields();
        for (int i = 1; i < lines.length; i++) {
            fields.add(lines[i]);
        }
        if (fields.hosts > 1 || (!isHttp10 && fields.hosts == 0)) {
            throw new BadRequestException(400, "there must be one field Host");
        }
        boolean isKeptAlive = !fields.close && (!isHttp10 || fields.keepAlive);
        return new RequestHead(words[0], words[1], isHttp10, isKeptAlive, (int) Math.max(0, fields.length));
    }

    Request withBody(ByteBuffer body) {
        return new Request(method, target, isKeptAlive, isHttp10, body);
    }

    /** The fields that mean something here, gathered line by line. */
    private static final class Fields {
        private int hosts;
        private boolean close;
        private boolean keepAlive;
        private long length = -1;

        void add(String line) throws BadRequestException {
            int colon = line.indexOf(':');
            // A space before the colon, or at the begin of a line, is how requests are smuggled (RFC 9112, 5.1 and
            // 5.2).
            if (colon < 0 || !TOKEN.matcher(line.substring(0, colon)).matches()) {
                throw new BadRequestException(400, "a field is not NAME: VALUE");
            }
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "host" -> hosts++;
                case "connection" -> {
                    close |= RequestReader.hasWord(value, "close");
                    keepAlive |= RequestReader.hasWord(value, "keep-alive");
                }
                case "content-length" -> addLength(value);
                case "transfer-encoding" ->
                    throw new BadRequestException(501, "a body needs a Content-Length, not a Transfer-Encoding");
                case "expect" -> throw new BadRequestException(417, "send the body without waiting to be asked");
                default -> {}
            }
        }

        private void addLength(String value) throws BadRequestException {
            if (!LENGTH.matcher(value).matches()) {
                throw new BadRequestException(400, "Content-Length is not a number");
            }
            long said = Long.parseLong(value);
            if (length >= 0 && length != said) {
                throw new BadRequestException(400, "Content-Length is said twice, differently");
            }
            if (said > RequestReader.MAX_BODY) {
                throw new BadRequestException(413, "the body is longer than " + RequestReader.MAX_BODY + " bytes");
            }
            length = said;
        }
    }
}
