/**
 * Sends and receives messages with open file descriptors over Unix-domain sockets
 * ({@code sendmsg(2)}, {@code recvmsg(2)} with {@code SCM_RIGHTS}), without a native library.
 *
 * <p>Linux on x86-64 and aarch64. Run with {@code --enable-native-access=dev.fdpass}.
 */
@SuppressWarnings("module") // those that it exports a package to are built after it
module dev.fdpass {
    requires static org.jspecify;

    exports dev.fdpass;
    exports dev.fdpass.frame;
    exports dev.fdpass.jdk;
    exports dev.fdpass.memory;
    exports dev.fdpass.spawn;
    exports dev.fdpass.systemd;
    // Not for users: what the modules of this library share.
    exports dev.fdpass.internal to
            dev.fdpass.json,
            dev.fdpass.jsonrpc,
            dev.fdpass.tube,
            dev.fdpass.varlink;
}
