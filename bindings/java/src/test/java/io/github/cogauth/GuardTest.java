package io.github.cogauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A guard asks what the gate asks, and whatever fails ends in a refusal or an error. */
class GuardTest {
    private static final Clock CLOCK =
            Clock.fixed(Instant.ofEpochSecond(Inputs.NOW), ZoneOffset.UTC);
    private static final HttpRequest REQUEST =
            new HttpRequest("GET", Inputs.TARGET, List.of(Inputs.AUTHORIZATION));
    private static final RecordStore RECORDS =
            id -> Answer.found(Inputs.bytes(Inputs.RECORD), Inputs.NOW);
    private static final FactsStore FACTS = (principal, organization) -> Answer.found(Inputs.FACTS);

    private final Gate gate = gate(new GateOptions());

    @AfterEach
    void close() {
        gate.close();
    }

    @Test
    void whatTheGateAllowsIsAllowed() {
        Step.Allowed allowed = assertInstanceOf(Step.Allowed.class, check(id -> {
            assertEquals("AAAABBBBCCCC", id);
            return RECORDS.record(id);
        }, (principal, organization) -> {
            assertEquals("su_ci", principal);
            assertEquals("org-a", organization.orElseThrow());
            return FACTS.facts(principal, organization);
        }));
        assertEquals("su_ci", allowed.principal());
        assertEquals("ViewOrgSessions", allowed.action());
        assertThrows(UnsupportedOperationException.class, () -> allowed.undecided().add("x"));
    }

    @Test
    void theClientsAddressIsJudged() {
        String narrowed = Inputs.RECORD.replaceFirst("}$", ",\"addresses\":[\"192.0.2.0/24\"]}");
        Guard guard = new Guard(gate, id -> Answer.found(narrowed), FACTS, CLOCK);
        assertInstanceOf(Step.Allowed.class, guard.check(REQUEST.withClientAddress("192.0.2.7")));
        assertEquals(403, refused(guard.check(REQUEST.withClientAddress("192.0.3.7"))).status());
        assertEquals(403, refused(guard.check(REQUEST.withClientAddress("here"))).status());
        assertEquals(403, refused(guard.check(REQUEST)).status());
    }

    @Test
    void theStoreIsToldWhatElseThePathNames() {
        Route.Resource user = new Route.Resource("user", "user_02");
        HttpRequest request = new HttpRequest("DELETE", "/v3/enterprise/members/users/user_02",
                List.of(Inputs.AUTHORIZATION));
        List<Optional<Route.Resource>> asked = new ArrayList<>();
        FactsStore store = new FactsStore() {
            @Override
            public Answer facts(String principal, Optional<String> organization) {
                throw new AssertionError();
            }

            @Override
            public Answer facts(String principal, Optional<String> organization,
                    Optional<Route.Resource> resource) {
                asked.add(resource);
                return Answer.found(organization.isPresent() ? Inputs.FACTS
                        : "{" + Inputs.FACTS.substring(Inputs.FACTS.indexOf("\"principal\"")));
            }
        };
        Guard guard = new Guard(gate, RECORDS, store, CLOCK);
        assertEquals(403, refused(guard.check(request)).status());
        Step.Allowed allowed = assertInstanceOf(Step.Allowed.class, guard.check(REQUEST));
        assertEquals(List.of(Optional.of(user), Optional.empty()), asked);
        assertEquals(Optional.empty(), allowed.resource());
        assertEquals(Map.of("org_id", "org-a"), allowed.parameters());
        assertThrows(UnsupportedOperationException.class, () -> allowed.parameters().clear());
    }

    @Test
    void theStoreIsToldThePrincipalsType() {
        List<String> asked = new ArrayList<>();
        FactsStore store = new FactsStore() {
            @Override
            public Answer facts(String principal, Optional<String> organization) {
                throw new AssertionError();
            }

            @Override
            public Answer facts(String principal, Optional<String> organization,
                    Optional<Route.Resource> resource, String principalType) {
                asked.add(principalType + " " + principal + " " + organization.orElseThrow());
                return Answer.found(Inputs.FACTS);
            }
        };
        assertInstanceOf(Step.Allowed.class, check(RECORDS, store));
        assertEquals(List.of("service_user su_ci org-a"), asked);
    }

    @Test
    void aStoreThatFailsIsUnavailable() {
        RecordStore[] records = {
            id -> {
                throw new IOException("no route");
            },
            id -> {
                throw new IllegalStateException();
            },
            id -> {
                throw new AssertionError();
            },
            id -> null,
            id -> Answer.unavailable(),
            id -> Answer.found(Inputs.bytes(Inputs.RECORD), -5),
            id -> Answer.found("no record"),
        };
        for (RecordStore store : records) {
            assertEquals(503, refused(check(store, FACTS)).status());
        }
        FactsStore[] facts = {
            (principal, organization) -> {
                throw new IOException();
            },
            (principal, organization) -> {
                throw new StackOverflowError();
            },
            (principal, organization) -> null,
            (principal, organization) -> Answer.unavailable(),
        };
        for (FactsStore store : facts) {
            assertEquals(503, refused(check(RECORDS, store)).status());
        }
    }

    @Test
    void aStoreThatIsInterruptedLeavesTheThreadSo() {
        assertEquals(503, refused(check(id -> {
            throw new InterruptedException();
        }, FACTS)).status());
        assertTrue(Thread.interrupted());
    }

    @Test
    void aThreadThatIsInterruptedIsServed() {
        Thread.currentThread().interrupt();
        assertInstanceOf(Step.Allowed.class, check(RECORDS, FACTS));
        assertTrue(Thread.interrupted());
    }

    @Test
    void whatIsAbsentIsRefused() {
        Step.Refused refused = refused(check(id -> Answer.absent(), FACTS));
        assertEquals(401, refused.status());
        assertEquals("unknown_credential", refused.codeName());
        assertEquals(121, refused.code());
        assertTrue(refused.headers().get("www-authenticate").startsWith("Bearer realm=\"cog\""));
        assertEquals(401,
                refused(check(RECORDS, (principal, organization) -> Answer.absent())).status());
    }

    @Test
    void aRecordOfAnUnknownAgeIsTooOld() {
        try (Gate strict = gate(new GateOptions().maxRecordAge(60).retryAfter(7))) {
            RecordStore store = id -> Answer.found(Inputs.RECORD);
            Step.Refused refused = refused(new Guard(strict, store, FACTS, CLOCK).check(REQUEST));
            assertEquals("stale_record", refused.codeName());
            assertEquals("7", refused.headers().get("retry-after"));
            assertInstanceOf(Step.Allowed.class,
                    new Guard(strict, RECORDS, FACTS, CLOCK).check(REQUEST));
        }
    }

    @Test
    void aWrongContextIsAnError() {
        Guard guard = new Guard(gate, RECORDS, FACTS, CLOCK);
        assertEquals(602, assertThrows(CogAuthException.class, () -> guard.check(
                REQUEST.withContext(Inputs.bytes("{\"time\":1}")))).code());
        assertInstanceOf(Step.Allowed.class,
                guard.check(REQUEST.withContext(Inputs.bytes("{\"ip\":\"::1\"}"))));
    }

    @Test
    void olderCredentialsAndPreflightsAreOutcomesOfTheirOwn() {
        try (Gate open = gate(new GateOptions().passOn().preflight())) {
            Guard guard = new Guard(open, RECORDS, FACTS, CLOCK);
            assertInstanceOf(Step.PassOn.class, guard.check(new HttpRequest("GET", Inputs.TARGET,
                    List.of("Bearer cog_oldandopaque"))));
            assertInstanceOf(Step.Preflight.class,
                    guard.check(new HttpRequest("OPTIONS", Inputs.TARGET, List.of())));
        }
    }

    private Step.Outcome check(RecordStore records, FactsStore facts) {
        return new Guard(gate, records, facts, CLOCK).check(REQUEST);
    }

    private static Step.Refused refused(Step.Outcome outcome) {
        return assertInstanceOf(Step.Refused.class, outcome);
    }

    private static Gate gate(GateOptions options) {
        try (Policy policy = Policy.builtin(); EdgeKeys keys = new EdgeKeys(Inputs.EDGE_KEYS)) {
            return Gate.atEdge(policy, keys, options);
        }
    }
}
