package io.github.cogauth;

import io.github.cogauth.internal.Abi;
import io.github.cogauth.internal.Utf8;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Where an {@link Exchange} stands: a question to answer, or the outcome. */
public sealed interface Step {
    /** An end of an exchange. */
    sealed interface Outcome extends Step {
    }

    /** A question. It can be answered once: again is the error 706. */
    abstract sealed class Question {
        final Exchange exchange;
        final int number;

        Question(Exchange exchange, int number) {
            this.exchange = exchange;
            this.number = number;
        }

        /** The store has no such thing: 401 follows. */
        public Step absent() {
            return exchange.absent(number);
        }

        /** The store did not answer: 503 follows. */
        public Step unavailable() {
            return exchange.unavailable(number);
        }
    }

    /** Fetch the record of this credential, and answer. */
    final class RecordNeeded extends Question implements Step {
        private final String id;

        RecordNeeded(Exchange exchange, String id) {
            super(exchange, Abi.STEP_RECORD);
            this.id = id;
        }

        /** The credential's id. */
        public String id() {
            return id;
        }

        /** The record's JSON text, fetched at a time that is not known. */
        public Step found(byte[] record) {
            return exchange.found(number, record, Abi.NONE);
        }

        /**
         * The record's JSON text.
         *
         * @param fetchedAt when it was read from where it is written, in seconds since the epoch
         * @throws CogAuthException 135 {@code time_out_of_range}
         */
        public Step found(byte[] record, long fetchedAt) {
            return exchange.found(number, record, Abi.time(fetchedAt));
        }
    }

    /** Fetch what is known of this principal, and of this organization and resource if named. */
    final class FactsNeeded extends Question implements Step {
        private final String principal;
        private final String principalType;
        private final Optional<String> organization;
        private final Optional<Route.Resource> resource;

        FactsNeeded(Exchange exchange, String principal, String principalType,
                String organization, Optional<Route.Resource> resource) {
            super(exchange, Abi.STEP_FACTS);
            this.principal = principal;
            this.principalType = principalType;
            this.organization = Optional.ofNullable(organization);
            this.resource = resource;
        }

        /** Of whom facts are asked. */
        public String principal() {
            return principal;
        }

        /**
         * The principal's type: {@code user} or {@code service_user}. Ids alone do not tell a user
         * from a service user.
         */
        public String principalType() {
            return principalType;
        }

        /** The organization that the path names. */
        public Optional<String> organization() {
            return organization;
        }

        /** What else the path names. */
        public Optional<Route.Resource> resource() {
            return resource;
        }

        /** The facts' JSON text. */
        public Step found(byte[] facts) {
            return exchange.found(number, facts, Abi.NONE);
        }

        /** As {@link #found(byte[])}. */
        public Step found(String facts) {
            return found(Utf8.bytes(facts));
        }
    }

    /**
     * Let it through.
     *
     * @param principalType {@code user} or {@code service_user}
     * @param principal who asks
     * @param kind of the credential
     * @param credentialId of the credential
     * @param handle the part of the token that may be shown
     * @param action what it asks for
     * @param organization the organization that the path names
     * @param resource what else the path names
     * @param parameters what was sent in the places of the route's parameters, by their names
     * @param undecided further actions that the service must judge
     * @param advice codes of advice
     * @param validUntil the least of the expiries known, in seconds since the epoch
     * @param audit the audit record: one line of JSON, without secrets
     */
    record Allowed(String principalType, String principal, Kind kind, String credentialId,
            String handle, String action, Optional<String> organization,
            Optional<Route.Resource> resource, Map<String, String> parameters,
            List<String> undecided, List<String> advice, OptionalLong validUntil, String audit)
            implements Outcome {
    }

    /**
     * Answer with this.
     *
     * @param status of the response
     * @param code the number for the audit; clients see less
     * @param codeName its name
     * @param headers of the response, in order, with lower-case names
     * @param body {@code application/problem+json} (RFC 9457)
     * @param audit the audit record: one line of JSON, without secrets
     */
    record Refused(int status, int code, String codeName, Map<String, String> headers, String body,
            String audit) implements Outcome {
    }

    /**
     * An older opaque credential, of which nothing is known here: whoever issued it must judge it.
     * Never an allow.
     */
    record PassOn() implements Outcome {
    }

    /** A CORS preflight: answer it as CORS asks, and never with data. */
    record Preflight() implements Outcome {
    }
}
