package dev.fdpass.jdk;

/** The flags that make more possible. */
final class Advice {
    private Advice() {}

    /** As one gives it to {@code java}. */
    static String flagToOpen(String internalPackage) {
        Module module = Advice.class.getModule();
        return "--add-opens java.base/" + internalPackage + "=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
    }

    /** For the end of a message. */
    static String startWith(String internalPackage) {
        return "; it can be done if java is started with " + flagToOpen(internalPackage);
    }

    /** For the end of a message that has another advice before. */
    static String otherwise(String internalPackage) {
        return ", or start java with " + flagToOpen(internalPackage);
    }
}
