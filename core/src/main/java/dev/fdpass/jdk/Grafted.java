package dev.fdpass.jdk;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/** Which number an object of the JDK has that was made here: it never changes, and need not be searched for. */
final class Grafted {
    private static final Map<Object, Integer> NUMBERS = Collections.synchronizedMap(new WeakHashMap<>());

    private Grafted() {}

    static <T> T remember(T object, int number) {
        NUMBERS.put(object, number);
        return object;
    }

    /** {@link Numbers#NONE} if it was made elsewhere. */
    static int numberOf(Object object) {
        return NUMBERS.getOrDefault(object, Numbers.NONE);
    }
}
