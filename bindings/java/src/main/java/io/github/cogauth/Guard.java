package io.github.cogauth;

import io.github.cogauth.internal.Abi;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * A gate with its stores: a request in, the outcome out. No step can be forgotten, and what fails
 * in a store refuses the request with 503. Threads may share it. It does not close its gate.
 */
public final class Guard {
    private static final System.Logger LOGGER = System.getLogger("io.github.cogauth");

    private final Gate gate;
    private final RecordStore records;
    private final FactsStore facts;
    private final Clock clock;

    /** A guard by the system's clock. */
    public Guard(Gate gate, RecordStore records, FactsStore facts) {
        this(gate, records, facts, Clock.systemUTC());
    }

    /** A guard by another clock. */
    public Guard(Gate gate, RecordStore records, FactsStore facts, Clock clock) {
        this.gate = Objects.requireNonNull(gate, "gate");
        this.records = Objects.requireNonNull(records, "records");
        this.facts = Objects.requireNonNull(facts, "facts");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * Judges a request. It asks the stores in the calling thread.
     *
     * @throws CogAuthException as {@link Gate#begin}; nothing is allowed then
     */
    public Step.Outcome check(HttpRequest request) {
        try (Exchange exchange = gate.begin(request, clock.instant().getEpochSecond())) {
            Step step = exchange.step();
            if (step instanceof Step.RecordNeeded needed) {
                step = answer(needed, ask(() -> records.record(needed.id())));
            }
            if (step instanceof Step.FactsNeeded needed) {
                step = answer(needed,
                        ask(() -> facts.facts(needed.principal(), needed.organization(),
                                needed.resource(), needed.principalType())));
            }
            if (step instanceof Step.Outcome outcome) {
                return outcome;
            }
            throw new CogAuthException(Abi.E_WRONG_STEP);
        }
    }

    private static Step answer(Step.Question question, Answer answer) {
        if (answer.isAbsent()) {
            return question.absent();
        }
        if (answer.text == null) {
            return question.unavailable();
        }
        try {
            return question.exchange.found(question.number, answer.text, answer.fetchedAt);
        } catch (CogAuthException wrong) {
            if (wrong.code() != Abi.E_TIME_OUT_OF_RANGE) {
                throw wrong;
            }
            // The store says that it fetched the record at a time that is none.
            return question.unavailable();
        }
    }

    /** Asks a store. Whatever it throws says that it cannot be asked. */
    private static Answer ask(Callable<Answer> store) {
        try {
            Answer answer = store.call();
            return answer == null ? Answer.unavailable() : answer;
        } catch (Throwable failure) {
            if (failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            LOGGER.log(System.Logger.Level.WARNING, "a store failed; the request is refused",
                    failure);
            return Answer.unavailable();
        }
    }
}
