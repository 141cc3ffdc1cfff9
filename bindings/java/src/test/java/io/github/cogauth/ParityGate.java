package io.github.cogauth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The calls of the operation {@code gate}: all steps of an exchange. */
final class ParityGate {
    private ParityGate() {
    }

    static List<Object> steps(Policy policy, Map<String, Object> a) {
        List<Object> told = new ArrayList<>();
        try (Gate gate = gate(policy, a); Exchange exchange = begin(gate, a)) {
            Step step = exchange.step();
            told.add(members(step));
            while (!(step instanceof Step.Outcome)) {
                step = answered(step, a);
                told.add(members(step));
            }
        }
        return told;
    }

    private static Gate gate(Policy policy, Map<String, Object> a) {
        try (EdgeKeys keys = new EdgeKeys(ParityCalls.bytes(a, "keys"))) {
            if (a.get("place").equals("edge")) {
                return Gate.atEdge(policy, keys, options(ParityCalls.map(a.get("options"))));
            }
            try (Peppers peppers = new Peppers(ParityCalls.bytes(a, "peppers"))) {
                return Gate.atOrigin(policy, keys, peppers,
                        options(ParityCalls.map(a.get("options"))));
            }
        }
    }

    private static GateOptions options(Map<String, Object> given) {
        GateOptions options = new GateOptions();
        given.forEach((name, value) -> {
            switch (name) {
                case "realm" -> options.realm((String) value);
                case "retry_after" -> options.retryAfter((Long) value);
                case "max_record_age" -> options.maxRecordAge((Long) value);
                case "pass_on" -> options.passOn();
                case "preflight" -> options.preflight();
                default -> throw new IllegalArgumentException(name);
            }
        });
        return options;
    }

    private static Exchange begin(Gate gate, Map<String, Object> a) {
        Map<String, Object> request = ParityCalls.map(a.get("request"));
        HttpRequest told = new HttpRequest(ParityCalls.bytes(request, "method"),
                ParityCalls.bytes(request, "target"), ParityCalls.values(request));
        if (request.get("clientAddress") != null) {
            told = told.withClientAddress(ParityCalls.text(request, "clientAddress"));
        }
        byte[] context = ParityCalls.bytes(request, "context");
        return gate.begin(context == null ? told : told.withContext(context),
                ParityCalls.number(a, "now"));
    }

    private static Step answered(Step step, Map<String, Object> a) {
        boolean isRecord = step instanceof Step.RecordNeeded;
        Step.Question question = (Step.Question) step;
        Object answer = a.get(isRecord ? "record" : "facts");
        if (answer.equals("absent")) {
            return question.absent();
        }
        if (answer.equals("unavailable")) {
            return question.unavailable();
        }
        Map<String, Object> found = ParityCalls.map(answer);
        byte[] text = ParityCalls.bytes(found, "text");
        if (step instanceof Step.RecordNeeded needed) {
            Long fetchedAt = (Long) found.get("fetchedAt");
            return fetchedAt == null ? needed.found(text) : needed.found(text, fetchedAt);
        }
        return ((Step.FactsNeeded) step).found(text);
    }

    static Map<String, Object> resource(Route.Resource resource) {
        return Map.of("type", resource.type(), "id", resource.id());
    }

    private static Map<String, Object> members(Step step) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (step instanceof Step.RecordNeeded needed) {
            members.put("step", "record");
            members.put("id", needed.id());
        } else if (step instanceof Step.FactsNeeded needed) {
            members.put("step", "facts");
            members.put("principal", needed.principal());
            members.put("principalType", needed.principalType());
            needed.organization().ifPresent(id -> members.put("organization", id));
            needed.resource().ifPresent(it -> members.put("resource", resource(it)));
        } else if (step instanceof Step.Allowed allowed) {
            members.put("step", "allowed");
            members.put("principal",
                    Map.of("type", allowed.principalType(), "id", allowed.principal()));
            members.put("credential", Map.of("kind", allowed.kind().text(), "id",
                    allowed.credentialId(), "handle", allowed.handle()));
            members.put("action", allowed.action());
            allowed.organization().ifPresent(id -> members.put("organization", id));
            allowed.resource().ifPresent(it -> members.put("resource", resource(it)));
            members.put("parameters", allowed.parameters());
            members.put("undecided", allowed.undecided());
            members.put("advice", allowed.advice());
            ParityCalls.put(members, "validUntil", allowed.validUntil());
            members.put("audit", allowed.audit());
        } else if (step instanceof Step.Refused refused) {
            members.put("step", "refused");
            members.put("status", refused.status());
            members.put("code", refused.codeName());
            members.put("headers", refused.headers());
            members.put("body", refused.body());
            members.put("audit", refused.audit());
        } else {
            members.put("step", step instanceof Step.PassOn ? "pass_on" : "preflight");
        }
        return members;
    }
}
