package io.github.cogauth;

import io.github.cogauth.internal.Abi;
import io.github.cogauth.internal.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The calls of the file of answers, made with this package. */
final class ParityCalls implements AutoCloseable {
    /** A call: its arguments in, what the file has for an answer out. */
    interface Operation {
        Object answer(ParityCalls calls, Map<String, Object> arguments);
    }

    static final Map<String, Operation> OPERATIONS = new HashMap<>();

    static {
        OPERATIONS.put("parse", (calls, a) -> token(Token.parse(bytes(a, "token"))));
        OPERATIONS.put("verify", (calls, a) -> {
            try (EdgeKeys keys = new EdgeKeys(bytes(a, "keys"))) {
                return token(keys.verify(bytes(a, "token"), number(a, "now")));
            }
        });
        OPERATIONS.put("load_edge_keys", (calls, a) -> loaded(new EdgeKeys(bytes(a, "keys"))));
        OPERATIONS.put("load_peppers", (calls, a) -> loaded(new Peppers(bytes(a, "keys"))));
        OPERATIONS.put("load_root_keys", (calls, a) -> loaded(new RootKeys(bytes(a, "keys"))));
        OPERATIONS.put("derive_keys", (calls, a) -> {
            try (RootKeys roots = new RootKeys(bytes(a, "roots"));
                    EdgeKeys edges = roots.edgeKeys(); Peppers peppers = roots.peppers()) {
                return List.of(utf8(edges.expose()), utf8(peppers.expose()));
            }
        });
        OPERATIONS.put("mint", (calls, a) -> {
            try (RootKeys roots = new RootKeys(bytes(a, "roots"))) {
                Long day = (Long) a.get("hardExpiry");
                return utf8(roots.mint(bytes(a, "keyId"), Kind.of(text(a, "kind")).number,
                        day == null ? Abi.NO_HARD_EXPIRY : RootKeys.day(day), bytes(a, "random")));
            }
        });
        OPERATIONS.put("digest", (calls, a) -> {
            try (Peppers peppers = new Peppers(bytes(a, "peppers"))) {
                return peppers.digest(bytes(a, "token"), text(a, "principal"));
            }
        });
        OPERATIONS.put("edge_digest",
                (calls, a) -> Token.edgeDigest(bytes(a, "token"), text(a, "principal")));
        OPERATIONS.put("accept_at_edge", (calls, a) -> {
            try (EdgeKeys keys = new EdgeKeys(bytes(a, "keys"))) {
                return accepted(keys.acceptAtEdge(bytes(a, "token"), number(a, "verifiedAt"),
                        bytes(a, "record"), number(a, "now")));
            }
        });
        OPERATIONS.put("accept_at_origin", (calls, a) -> {
            try (EdgeKeys keys = new EdgeKeys(bytes(a, "keys"));
                    Peppers peppers = new Peppers(bytes(a, "peppers"))) {
                return accepted(keys.acceptAtOrigin(peppers, bytes(a, "token"),
                        number(a, "verifiedAt"), bytes(a, "record"), number(a, "now")));
            }
        });
        OPERATIONS.put("issue_record", ParityCalls::issued);
        OPERATIONS.put("read_record",
                (calls, a) -> Json.parse(Records.read(bytes(a, "record"))));
        OPERATIONS.put("edge_record", (calls, a) -> Records.forEdges(bytes(a, "record")));
        OPERATIONS.put("display_record", (calls, a) -> Records.forDisplay(bytes(a, "record")));
        OPERATIONS.put("revoke_record",
                (calls, a) -> Records.revoke(bytes(a, "record"), number(a, "at")));
        OPERATIONS.put("use_record",
                (calls, a) -> Records.use(bytes(a, "record"), number(a, "at")));
        OPERATIONS.put("merge_records",
                (calls, a) -> Records.merge(bytes(a, "record"), bytes(a, "stored")));
        OPERATIONS.put("inactive_because", (calls, a) -> Records
                .inactiveBecause(bytes(a, "record"), number(a, "at")).orElse(""));
        OPERATIONS.put("rotate_record", (calls, a) -> Records.rotate(bytes(a, "record"),
                bytes(a, "successor"), number(a, "at") + 100, number(a, "at")));
        OPERATIONS.put("rotate_within", ParityCalls::rotatedWithin);
        OPERATIONS.put("authorization", ParityCalls::authorization);
        OPERATIONS.put("scan", ParityCalls::scanned);
        OPERATIONS.put("scan_decoding", ParityCalls::scannedDecoding);
        OPERATIONS.put("redact", (calls, a) -> Redaction.redact(text(a, "text")));
        OPERATIONS.put("redact_decoding",
                (calls, a) -> Redaction.redactDecoding(text(a, "text")));
        OPERATIONS.put("describe", (calls, a) -> Map.of("digest", calls.policy(a).digest(),
                "actions", calls.policy(a).actions()));
        OPERATIONS.put("image_digest", (calls, a) -> calls.policy(a).imageDigest());
        OPERATIONS.put("load_image", ParityCalls::loadedImage);
        OPERATIONS.put("decide", ParityCalls::decided);
        OPERATIONS.put("evaluate", (calls, a) -> calls.policy(a).evaluate(bytes(a, "request")));
        OPERATIONS.put("search_actions",
                (calls, a) -> calls.policy(a).searchActions(bytes(a, "request")));
        OPERATIONS.put("route", ParityCalls::routed);
        OPERATIONS.put("compile", (calls, a) -> {
            try (Policy policy = Policy.fromDocuments(documents(a), text(a, "digest"))) {
                return Map.of("hex", HexFormat.of().formatHex(policy.image()));
            }
        });
        OPERATIONS.put("check",
                (calls, a) -> Policy.check(documents(a)).stream().map(ParityCalls::error).toList());
        OPERATIONS.put("policy_warnings", (calls, a) -> Policy.warnings(documents(a)).stream()
                .map(ParityCalls::error).toList());
        OPERATIONS.put("bundle", (calls, a) -> Policy.bundle(documents(a)));
        OPERATIONS.put("gate", (calls, a) -> ParityGate.steps(calls.policy(a), a));
    }

    private final Map<String, byte[]> images = new HashMap<>();
    private final Map<String, Policy> policies = new HashMap<>();

    ParityCalls(Map<String, Object> spelled) {
        spelled.forEach((name, image) -> {
            images.put(name, Spelled.bytes(image));
            policies.put(name, Policy.fromImage(images.get(name), null));
        });
    }

    /** The answer or the error of a call, as the file has them. */
    Map<String, Object> answer(String operation, Map<String, Object> arguments) {
        try {
            return Map.of("answer", OPERATIONS.get(operation).answer(this, arguments));
        } catch (CogAuthException failure) {
            return Map.of("error", error(failure));
        }
    }

    @Override
    public void close() {
        policies.values().forEach(Policy::close);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    static byte[] bytes(Map<String, Object> arguments, String name) {
        Object value = arguments.get(name);
        return value == null ? null : Spelled.bytes(value);
    }

    static String text(Map<String, Object> arguments, String name) {
        return (String) arguments.get(name);
    }

    static long number(Map<String, Object> arguments, String name) {
        return (Long) arguments.get(name);
    }

    static List<byte[]> values(Map<String, Object> arguments) {
        List<byte[]> values = new ArrayList<>();
        for (long times = number(arguments, "times"); times > 0; times--) {
            ((List<?>) arguments.get("values")).forEach(value -> values.add(Spelled.bytes(value)));
        }
        return values;
    }

    static Map<String, Object> error(CogAuthException failure) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("code", failure.code());
        members.put("codeName", failure.codeName());
        members.put("message", failure.getMessage());
        put(members, "offset", failure.offset());
        failure.document().ifPresent(text -> members.put("document", text));
        failure.pointer().ifPresent(text -> members.put("pointer", text));
        put(members, "line", failure.line());
        put(members, "column", failure.column());
        put(members, "length", failure.length());
        failure.suggestion().ifPresent(text -> members.put("suggestion", text));
        return members;
    }

    static void put(Map<String, Object> members, String name, OptionalLong value) {
        value.ifPresent(number -> members.put(name, number));
    }

    private Policy policy(Map<String, Object> arguments) {
        return policies.get(text(arguments, "policy"));
    }

    private static boolean loaded(AutoCloseable keys) {
        try (keys) {
            return true;
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static Object token(Token token) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("handle", token.handle());
        members.put("kind", token.kind().text());
        members.put("keyId", token.keyId());
        members.put("id", token.id());
        put(members, "hardExpiry", token.hardExpiry());
        return members;
    }

    private static Object accepted(Accepted accepted) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("handle", accepted.token().handle());
        members.put("kind", accepted.token().kind().text());
        members.put("id", accepted.token().id());
        members.put("principal", accepted.principal());
        put(members, "validUntil", accepted.validUntil());
        members.put("record", Json.parse(accepted.record()));
        return members;
    }

    private static Object issued(ParityCalls calls, Map<String, Object> a) {
        byte[] peppers = bytes(a, "peppers");
        try (Peppers with = peppers == null ? null : new Peppers(peppers)) {
            RecordDraft draft = new RecordDraft(text(a, "principal"), texts(a.get("scopes")),
                    number(a, "createdAt")).peppers(with).name(text(a, "name"))
                    .metadata(bytes(a, "metadata"));
            if (Boolean.TRUE.equals(a.get("edges"))) {
                draft.forEdges();
            }
            if (a.get("organizations") != null) {
                draft.organizations(texts(a.get("organizations")));
            }
            if (a.get("addresses") != null) {
                draft.addresses(texts(a.get("addresses")));
            }
            if (a.get("notBefore") != null) {
                draft.notBefore(number(a, "notBefore"));
            }
            if (a.get("expiresAt") != null) {
                draft.expiresAt(number(a, "expiresAt"));
            }
            return Records.issue(bytes(a, "token"), draft);
        }
    }

    private static Object rotatedWithin(ParityCalls calls, Map<String, Object> a) {
        byte[] record = bytes(a, "record");
        byte[] successor = bytes(a, "successor");
        boolean isAllowed = Boolean.TRUE.equals(a.get("laterExpiry"));
        if (!isAllowed && a.get("maxGrace") == null) {
            return Records.rotate(record, successor, number(a, "until"), number(a, "at"));
        }
        // What the library takes where no other grace is given.
        long most = a.get("maxGrace") == null ? 30 * 86_400 : number(a, "maxGrace");
        return Records.rotate(record, successor, number(a, "until"), number(a, "at"),
                isAllowed ? Records.LaterExpiry.ALLOWED : Records.LaterExpiry.REFUSED, most);
    }

    private static Object authorization(ParityCalls calls, Map<String, Object> a) {
        Authorization found = Authorization.read(values(a));
        return switch (found.scheme()) {
            case NOTHING -> Map.of("scheme", "nothing");
            case OTHER -> Map.of("scheme", "other");
            case BEARER -> Map.of("scheme", "bearer", "credential", utf8(found.credential()));
        };
    }

    private static Object scanned(ParityCalls calls, Map<String, Object> a) {
        List<Object> findings = new ArrayList<>();
        for (Redaction.Finding finding : Redaction.scan(bytes(a, "text"))) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("start", finding.start());
            members.put("end", finding.end());
            members.put("handle", finding.handle().orElse(null));
            findings.add(members);
        }
        return findings;
    }

    private static Object scannedDecoding(ParityCalls calls, Map<String, Object> a) {
        byte[] keys = bytes(a, "keys");
        if (keys == null) {
            return decoded(Redaction.scanDecoding(bytes(a, "text")));
        }
        try (EdgeKeys with = new EdgeKeys(keys)) {
            return decoded(Redaction.scanDecoding(bytes(a, "text"), with));
        }
    }

    private static Object decoded(List<Redaction.DecodedFinding> found) {
        List<Object> findings = new ArrayList<>();
        for (Redaction.DecodedFinding finding : found) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("start", finding.start());
            members.put("end", finding.end());
            members.put("certainty", finding.certainty().name().toLowerCase(java.util.Locale.ROOT));
            finding.handle().ifPresent(handle -> members.put("handle", handle));
            members.put("encodings", finding.encodings());
            finding.genuine().ifPresent(genuine -> members.put("genuine", genuine));
            findings.add(members);
        }
        return findings;
    }

    private static Object loadedImage(ParityCalls calls, Map<String, Object> a) {
        byte[] image = calls.images.get(text(a, "policy")).clone();
        if (a.get("cut") != null) {
            image = java.util.Arrays.copyOf(image, (int) number(a, "cut"));
        }
        if (a.get("change") != null) {
            image[(int) number(a, "change")] ^= 0x41;
        }
        try (Policy policy = Policy.fromImage(image, null)) {
            return policy.digest();
        }
    }

    /** Deciding without an explanation must say the same. */
    private static Object decided(ParityCalls calls, Map<String, Object> a) {
        String answer = calls.policy(a).explain(bytes(a, "request"));
        boolean isAllowed = calls.policy(a).decide(bytes(a, "request")).isAllowed();
        boolean isSame = Boolean.valueOf(isAllowed).equals(Json.object(answer).get("decision"));
        return isSame ? answer : "decide says another thing than explain";
    }

    private static Object routed(ParityCalls calls, Map<String, Object> a) {
        Route route = calls.policy(a).route(text(a, "method"), text(a, "target"));
        Map<String, Object> members = new LinkedHashMap<>();
        if (route instanceof Route.Found found) {
            members.put("found", true);
            members.put("action", found.action());
            found.organization().ifPresent(id -> members.put("organization", id));
            found.resource().ifPresent(it -> members.put("resource", ParityGate.resource(it)));
            members.put("parameters", found.parameters());
            members.put("undecided", found.undecided());
        } else if (route instanceof Route.Missing missing) {
            members.put("found", false);
            members.put("reason", missing.reason());
            if (missing.reason().equals("method_not_allowed")) {
                members.put("methods", missing.methods());
            }
        }
        return members;
    }

    private static List<PolicyDocument> documents(Map<String, Object> a) {
        List<PolicyDocument> documents = new ArrayList<>();
        for (Object item : (List<?>) a.get("documents")) {
            List<?> pair = (List<?>) item;
            documents.add(new PolicyDocument((String) pair.get(0), Spelled.bytes(pair.get(1))));
        }
        return documents;
    }

    @SuppressWarnings("unchecked")
    private static List<String> texts(Object value) {
        return (List<String>) value;
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
