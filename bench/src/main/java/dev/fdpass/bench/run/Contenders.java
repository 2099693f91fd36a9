package dev.fdpass.bench.run;

import dev.fdpass.bench.run.peers.C;
import dev.fdpass.bench.run.peers.CPython;
import dev.fdpass.bench.run.peers.FdpassBatch;
import dev.fdpass.bench.run.peers.FdpassConvenient;
import dev.fdpass.bench.run.peers.FdpassFrames;
import dev.fdpass.bench.run.peers.FdpassMessages;
import dev.fdpass.bench.run.peers.JdkChannels;
import dev.fdpass.bench.run.peers.Jnr;
import dev.fdpass.bench.run.peers.Junixsocket;
import dev.fdpass.bench.run.peers.Netty;
import java.util.List;

/** All who can be measured, in the order of the tables. */
final class Contenders {
    /** The one that all ratios are taken to. */
    static final String FLOOR = "c";

    /** The one that frames are compared with. */
    static final String RAW = "fdpass";

    private Contenders() {}

    static List<Contender> all() {
        return List.of(
                FdpassMessages.blocking(),
                new FdpassConvenient(),
                new FdpassBatch(),
                FdpassMessages.spinning(),
                new FdpassFrames(),
                C.plain(),
                C.tricks(),
                new Netty(),
                new Junixsocket(),
                new Jnr(),
                new JdkChannels(),
                new CPython());
    }

    static List<String> names() {
        return all().stream().map(Contender::name).toList();
    }
}
