package dev.fdpass.examples.hotrestart.netty;

import dev.fdpass.examples.hotrestart.http.Request;
import dev.fdpass.examples.hotrestart.http.RequestReader;
import dev.fdpass.examples.hotrestart.http.Response;
import dev.fdpass.examples.hotrestart.http.Site;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.ByteBuffer;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What stands behind {@link NettyConnection} in a pipeline: Netty's HTTP, and the site. It gets one whole request at a time. */
final class HttpPipeline {
    private HttpPipeline() {}

    static void addTo(ChannelPipeline pipeline, Site site, NettyConnection connection) {
        pipeline.addLast(
                // The reader before it knows of no limit but that of the whole head.
                new HttpServerCodec(RequestReader.MAX_HEAD, RequestReader.MAX_HEAD, RequestReader.MAX_BODY),
                new HttpObjectAggregator(RequestReader.MAX_BODY),
                new SimpleChannelInboundHandler<FullHttpRequest>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
                        answer(context, request, site, connection);
                    }
                });
    }

    private static void answer(
            ChannelHandlerContext context, FullHttpRequest request, Site site, NettyConnection connection) {
        if (request.decoderResult().isFailure()) { // Netty sees more in it than the reader before it does
            FullHttpResponse response = response(Response.text(400, "that is no request\n"), site.pid());
            HttpUtil.setKeepAlive(response.headers(), HttpVersion.HTTP_1_1, false);
            context.writeAndFlush(response).addListener(_ -> connection.answered(false));
            return;
        }
        boolean isKeptAlive = HttpUtil.isKeepAlive(request);
        boolean isHttp10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        Site.Answer answer = site.answer(new Request(
                request.method().name(),
                request.uri(),
                isKeptAlive,
                isHttp10,
                ByteBuffer.wrap(ByteBufUtil.getBytes(request.content()))));
        FullHttpResponse response = response(answer.response(), site.pid());
        HttpUtil.setKeepAlive(response.headers(), request.protocolVersion(), isKeptAlive);
        Runnable write = () -> context.writeAndFlush(response)
                .addListener(written -> connection.answered(written.isSuccess() && isKeptAlive));
        if (answer.delay().isPositive()) {
            Future<?> unused = context.executor().schedule(write, answer.delay().toMillis(), TimeUnit.MILLISECONDS);
        } else {
            write.run();
        }
    }

    private static FullHttpResponse response(Response response, long pid) {
        FullHttpResponse full = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                Unpooled.wrappedBuffer(response.body().duplicate()));
        full.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, full.content().readableBytes())
                .set(Response.SERVER_PID, pid);
        return full;
    }
}
