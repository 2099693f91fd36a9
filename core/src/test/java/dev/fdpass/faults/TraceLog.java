package dev.fdpass.faults;

import java.util.ArrayList;
import java.util.List;

/** The system calls of a run, by rounds. */
record TraceLog(List<List<Call>> rounds, List<Call> between) {

    /** A line that strace wrote: {@code name(arguments) = result}. */
    record Call(String line) {
        String name() {
            return line.substring(0, line.indexOf('('));
        }

        /** Whether this is the same call with the same arguments, as far as they can be seen. */
        boolean repeats(Call other) {
            return !isInjected()
                    && name().equals(other.name())
                    && firstArgument().equals(other.firstArgument());
        }

        boolean is(String name) {
            return line.startsWith(name + "(");
        }

        boolean isInjected() {
            return line.contains("(INJECTED)");
        }

        /** The first argument, which mostly is the descriptor. */
        String firstArgument() {
            int from = line.indexOf('(') + 1;
            int to = from;
            while (to < line.length() && line.charAt(to) != ',' && line.charAt(to) != ')') {
                to++;
            }
            return line.substring(from, to);
        }

        boolean has(String text) {
            return line.contains(text);
        }
    }

    static TraceLog of(List<String> lines) {
        List<List<Call>> rounds = new ArrayList<>();
        List<Call> between = new ArrayList<>();
        boolean inside = false;
        for (String line : lines) {
            if (line.indexOf('(') <= 0) {
                continue; // how the thread ended, and the like
            }
            Call call = new Call(line);
            if (call.is(Marks.NAME)) {
                inside = !inside;
                if (inside) {
                    rounds.add(new ArrayList<>());
                }
            } else if (inside) {
                rounds.getLast().add(call);
            } else {
                between.add(call);
            }
        }
        return new TraceLog(rounds, between);
    }

    List<Call> calls() {
        return rounds.stream().flatMap(List::stream).toList();
    }

    List<Call> injected() {
        return calls().stream().filter(Call::isInjected).toList();
    }
}
