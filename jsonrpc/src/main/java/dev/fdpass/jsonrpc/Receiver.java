package dev.fdpass.jsonrpc;

import dev.fdpass.frame.Frame;
import dev.fdpass.frame.FramedChannel;
import java.io.IOException;

/** Receives messages, and gives each to whom it is for: an answer to who asked, a call to the handlers. */
final class Receiver {
    private final JsonRpcConnection connection;
    private final FramedChannel channel;
    private final Requests requests;
    private final CallRunner runner;
    private final CallHandler handler;

    Receiver(
            JsonRpcConnection connection,
            FramedChannel channel,
            Requests requests,
            CallRunner runner,
            CallHandler handler) {
        this.connection = connection;
        this.channel = channel;
        this.requests = requests;
        this.runner = runner;
        this.handler = handler;
    }

    /** Receives until the end of the stream. */
    void receiveAll() throws IOException {
        do {
            runner.awaitRoom();
        } while (receive());
    }

    /** Receives a message: whether there was one. */
    private boolean receive() throws IOException {
        Frame frame = channel.receive();
        boolean isTaken = false;
        try {
            if (frame.isEndOfStream()) {
                return false;
            }
            isTaken = deliver(MessageReader.read(frame.data()), frame);
        } finally {
            if (!isTaken) {
                frame.closeAside();
            }
        }
        return true;
    }

    /** Gives a message to whom it is for: whether he has the frame now. */
    private boolean deliver(Message message, Frame frame) throws IOException {
        return switch (message) {
            case Message.Request request -> call(request, frame);
            case Message.Result(var id, var result) ->
                requests.answer(id, new Requests.Answer.Good(new Reply(result, frame)));
            case Message.Failure failure -> {
                if (failure.id().isNull()) {
                    handler.unrelated(failure);
                } else {
                    boolean unused = requests.answer(failure.id(), new Requests.Answer.Failure(failure));
                }
                yield false;
            }
            case Message.BadAnswer(var id, var why) -> {
                boolean unused = requests.answer(id, new Requests.Answer.Bad(why));
                yield false;
            }
            case Message.Invalid invalid -> {
                handler.refuse(invalid);
                yield false;
            }
        };
    }

    private boolean call(Message.Request request, Frame frame) {
        Call call = new Call(connection, request, frame);
        boolean isTaken = runner.submit(call);
        if (!isTaken && connection.isOpen()) {
            handler.refuseBusy(call);
        }
        return isTaken;
    }
}
