package dev.fdpass.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.memory.Seal;
import dev.fdpass.memory.SharedMemory;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Shared memory. */
final class MemoryScenarios {
    private static final int SIZE = 4096;

    private MemoryScenarios() {}

    static void addTo(Map<String, Scenario> all) {
        all.put("create memory", stage -> stage.operation(() -> SharedMemory.create("m", SIZE)));
        all.put("resize memory", MemoryScenarios::resize);
        all.put("ask for seals", MemoryScenarios::seals);
        all.put("add a seal", MemoryScenarios::addSeal);
        all.put("map memory", MemoryScenarios::map);
        all.put("end a mapping", MemoryScenarios::unmap);
    }

    private static void resize(Stage stage) throws Exception {
        SharedMemory memory = stage.keep(SharedMemory.create("m", SIZE));
        stage.before(() -> memory.resize(SIZE));
        stage.operation(() -> {
            memory.resize(2 * SIZE);
            return null;
        });
        stage.after(failed -> memory.size() + " bytes");
    }

    private static void seals(Stage stage) throws Exception {
        SharedMemory memory = stage.keep(SharedMemory.create("m", SIZE));
        memory.addSeals(Seal.SHRINK);
        stage.operation(memory::seals);
    }

    private static void addSeal(Stage stage) {
        Supplier<SharedMemory> memory = stage.fresh(() -> SharedMemory.create("m", SIZE));
        stage.operation(() -> {
            memory.get().addSeals(Seal.GROW);
            return null;
        });
        stage.after(failed -> memory.get().seals().toString());
    }

    private static void map(Stage stage) throws Exception {
        SharedMemory memory = stage.keep(SharedMemory.create("m", SIZE));
        Supplier<Arena> arena = stage.fresh(Arena::ofShared);
        stage.operation(() -> memory.map(arena.get()).byteSize());
        stage.after(failed -> {
            assertThat(memory.map(arena.get()).byteSize()).isEqualTo(SIZE);
            return "";
        });
    }

    private static void unmap(Stage stage) throws Exception {
        SharedMemory memory = stage.keep(SharedMemory.create("m", SIZE));
        AtomicReference<Arena> arena = new AtomicReference<>();
        stage.before(() -> {
            arena.set(Arena.ofShared());
            memory.map(arena.get());
        });
        stage.operation(() -> {
            arena.get().close();
            return null;
        });
    }
}
