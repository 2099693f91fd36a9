package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That these are the values of the C macros is shown against the C headers, beside the other facts about C. */
class CmsgArithmeticTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 8", "7, 8", "8, 8", "9, 16", "1012, 1016", "4294967295, 4294967296"})
    void alignRoundsUpToWhereTheNextMessageMayBegin(long length, long aligned) {
        assertThat(Cmsg.align(length)).isEqualTo(aligned);
    }

    @ParameterizedTest
    @CsvSource({"0, 16", "4, 24", "8, 24", "12, 32", "124, 144", "128, 144", "1012, 1032"})
    void spaceCountsThePaddingAfterTheData(long length, long space) {
        assertThat(Cmsg.space(length)).isEqualTo(space);
    }

    @ParameterizedTest
    @CsvSource({"0, 16", "4, 20", "8, 24", "12, 28", "124, 140", "128, 144", "1012, 1028"})
    void lenDoesNotCountIt(long length, long len) {
        assertThat(Cmsg.len(length)).isEqualTo(len);
    }

    @Test
    void spaceOfAnOddNumberOfDescriptorsHasRoomForOneMore() {
        assertThat(Cmsg.space(31 * Integer.BYTES)).isEqualTo(Cmsg.len(32 * Integer.BYTES));
        assertThat(Cmsg.space(32 * Integer.BYTES)).isEqualTo(Cmsg.len(32 * Integer.BYTES));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 63})
    void lengthsThatCannotBeAreRefused(long length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cmsg.align(length))
                .withMessageContaining("" + length);
        assertThatIllegalArgumentException().isThrownBy(() -> Cmsg.space(length));
        assertThatIllegalArgumentException().isThrownBy(() -> Cmsg.len(length));
    }

    @Test
    void theLargestLengthDoesNotOverflow() {
        long length = Long.MAX_VALUE - 64;

        assertThat(Cmsg.align(length)).isGreaterThanOrEqualTo(length);
        assertThat(Cmsg.space(length)).isGreaterThan(length);
        assertThat(Cmsg.len(length)).isEqualTo(length + 16);
    }
}
