package dev.fdpass.bench.run;

import java.io.IOException;

/** The loops around {@link Ends}. Every lane has its own copy of this class, see {@link EndsLane}. */
final class OwnLoops implements EndsLane.Loops {
    OwnLoops() {}

    @Override
    public void pass(Ends ends, int operations, int messages) throws IOException {
        for (int i = 0; i < operations; i++) {
            for (int j = 0; j < messages; j++) {
                ends.send();
            }
            for (int j = 0; j < messages; j++) {
                ends.receive();
            }
        }
    }

    @Override
    public void ping(Ends ends, int operations) throws IOException {
        for (int i = 0; i < operations; i++) {
            ends.send();
            ends.receiveBack();
        }
    }

    @Override
    public void pong(Ends ends, int operations) throws IOException {
        for (int i = 0; i < operations; i++) {
            ends.receive();
            ends.sendBack();
        }
    }

    @Override
    public void send(Ends ends, int operations) throws IOException {
        for (int i = 0; i < operations; i++) {
            ends.send();
        }
    }

    @Override
    public void receive(Ends ends, int operations) throws IOException {
        for (int i = 0; i < operations; i++) {
            ends.receive();
        }
    }
}
