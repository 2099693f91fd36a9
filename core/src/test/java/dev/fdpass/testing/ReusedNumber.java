package dev.fdpass.testing;

import dev.fdpass.AsFd;
import dev.fdpass.waiting.Waiting;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A descriptor with the number of one that a test has closed. */
public final class ReusedNumber {
    private ReusedNumber() {}

    /**
     * How to open it.
     *
     * @param <T> what is opened
     */
    @FunctionalInterface
    public interface Opener<T> {
        T open() throws IOException;
    }

    /**
     * Opens until it is {@code number}. The kernel gives the lowest that is free: a lower one may have become so, and another
     * thread may have taken this one for a moment, to load a class for instance.
     */
    public static <T extends AsFd & Closeable> T of(int number, Opener<T> opener) throws IOException {
        List<T> opened = new ArrayList<>();
        try {
            Waiting.until("that number " + number + " is to be had", () -> {
                if (!opened.isEmpty() && opened.getLast().asFd().number() > number) {
                    opened.removeLast().close();
                }
                opened.add(opener.open());
                return opened.getLast().asFd().number() == number;
            });
            return opened.removeLast();
        } finally {
            for (T other : opened) {
                other.close();
            }
        }
    }
}
