package dev.fdpass.faults;

import java.util.LinkedHashMap;
import java.util.Map;

/** All scenarios by name. */
final class Scenarios {
    static final Map<String, Scenario> ALL = new LinkedHashMap<>();

    static {
        SendScenarios.addTo(ALL);
        ReceiveScenarios.addTo(ALL);
        FrameScenarios.addTo(ALL);
        WaitScenarios.addTo(ALL);
        PollerScenarios.addTo(ALL);
        SetupScenarios.addTo(ALL);
        ListenerScenarios.addTo(ALL);
        SocketQuestionScenarios.addTo(ALL);
        FileScenarios.addTo(ALL);
        DeviceScenarios.addTo(ALL);
        MemoryScenarios.addTo(ALL);
        ProcessScenarios.addTo(ALL);
        SpawnScenarios.addTo(ALL);
        JdkScenarios.addTo(ALL);
        VirtualScenarios.addTo(ALL);
    }

    private Scenarios() {}
}
