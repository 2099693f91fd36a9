package dev.fdpass.varlink;

/** Answers calls of one interface, without a Java interface: for gateways, and for what is known only when it runs. */
@FunctionalInterface
public interface VarlinkHandler {
    /**
     * Answers a call, on the thread of its connection; others are answered meanwhile.
     *
     * @param call what to answer, with {@link VarlinkCall#reply} or {@link VarlinkCall#upgrade}
     * @throws VarlinkException to answer with that error
     * @throws Exception if it fails otherwise: the client is told {@link VarlinkException#INTERNAL_ERROR}, and the
     *     {@code dev.fdpass.varlink} logger why; so too if it throws an {@link Error}
     */
    void handle(VarlinkCall call) throws Exception;
}
