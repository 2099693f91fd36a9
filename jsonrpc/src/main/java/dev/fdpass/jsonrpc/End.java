package dev.fdpass.jsonrpc;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import org.jspecify.annotations.Nullable;

/** Why nothing more is received. */
sealed interface End {
    /** A new exception, for whoever wants something of the connection. */
    IOException exception();

    default boolean letsAnswer() {
        return false;
    }

    default boolean isFailure() {
        return true;
    }

    /** By this end. */
    record Closed() implements End {
        @Override
        public IOException exception() {
            return new AsynchronousCloseException();
        }

        @Override
        public boolean isFailure() {
            return false;
        }
    }

    record EndOfStream() implements End {
        @Override
        public IOException exception() {
            return new EOFException("the peer has ended the connection");
        }

        @Override
        public boolean letsAnswer() {
            return true;
        }

        @Override
        public boolean isFailure() {
            return false;
        }
    }

    record Fatal(String message, @Nullable Throwable cause) implements End {
        @Override
        public IOException exception() {
            return JsonRpcException.fatal(message, cause);
        }
    }

    record Failed(Throwable cause) implements End {
        @Override
        public IOException exception() {
            return cause instanceof AsynchronousCloseException
                    ? new AsynchronousCloseException()
                    : new IOException("the connection failed: " + cause.getMessage(), cause);
        }
    }
}
