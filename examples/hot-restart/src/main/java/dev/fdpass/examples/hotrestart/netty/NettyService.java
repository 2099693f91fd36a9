package dev.fdpass.examples.hotrestart.netty;

import dev.fdpass.OwnedFd;
import dev.fdpass.examples.hotrestart.http.Site;
import dev.fdpass.examples.hotrestart.service.Listeners;
import dev.fdpass.examples.hotrestart.service.Log;
import dev.fdpass.examples.hotrestart.service.Parcel;
import dev.fdpass.examples.hotrestart.service.Roster;
import dev.fdpass.examples.hotrestart.service.Service;
import dev.fdpass.jdk.JdkSockets;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Netty serves, with NIO channels that are made of those of the JDK. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails is told to the pipeline as well
public final class NettyService implements Service {
    private static final int THREADS = 2;

    private final Site site;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(THREADS, NioIoHandler.newFactory());
    private final Roster roster = new Roster(this::comeBack);
    private @Nullable Channel acceptor;

    /**
     * A service that has no connections yet.
     *
     * @param site what is served
     */
    public NettyService(Site site) {
        this.site = site;
    }

    @Override
    public synchronized void accept(OwnedFd listener) throws IOException {
        if (acceptor != null) {
            throw new IllegalStateException("it accepts already");
        }
        OpenServerSocketChannel accepting = new OpenServerSocketChannel(Listeners.channelOf(listener));
        accepting.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object accepted) {
                start((OpenSocketChannel) accepted, ByteBuffer.allocate(0));
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                Log.say("could not accept: " + cause); // Netty tries again in a second
            }
        });
        group.register(accepting).syncUninterruptibly();
        acceptor = accepting;
    }

    private void start(OpenSocketChannel channel, ByteBuffer read) {
        NettyConnection connection = new NettyConnection(channel, read, roster);
        channel.pipeline().addLast(connection);
        HttpPipeline.addTo(channel.pipeline(), site, connection);
        roster.add(connection);
        group.register(channel).addListener(registered -> {
            if (!registered.isSuccess()) {
                roster.remove(connection);
                channel.close();
            }
        });
    }

    @Override
    public synchronized void stopAccepting() {
        if (acceptor != null) {
            acceptor.close().syncUninterruptibly();
            acceptor = null;
        }
    }

    @Override
    public Newcomer prepare(Parcel parcel) throws IOException {
        SocketChannel channel = JdkSockets.toSocketChannel(parcel.socket());
        return new Newcomer() {
            @Override
            public void start() {
                NettyService.this.start(new OpenSocketChannel(null, channel), parcel.unread());
            }

            @Override
            public void close() {
                try {
                    channel.close();
                } catch (IOException e) {
                    Log.say("a connection could not be closed: " + e);
                }
            }
        };
    }

    @Override
    public Optional<Parcel> release(Duration patience) throws InterruptedException {
        return roster.release(patience);
    }

    @Override
    public void keep() {
        roster.keep();
    }

    @Override
    public int connections() {
        return roster.size();
    }

    @Override
    public void close() {
        stopAccepting();
        roster.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
