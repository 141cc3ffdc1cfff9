package io.github.cogauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** With the native library, verifying a genuine token allocates nothing, once it is compiled. */
class GarbageTest {
    private static final int CALLS = 20_000;

    @Test
    void verifyingMakesNoGarbage() {
        assumeTrue(CogAuth.backend().equals("native"));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] header = Inputs.bytes(Inputs.AUTHORIZATION);
        TokenFields fields = new TokenFields();
        long least = Long.MAX_VALUE;
        try (EdgeKeys keys = new EdgeKeys(Inputs.EDGE_KEYS)) {
            for (int round = 0; round < 200 && least >= CALLS; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int call = 0; call < CALLS; call++) {
                    keys.verify(header, 7, Token.LENGTH, Inputs.NOW, fields);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
        }
        assertEquals(0, least / CALLS, "bytes a call");
    }
}
