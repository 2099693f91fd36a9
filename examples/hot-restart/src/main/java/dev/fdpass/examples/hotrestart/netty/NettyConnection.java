package dev.fdpass.examples.hotrestart.netty;

import dev.fdpass.OwnedFd;
import dev.fdpass.examples.hotrestart.http.BadRequestException;
import dev.fdpass.examples.hotrestart.http.RequestReader;
import dev.fdpass.examples.hotrestart.service.Log;
import dev.fdpass.examples.hotrestart.service.Parcel;
import dev.fdpass.examples.hotrestart.service.Roster;
import dev.fdpass.jdk.JdkSockets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FixedRecvByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * First in the pipeline of a connection: keeps what was read and not answered, and passes one whole request on at a time.
 * Netty's decoder cannot give back the half of a head that it has consumed, so it never gets a half.
 *
 * <p>How it leaves: the channel is deregistered, and once the selector has really forgotten it (before that, closing it would
 * end the connection), a duplicate of its descriptor is made and it is closed. All on its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails is told to the pipeline as well
final class NettyConnection extends ChannelInboundHandlerAdapter implements Roster.Member {
    private static final int READ_AT_ONCE = Parcel.MAX_UNREAD - RequestReader.MAX_REQUEST;

    private static final long SELECTS_WITHIN_MICROS = 50;

    private final OpenSocketChannel channel;
    private final Roster roster;
    /** Bytes that were read and not answered, from 0 to the position. */
    private ByteBuffer unread;

    private boolean isAsked;
    private boolean isAnswering;
    private boolean isLeaving;
    private boolean isGoingOn;

    /**
     * A connection that is not served yet.
     *
     * @param read what was read of it already; copied
     */
    NettyConnection(OpenSocketChannel channel, ByteBuffer read, Roster roster) {
        this.channel = channel;
        this.roster = roster;
        unread = ByteBuffer.allocate(Math.max(2048, read.remaining())).put(read.duplicate());
        // It reads when nothing is being answered and more bytes are needed, and at most once before it looks at them.
        channel.config().setAutoRead(false);
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(READ_AT_ONCE));
        channel.closeFuture().addListener(_ -> roster.remove(this)); // the pipeline of a deregistered one hears nothing
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        goOn(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            int count = bytes.readableBytes();
            if (unread.remaining() < count) {
                int capacity = Math.max(unread.position() + count, Math.min(2 * unread.capacity(), Parcel.MAX_UNREAD));
                unread = ByteBuffer.allocate(capacity).put(unread.flip());
            }
            bytes.readBytes(unread.slice().limit(count));
            unread.position(unread.position() + count);
        } finally {
            bytes.release();
        }
        goOn(context);
    }

    /** Does whatever is next: leave, have a request answered, or read. */
    private void goOn(ChannelHandlerContext context) {
        if (isGoingOn) {
            return; // an answer was out at once: the loop below sees that
        }
        isGoingOn = true;
        try {
            while (!isAnswering && !isLeaving) {
                if (isAsked) {
                    leave();
                    return;
                }
                ByteBuf request = nextRequest();
                if (request == null) {
                    context.read();
                    return;
                }
                isAnswering = true;
                context.fireChannelRead(request);
            }
        } catch (BadRequestException e) {
            isAnswering = true; // nothing more of it
            ByteBuf answer = Unpooled.wrappedBuffer(
                    e.response().toLastBytes(ProcessHandle.current().pid()));
            context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
        } finally {
            isGoingOn = false;
        }
    }

    private @Nullable ByteBuf nextRequest() throws BadRequestException {
        unread.flip();
        try {
            if (RequestReader.next(unread) == null) {
                return null;
            }
            return Unpooled.copiedBuffer(unread.array(), 0, unread.position());
        } finally {
            unread.compact();
        }
    }

    /** Told, on the event loop, that an answer is out, or cannot be given. */
    void answered(boolean isToGoOn) {
        isAnswering = false;
        if (isToGoOn) {
            goOn(channel.pipeline().context(this));
        } else {
            channel.close();
        }
    }

    @Override
    public void askToLeave() {
        channel.eventLoop().execute(() -> {
            isAsked = true;
            ChannelHandlerContext context = channel.pipeline().context(this);
            if (context != null && !isAnswering) {
                goOn(context);
            }
        });
    }

    @Override
    public void askToStay() {
        channel.eventLoop().execute(() -> isAsked = false);
    }

    /** A read may still come before the deregistration: it is kept like any other. */
    private void leave() {
        isLeaving = true;
        channel.deregister().addListener(_ -> leaveSelector());
    }

    /** The selector forgets a cancelled key when it selects the next time. */
    private void leaveSelector() {
        if (channel.ofTheJdk().isRegistered()) {
            // Not execute: the loop selects only when no task is left, and then this one would be.
            channel.eventLoop().schedule(this::leaveSelector, SELECTS_WITHIN_MICROS, TimeUnit.MICROSECONDS);
            return;
        }
        if (!channel.isOpen()) {
            return; // by the client
        }
        try {
            OwnedFd socket = JdkSockets.duplicateOf(channel.ofTheJdk());
            roster.deliver(new Parcel(socket, unread.flip()));
        } catch (IOException e) {
            Log.say("a connection stays: " + e);
            stay();
            return;
        }
        channel.close();
    }

    private void stay() {
        isAsked = false;
        isLeaving = false;
        channel.eventLoop().register(channel).addListener(registered -> {
            if (registered.isSuccess()) {
                goOn(channel.pipeline().context(this));
            } else {
                channel.close();
            }
        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close(); // the client is gone
    }

    @Override
    public void close() {
        channel.close();
    }
}
