package io.github.cogauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cogauth.internal.Abi;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Errors tell what is wrong and where, and no secret. */
class ErrorsTest {
    private static final byte[] NOTHING = {};

    @Test
    void anErrorHasItsPlace() {
        CogAuthException failure = failure(() -> Policy.fromDocuments(
                List.of(new PolicyDocument("roles.json", "{\n \"v\": 1,\n \"v\": 1\n}")), null));
        assertEquals(205, failure.code());
        assertEquals("duplicate_name", failure.codeName());
        assertFalse(failure.getMessage().isEmpty());
        assertEquals(Optional.of("roles.json"), failure.document());
        assertEquals(OptionalLong.of(3), failure.line());
        assertEquals(OptionalLong.of(2), failure.column());
        assertTrue(failure.offset().isPresent());
        assertTrue(failure.pointer().isPresent());
        assertTrue(failure.length().isPresent());
        assertTrue(failure.toString().contains("205 duplicate_name: roles.json:3:2: "));
    }

    @Test
    void aWarningHasItsPlaceToo() {
        List<CogAuthException> warnings = Policy.warnings(List.of(new PolicyDocument("all.json",
                "{\"v\":1,\"schema\":{\"actions\":{\"Read\":{}},\"attributes\":{}}}")));
        assertEquals(1, warnings.size(), warnings.toString());
        assertEquals("no_permit", warnings.get(0).codeName());
        assertEquals(808, warnings.get(0).code());
        assertEquals(Optional.of("all.json"), warnings.get(0).document());
        assertEquals(Optional.of("/schema"), warnings.get(0).pointer());
        assertEquals(308, failure(() -> Policy.warnings(List.of())).code());
    }

    @Test
    void whatIsNotKnownIsNotTold() {
        CogAuthException failure = failure(() -> Token.parse("dog_"));
        assertEquals(101, failure.code());
        assertEquals(Optional.empty(), failure.document());
        assertEquals(OptionalLong.empty(), failure.line());
        assertEquals(Optional.empty(), failure.suggestion());
    }

    @Test
    void anErrorLongerThanItsRoomIsTold() {
        String name = "x".repeat(5000) + ".json";
        CogAuthException failure = failure(() -> Policy.bundle(
                List.of(new PolicyDocument(name, "{"))));
        assertEquals(Optional.of(name), failure.document());
    }

    @Test
    void nothingIsAnInput() {
        try (EdgeKeys keys = new EdgeKeys(Inputs.EDGE_KEYS); Policy policy = Policy.builtin()) {
            assertEquals(101, failure(() -> Token.parse(NOTHING)).code());
            assertEquals(101, failure(() -> keys.verify(NOTHING, Inputs.NOW)).code());
            assertEquals(101, failure(() -> keys.verify("x".repeat(5000), Inputs.NOW)).code());
            assertEquals(131, failure(() -> new EdgeKeys(NOTHING)).code());
            assertEquals(501, failure(() -> Policy.fromImage(NOTHING, null)).code());
            assertTrue(failure(() -> policy.decide(NOTHING)).code() > 0);
            assertTrue(failure(() -> Records.read(NOTHING)).code() > 0);
            assertEquals("", Redaction.redact(""));
            assertEquals(List.of(), Redaction.scan(NOTHING));
            assertEquals(121, failure(() -> keys.acceptAtEdge(Inputs.bytes(Inputs.TOKEN),
                    Inputs.NOW, null, Inputs.NOW)).code());
            assertTrue(failure(() -> keys.acceptAtEdge(Inputs.bytes(Inputs.TOKEN), Inputs.NOW,
                    NOTHING, Inputs.NOW)).code() != 121);
        }
    }

    @Test
    void largeInputsAreReadWhole() {
        byte[] text = new byte[3_000_000];
        Arrays.fill(text, (byte) ' ');
        byte[] token = Inputs.bytes(Inputs.TOKEN);
        System.arraycopy(token, 0, text, text.length - token.length, token.length);
        assertEquals(List.of(new Redaction.Finding(text.length - token.length, text.length,
                Optional.of(Inputs.TOKEN.substring(0, 23)))), Redaction.scan(text));
        assertEquals("x".repeat(200_000) + " " + Inputs.TOKEN.substring(0, 23) + "…",
                Redaction.redact("x".repeat(200_000) + " " + Inputs.TOKEN));
    }

    @Test
    void tokensInEncodingsAreFoundAndAreGenuineOrNot() {
        String token = Inputs.TOKEN;
        byte[] text = Inputs.bytes("a=cog%5F" + token.substring(4)
                + " cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7");
        Redaction.DecodedFinding percent = new Redaction.DecodedFinding(2, token.length() + 4,
                Redaction.Certainty.PARSED, Optional.of(token.substring(0, 23)),
                List.of("percent"), Optional.empty());
        List<Redaction.DecodedFinding> found = Redaction.scanDecoding(text);
        assertEquals(2, found.size());
        assertEquals(percent, found.get(0));
        assertEquals(Redaction.Certainty.LOOKS_LIKE, found.get(1).certainty());
        assertEquals(Optional.empty(), found.get(1).handle());
        EdgeKeys closed;
        try (EdgeKeys keys = new EdgeKeys(Inputs.EDGE_KEYS);
                RootKeys roots = RootKeys.generate("01"); EdgeKeys others = roots.edgeKeys()) {
            assertEquals(List.of(Optional.of(true), Optional.empty()), Redaction
                    .scanDecoding(text, keys).stream().map(it -> it.genuine()).toList());
            assertEquals(List.of(Optional.of(false), Optional.empty()), Redaction
                    .scanDecoding(text, others).stream().map(it -> it.genuine()).toList());
            assertEquals(List.of(), Redaction.scanDecoding(NOTHING, keys));
            closed = keys;
        }
        assertEquals(Abi.E_FREED, failure(() -> Redaction.scanDecoding(text, closed)).code());
    }

    @Test
    void tokensInEncodingsAreCut() {
        String text = "t=cog%5F1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJ"
                + "KK586ggbea2qj1Bs5iHjYgW30jAxiy&";
        assertEquals("t=cog_1s015PnAAAABBBBCCCC…&", Redaction.redactDecoding(text));
        String half = text.substring(0, 40);
        assertEquals(half, Redaction.redactDecoding(half));
        assertEquals("", Redaction.redactDecoding(""));
        assertEquals(Abi.E_INVALID_UNICODE,
                failure(() -> Redaction.redactDecoding("\ud800")).code());
    }

    @Test
    void textThatIsNotWellFormedIsRefused() {
        assertEquals(Abi.E_INVALID_UNICODE, failure(() -> Redaction.redact("\ud800")).code());
        assertEquals(Abi.E_INVALID_UNICODE, failure(() -> Redaction.redact("\udc00\ud800")).code());
        assertEquals("\ud83d\ude00", Redaction.redact("\ud83d\ude00"));
    }

    @Test
    void timesBeforeTheEpochAreRefused() {
        try (EdgeKeys keys = new EdgeKeys(Inputs.EDGE_KEYS); Policy policy = Policy.builtin();
                Gate gate = Gate.atEdge(policy, keys, new GateOptions())) {
            assertEquals(Abi.E_TIME_OUT_OF_RANGE,
                    failure(() -> keys.verify(Inputs.TOKEN, -1)).code());
            assertEquals(Abi.E_TIME_OUT_OF_RANGE, failure(() -> gate.begin(
                    new HttpRequest("GET", "/", List.of()), -1)).code());
            assertEquals(Abi.E_INVALID_ARGUMENT,
                    failure(() -> new GateOptions().maxRecordAge(-1)).code());
        }
    }

    @Test
    void aFailureLeavesNoFields() {
        try (EdgeKeys keys = new EdgeKeys(Inputs.EDGE_KEYS)) {
            TokenFields fields = new TokenFields();
            byte[] token = Inputs.bytes(Inputs.TOKEN);
            keys.verify(token, 0, token.length, Inputs.NOW, fields);
            assertEquals("AAAABBBBCCCC", fields.id());
            token[80] ^= 1;
            assertThrows(CogAuthException.class,
                    () -> keys.verify(token, 0, token.length, Inputs.NOW, fields));
            assertThrows(IllegalStateException.class, fields::kind);
            assertThrows(IllegalStateException.class, fields::id);
            assertThrows(IndexOutOfBoundsException.class,
                    () -> keys.verify(token, 1, token.length, Inputs.NOW, fields));
            assertThrows(NullPointerException.class, () -> keys.verify((byte[]) null, Inputs.NOW));
        }
    }

    @Test
    void aWrongCallLeavesNoFieldsEither() {
        byte[] token = Inputs.bytes(Inputs.TOKEN);
        EdgeKeys keys = new EdgeKeys(Inputs.EDGE_KEYS);
        for (Consumer<TokenFields> wrong : List.<Consumer<TokenFields>>of(
                fields -> keys.verify(token, 1, token.length, Inputs.NOW, fields),
                fields -> keys.verify(token, -1, token.length, Inputs.NOW, fields),
                fields -> keys.verify(null, 0, token.length, Inputs.NOW, fields),
                fields -> keys.verify(token, 0, token.length, -1, fields),
                fields -> {
                    keys.close();
                    keys.verify(token, 0, token.length, Inputs.NOW, fields);
                })) {
            TokenFields fields = new TokenFields();
            keys.verify(token, 0, token.length, Inputs.NOW, fields);
            assertEquals("AAAABBBBCCCC", fields.id());
            assertThrows(RuntimeException.class, () -> wrong.accept(fields));
            assertThrows(IllegalStateException.class, fields::id);
        }
    }

    @Test
    void numbersThatAreNotKnownAreDenials() {
        assertEquals(Decision.Denial.INDETERMINATE, Decision.of(Abi.DENY, 99).denial());
        for (Decision denied : List.of(Decision.of(Abi.DENY, 99), Decision.of(Abi.ALLOW, 99),
                Decision.of(Abi.ALLOW, Abi.DENIAL_FORBIDDEN), Decision.of(99, Abi.DENIAL_NONE),
                Decision.of(Abi.DENY, Abi.DENIAL_NONE))) {
            assertFalse(denied.isAllowed(), denied.toString());
        }
        assertTrue(Decision.of(Abi.ALLOW, Abi.DENIAL_NONE).isAllowed());
    }

    @Test
    void anEmptyDigestPinsNothingAndIsRefused() {
        try (Policy policy = Policy.builtin()) {
            byte[] image = policy.image();
            assertEquals(Abi.E_INVALID_ARGUMENT,
                    failure(() -> Policy.fromImage(image, "")).code());
            assertEquals(Abi.E_INVALID_ARGUMENT,
                    failure(() -> Policy.fromDocuments(List.of(), "")).code());
        }
    }

    @Test
    void secretsAreNotShown() {
        byte[] changed = Inputs.bytes(Inputs.TOKEN);
        changed[75] ^= 1;
        try (EdgeKeys keys = new EdgeKeys(Inputs.EDGE_KEYS);
                RootKeys roots = RootKeys.generate("01"); Peppers peppers = roots.peppers()) {
            String shown = keys.toString() + roots + peppers
                    + keys.verify(Inputs.TOKEN, Inputs.NOW)
                    + Authorization.read(List.of(Inputs.bytes(Inputs.AUTHORIZATION)))
                    + new HttpRequest("GET", "/", List.of(Inputs.AUTHORIZATION))
                    + failure(() -> keys.verify(changed, Inputs.NOW))
                    + failure(() -> new EdgeKeys(Inputs.EDGE_KEYS + "x"))
                    + keys.acceptAtEdge(Inputs.bytes(Inputs.TOKEN), Inputs.NOW,
                            Inputs.bytes(Inputs.RECORD), Inputs.NOW)
                    + Answer.found(Inputs.RECORD);
            assertFalse(shown.contains(Inputs.SECRET.substring(0, 8)), shown);
            assertFalse(shown.contains("5uGI7Iws"), shown);
            assertFalse(shown.contains("M0yArlZw"), shown);
        }
    }

    @Test
    void whatIsMintedVerifies() {
        try (RootKeys roots = RootKeys.generate("zZ"); EdgeKeys keys = roots.edgeKeys()) {
            byte[] token = roots.mint("zZ", Kind.PERSONAL_ACCESS_TOKEN, 20819);
            assertEquals(Token.LENGTH, token.length);
            Token genuine = keys.verify(token, 20819 * 86400L);
            assertEquals(Kind.PERSONAL_ACCESS_TOKEN, genuine.kind());
            assertEquals(OptionalLong.of(20819), genuine.hardExpiry());
            assertEquals(114, failure(() -> keys.verify(token, 20820 * 86400L)).code());
            assertEquals(135, failure(() -> roots.mint("zZ", Kind.SAMPLE, 0)).code());
            assertFalse(Arrays.equals(token, roots.mint("zZ", Kind.PERSONAL_ACCESS_TOKEN, 20819)));
        }
    }

    private static CogAuthException failure(Executable call) {
        return assertThrows(CogAuthException.class, call);
    }
}
