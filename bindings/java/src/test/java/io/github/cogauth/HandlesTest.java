package io.github.cogauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cogauth.internal.Abi;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What is closed is closed: an error to use, and never memory that is gone. */
class HandlesTest {
    private static final byte[] TOKEN = Inputs.bytes(Inputs.TOKEN);

    @Test
    void whatIsClosedSaysSo() {
        RootKeys roots = RootKeys.generate("01");
        EdgeKeys keys = roots.edgeKeys();
        Peppers peppers = roots.peppers();
        Policy policy = Policy.builtin();
        Gate gate = Gate.atOrigin(policy, keys, peppers, new GateOptions());
        Exchange exchange = gate.begin(new HttpRequest("GET", "/", List.of()), Inputs.NOW);
        for (AutoCloseable closed : List.of(roots, keys, peppers, policy, gate, exchange)) {
            for (int times = 0; times < 2; times++) {
                try {
                    closed.close();
                } catch (Exception failure) {
                    throw new AssertionError(failure);
                }
            }
        }
        isFreed(() -> roots.mint("01", Kind.SAMPLE));
        isFreed(roots::expose);
        isFreed(roots::edgeKeys);
        isFreed(roots::peppers);
        isFreed(() -> keys.verify(TOKEN, Inputs.NOW));
        isFreed(keys::expose);
        isFreed(() -> peppers.digest(TOKEN, "su_ci"));
        isFreed(() -> policy.decide(TOKEN));
        isFreed(policy::digest);
        isFreed(() -> Gate.atEdge(policy, keys, new GateOptions()));
        isFreed(() -> gate.begin(new HttpRequest("GET", "/", List.of()), Inputs.NOW));
        isFreed(exchange::credentialRecord);
    }

    @Test
    void aGateKeepsWhatItIsMadeOf() {
        Gate gate;
        try (Policy policy = Policy.builtin(); EdgeKeys keys = new EdgeKeys(Inputs.EDGE_KEYS)) {
            gate = Gate.atEdge(policy, keys, new GateOptions());
        }
        Exchange exchange = gate.begin(new HttpRequest("GET", Inputs.TARGET,
                List.of(Inputs.AUTHORIZATION)), Inputs.NOW);
        gate.close();
        try (exchange) {
            Step step = ((Step.RecordNeeded) exchange.step()).found(Inputs.bytes(Inputs.RECORD));
            step = ((Step.FactsNeeded) step).found(Inputs.FACTS);
            assertInstanceOf(Step.Allowed.class, step);
            assertTrue(exchange.credentialRecord().contains("\"deploy\""));
        }
    }

    @Test
    void aQuestionIsAnsweredOnce() {
        try (Policy policy = Policy.builtin(); EdgeKeys keys = new EdgeKeys(Inputs.EDGE_KEYS);
                Gate gate = Gate.atEdge(policy, keys, new GateOptions());
                Exchange exchange = gate.begin(new HttpRequest("GET", Inputs.TARGET,
                        List.of(Inputs.AUTHORIZATION)), Inputs.NOW)) {
            Step.RecordNeeded needed = (Step.RecordNeeded) exchange.step();
            needed.found(Inputs.bytes(Inputs.RECORD));
            assertEquals(Abi.E_WRONG_STEP,
                    assertThrows(CogAuthException.class, needed::absent).code());
            assertEquals(Abi.E_WRONG_STEP,
                    assertThrows(CogAuthException.class, exchange::credentialRecord).code());
            assertInstanceOf(Step.FactsNeeded.class, exchange.step());
        }
    }

    @Test
    void threadsShareKeysAndOneMayCloseThem() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 20; round++) {
                EdgeKeys keys = new EdgeKeys(Inputs.EDGE_KEYS);
                CountDownLatch begun = new CountDownLatch(4);
                List<Future<Integer>> found = new ArrayList<>();
                for (int thread = 0; thread < 4; thread++) {
                    found.add(threads.submit(() -> verifyUntilClosed(keys, begun)));
                }
                begun.await();
                keys.close();
                for (Future<Integer> verified : found) {
                    assertTrue(verified.get() > 0);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static int verifyUntilClosed(EdgeKeys keys, CountDownLatch begun) {
        TokenFields fields = new TokenFields();
        for (int verified = 0;; verified++) {
            try {
                keys.verify(TOKEN, 0, TOKEN.length, Inputs.NOW, fields);
                assertEquals("AAAABBBBCCCC", fields.id());
            } catch (CogAuthException closed) {
                assertEquals(Abi.E_FREED, closed.code());
                return verified;
            }
            if (verified == 0) {
                begun.countDown();
            }
        }
    }

    @Test
    void whatIsForgottenIsReleased() throws Exception {
        java.lang.ref.WeakReference<EdgeKeys> forgotten =
                new java.lang.ref.WeakReference<>(new EdgeKeys(Inputs.EDGE_KEYS));
        for (int times = 0; times < 100 && forgotten.get() != null; times++) {
            System.gc();
            Thread.sleep(10);
        }
        assertFalse(forgotten.get() != null, "the net holds what it is to release");
    }

    private static void isFreed(Executable use) {
        assertEquals(Abi.E_FREED, assertThrows(CogAuthException.class, use).code());
    }
}
