package io.github.cogauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What an issuer does with records, where the parity test does not call it. */
class RecordsTest {
    private static final byte[] OLD = changed(",\"expires_at\":" + (Inputs.NOW + 9));
    private static final byte[] NEW = Inputs.bytes(
            Inputs.RECORD.replace("AAAABBBBCCCC", "DDDDEEEEFFFF"));

    @Test
    void aRotationHasLimits() {
        assertEquals(139, failure(() -> Records.rotate(OLD, NEW, Inputs.NOW, Inputs.NOW)));
        assertEquals(139, failure(() -> rotate(0, Records.LaterExpiry.REFUSED, 60)));
        assertTrue(rotate(60, Records.LaterExpiry.ALLOWED, 60)
                .contains("\"rotated_to\":\"DDDDEEEEFFFF\""));
        assertEquals(138, failure(() -> rotate(61, Records.LaterExpiry.ALLOWED, 60)));
        assertEquals(138, failure(() -> rotate(1, Records.LaterExpiry.ALLOWED, 0)));
    }

    @Test
    void aRecordIsUsedMergedAndLookedAt() {
        byte[] revoked = changed(",\"revoked_at\":" + (Inputs.NOW - 1));
        byte[] used = Inputs.bytes(Records.use(Inputs.bytes(Inputs.RECORD), Inputs.NOW));
        String merged = Records.merge(used, revoked);
        assertTrue(merged.contains("\"last_used_at\":" + Inputs.NOW), merged);
        assertEquals(Optional.of("revoked"),
                Records.inactiveBecause(Inputs.bytes(merged), Inputs.NOW));
        assertEquals(Optional.empty(), Records.inactiveBecause(used, Inputs.NOW));
        assertEquals(123, failure(() -> Records.merge(used, NEW)));
        assertEquals(135, failure(() -> Records.use(used, -1)));
    }

    private static String rotate(long grace, Records.LaterExpiry laterExpiry, long maxGrace) {
        return Records.rotate(OLD, NEW, Inputs.NOW + grace, Inputs.NOW, laterExpiry, maxGrace);
    }

    private static byte[] changed(String members) {
        return Inputs.bytes(Inputs.RECORD.replaceFirst("}$", members + "}"));
    }

    private static int failure(Executable call) {
        return assertThrows(CogAuthException.class, call).code();
    }
}
