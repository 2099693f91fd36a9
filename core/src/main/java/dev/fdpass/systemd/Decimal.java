package dev.fdpass.systemd;

/** Numbers in environment variables. */
final class Decimal {
    private Decimal() {}

    static long parse(String variable, String text, long least, long most, String meaning) {
        boolean isNumber = text.matches("[0-9]{1,19}");
        try {
            long number = isNumber ? Long.parseLong(text) : -1;
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Of 19 digits, and more than a long.
        }
        throw new IllegalStateException("the environment variable " + variable + " is \"" + Visible.of(text)
                + "\"; it must be " + meaning + ", " + least + " to " + most + ", in decimal digits");
    }
}
