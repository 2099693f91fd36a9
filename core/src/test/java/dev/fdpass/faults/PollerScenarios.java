package dev.fdpass.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.EventFd;
import dev.fdpass.Interest;
import dev.fdpass.Poller;
import dev.fdpass.Registration;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Waiting for many. */
final class PollerScenarios {
    private PollerScenarios() {}

    static void addTo(Map<String, Scenario> all) {
        all.put("open a poller", stage -> stage.operation(Poller::open));
        all.put("register with a poller", PollerScenarios::register);
        all.put("change an interest", PollerScenarios::change);
        all.put("end an interest", PollerScenarios::rest);
        all.put("cancel a registration", PollerScenarios::cancel);
        all.put("close what is registered", PollerScenarios::close);
        all.put("await what is ready", PollerScenarios::await);
        all.put("await until the time is over", PollerScenarios::awaitTimesOut);
        all.put("first await of a poller", PollerScenarios::firstAwait);
        all.put("wake up a poller", PollerScenarios::wakeUp);
    }

    /** A poller with something else that is ready, by which one sees that it works. */
    private static Poller<String> poller(Stage stage) throws Exception {
        Poller<String> poller = stage.keep(Poller.open());
        poller.register(stage.keep(EventFd.create(1)), Interest.READ, "other");
        stage.after(failed -> {
            assertThat(ready(poller)).contains("other");
            return "";
        });
        return poller;
    }

    private static String ready(Poller<String> poller) throws Exception {
        StringBuilder names = new StringBuilder();
        int count = poller.tryAwait();
        for (int i = 0; i < count; i++) {
            names.append(poller.ready(i).attachment()).append(' ');
        }
        return names.toString();
    }

    private static void register(Stage stage) throws Exception {
        Poller<String> poller = poller(stage);
        Supplier<EventFd> event = stage.fresh(() -> EventFd.create(1));
        stage.operation(() -> {
            poller.register(event.get(), Interest.READ, "it");
            return "registered";
        });
        stage.after(failed -> {
            assertThat(ready(poller).contains("it")).isEqualTo(!failed);
            if (failed) {
                poller.register(event.get(), Interest.READ, "it");
                assertThat(ready(poller)).contains("it");
            }
            return "";
        });
    }

    private static Supplier<Registration<String>> registered(Stage stage, Poller<String> poller) {
        Supplier<EventFd> event = stage.fresh(() -> EventFd.create(1));
        AtomicReference<Registration<String>> registration = new AtomicReference<>();
        stage.before(() -> registration.set(poller.register(event.get(), Interest.READ, "it")));
        return registration::get;
    }

    private static void change(Stage stage) throws Exception {
        Poller<String> poller = poller(stage);
        Supplier<Registration<String>> registration = registered(stage, poller);
        stage.operation(() -> {
            registration.get().setInterest(Interest.WRITE);
            return "changed";
        });
        stage.after(failed -> {
            assertThat(ready(poller)).contains("it");
            assertThat(registration.get().interest()).isEqualTo(failed ? Interest.READ : Interest.WRITE);
            assertThat(registration.get().isReadable()).isEqualTo(failed);
            return "";
        });
    }

    private static void rest(Stage stage) throws Exception {
        notReportedAfter(stage, registration -> {
            registration.setInterest(Interest.NONE);
            return "rests";
        });
    }

    private static void cancel(Stage stage) throws Exception {
        notReportedAfter(stage, registration -> {
            registration.cancel();
            return "cancelled";
        });
    }

    private static void close(Stage stage) throws Exception {
        notReportedAfter(stage, registration -> {
            registration.fd().asFd().close();
            return "closed";
        });
    }

    /** Something after which the poller reports it no more, even if a part of that failed. */
    private interface Ending {
        String end(Registration<String> registration) throws IOException;
    }

    private static void notReportedAfter(Stage stage, Ending ending) throws Exception {
        Poller<String> poller = poller(stage);
        Supplier<Registration<String>> registration = registered(stage, poller);
        stage.operation(() -> ending.end(registration.get()));
        stage.after(failed -> {
            assertThat(ready(poller)).doesNotContain("it");
            return "";
        });
    }

    private static void await(Stage stage) throws Exception {
        Poller<String> poller = poller(stage);
        stage.operation(poller::await);
    }

    private static void awaitTimesOut(Stage stage) throws Exception {
        Poller<String> poller = stage.keep(Poller.open());
        EventFd event = stage.keep(EventFd.create());
        poller.register(event, Interest.READ, "it");
        stage.operation(() -> poller.await(Duration.ofMillis(5)));
        stage.after(failed -> {
            event.write(1);
            assertThat(ready(poller)).contains("it");
            event.read();
            return "";
        });
    }

    private static void firstAwait(Stage stage) {
        Supplier<Poller<String>> poller = stage.fresh(Poller::open);
        stage.operation(() -> poller.get().await(Duration.ofMillis(1)));
        stage.after(failed -> {
            poller.get().wakeUp();
            assertThat(poller.get().await()).isZero();
            return "";
        });
    }

    private static void wakeUp(Stage stage) throws Exception {
        Poller<String> poller = stage.keep(Poller.open());
        stage.operation(() -> {
            poller.wakeUp();
            return "woken up";
        });
        stage.after(failed -> {
            assertThat(poller.await()).isZero();
            return "";
        });
    }
}
