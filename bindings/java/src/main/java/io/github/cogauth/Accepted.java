package io.github.cogauth;

import io.github.cogauth.internal.Json;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A genuine token whose record says that it is active, and whose it is.
 *
 * @param token what the token says of itself
 * @param principal whose it is
 * @param validUntil the least of the expiries known, in seconds since the epoch
 * @param record the record as JSON text, in its one form
 */
public record Accepted(Token token, String principal, OptionalLong validUntil, String record) {
    static Accepted of(Token token, String answer) {
        Map<String, Object> members = Json.object(answer);
        Long until = (Long) members.get("validUntil");
        return new Accepted(token, (String) members.get("principal"),
                until == null ? OptionalLong.empty() : OptionalLong.of(until),
                Json.member(answer, "record"));
    }

    /** What may be shown. */
    @Override
    public String toString() {
        return "Accepted[" + token.handle() + ", " + principal + "]";
    }
}
