package io.github.cogauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cogauth.internal.Abi;
import io.github.cogauth.internal.Function;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@link Abi} and {@link Function} spell is what the C header says. */
class HeaderTest {
    private static String header;

    @BeforeAll
    static void read() throws Exception {
        header = Files.readString(Inputs.BINDINGS.resolve("c/include/cogauth.h"));
    }

    @Test
    void constantsHaveTheNumbersOfTheHeader() throws Exception {
        Map<String, Long> defined = new HashMap<>();
        Matcher define = Pattern.compile("#define COGAUTH_(\\w+) (\\d+|UINT64_MAX)\n")
                .matcher(header);
        while (define.find()) {
            defined.put(define.group(1), Long.parseUnsignedLong(
                    define.group(2).replace("UINT64_MAX", "18446744073709551615")));
        }
        int compared = 0;
        for (Field field : Abi.class.getFields()) {
            boolean isOfAStruct = field.getName().matches(
                    "(TOKEN|FINDING|DECISION|ERROR)_.*|ROOT_KEY_RANDOM_LENGTH")
                    && !field.getName().equals("TOKEN_LENGTH");
            if (!isOfAStruct) {
                assertEquals(defined.get(field.getName()), ((Number) field.get(null)).longValue(),
                        field.getName());
                compared++;
            }
        }
        assertTrue(compared > 50, "only " + compared);
        for (String name : defined.keySet()) {
            if (name.matches("(STEP|TEXT|LIST|GATE|DRAFT|ROTATE|SCHEME|KIND|DENIAL)_.*")) {
                assertNotNull(Abi.class.getField(name), name);
            }
        }
    }

    @Test
    void functionsHaveTheShapesOfTheHeader() {
        for (Function function : Function.values()) {
            Matcher declared = Pattern.compile("\n([\\w ]+[ *])" + function.symbol()
                    + "\\(([^)]*)\\);").matcher(header);
            assertTrue(declared.find(), function.symbol());
            StringBuilder letters = new StringBuilder();
            if (!declared.group(2).equals("void")) {
                for (String parameter : declared.group(2).split(",")) {
                    letters.append(letter(parameter));
                }
            }
            assertEquals(letters.toString(), function.parameters(), function.symbol());
            assertEquals(letter(declared.group(1)), function.result(), function.symbol());
        }
    }

    @Test
    void everyFunctionOfTheHeaderIsCalledOrNotNeeded() {
        List<String> unknown = new ArrayList<>();
        Matcher declared = Pattern.compile("cogauth_(\\w+)\\([^)]*\\);").matcher(header);
        while (declared.find()) {
            String name = declared.group(1);
            // References are counted here, and memory is the loader's.
            if (!name.matches(".*_retain|wipe|alloc|free") && !isKnown(name)) {
                unknown.add(name);
            }
        }
        assertEquals(List.of(), unknown);
    }

    @Test
    void structsAreLaidOutAsInTheHeader() {
        Map<String, Integer> token = offsets("token");
        assertEquals(Abi.TOKEN_KIND, token.get("kind"));
        assertEquals(Abi.TOKEN_HARD_EXPIRY, token.get("hard_expiry"));
        assertEquals(Abi.TOKEN_KEY_ID, token.get("key_id"));
        assertEquals(Abi.TOKEN_ID, token.get("id"));
        assertEquals(Abi.TOKEN_HANDLE, token.get("handle"));
        assertEquals(Abi.TOKEN_SIZE, token.get(""));
        Map<String, Integer> finding = offsets("finding");
        assertEquals(Abi.FINDING_IS_TOKEN, finding.get("is_token"));
        assertEquals(Abi.FINDING_START, finding.get("start"));
        assertEquals(Abi.FINDING_END, finding.get("end"));
        assertEquals(Abi.FINDING_HANDLE, finding.get("handle"));
        assertEquals(Abi.FINDING_SIZE, finding.get(""));
        Map<String, Integer> decision = offsets("decision");
        assertEquals(Abi.DECISION_DECISION, decision.get("decision"));
        assertEquals(Abi.DECISION_DENIAL, decision.get("denial"));
        assertEquals(Abi.DECISION_SIZE, decision.get(""));
        Map<String, Integer> error = offsets("error");
        assertEquals(Abi.ERROR_CODE, error.get("code"));
        assertEquals(Abi.ERROR_JSON, error.get("json"));
        assertEquals(Abi.ERROR_JSON + 3 * 8, error.get(""));
        assertEquals(8 + 8 * 8, offsets("request").get("client_address"));
        assertEquals(8 + 10 * 8, offsets("request").get(""));
        assertEquals(8 + 2 * 8, offsets("gate_options").get("retry_after"));
        assertEquals(8 + 13 * 8, offsets("record_draft").get("created_at"));
        assertEquals(8 + 8 * 8, offsets("record_draft").get("peppers"));
        assertEquals(8 + 16 * 8, offsets("record_draft").get("addresses"));
        assertEquals(8 + 18 * 8, offsets("record_draft").get(""));
    }

    /** Where the fields of a struct are, with pointers of 8 bytes, and its size without a name. */
    private static Map<String, Integer> offsets(String name) {
        Map<String, Integer> offsets = new HashMap<>();
        int end = header.indexOf("} cogauth_" + name + ";");
        String body = header.substring(header.lastIndexOf("typedef struct {", end), end);
        int offset = 0;
        Matcher field = Pattern.compile("\n  ([\\w ]+ \\*?)(\\w+)(?:\\[(\\d+)\\])?;").matcher(body);
        while (field.find()) {
            String type = field.group(1).trim();
            int size = type.equals("char") ? 1 : type.matches("u?int32_t") ? 4 : 8;
            int words = type.equals("cogauth_slice") ? 2 : 1;
            int count = field.group(3) == null ? words : Integer.parseInt(field.group(3));
            offset = (offset + size - 1) & -size;
            offsets.put(field.group(2), offset);
            offset += size * count;
        }
        offsets.put("", offset);
        return offsets;
    }

    private static boolean isKnown(String name) {
        for (Function function : Function.values()) {
            if (function.symbol().equals("cogauth_" + name)) {
                return true;
            }
        }
        return false;
    }

    private static char letter(String declaration) {
        String words = declaration.trim();
        if (words.contains("*")) {
            return 'p';
        }
        if (words.contains("size_t")) {
            return 'z';
        }
        if (words.contains("uint64_t")) {
            return 'l';
        }
        return words.contains("int32_t") ? 'i' : 'v';
    }
}
