package io.github.cogauth;

import java.util.List;
import java.util.Objects;

/** What an issuer says of a new credential. Each method answers the draft itself. */
public final class RecordDraft {
    final String principal;
    final List<String> scopes;
    final long createdAt;
    Peppers peppers;
    boolean isForEdges;
    List<String> organizations;
    List<String> addresses;
    String name;
    byte[] metadata;
    Long notBefore;
    Long expiresAt;

    /**
     * A draft.
     *
     * @param principal the id of the principal that the credential acts as
     * @param scopes {@code "*"} alone for all that the principal may do, or names of actions
     * @param createdAt now, in seconds since the epoch
     */
    public RecordDraft(String principal, List<String> scopes, long createdAt) {
        this.principal = Objects.requireNonNull(principal, "principal");
        this.scopes = List.copyOf(scopes);
        this.createdAt = createdAt;
    }

    /** Adds the digest that origins compare. */
    public RecordDraft peppers(Peppers value) {
        peppers = value;
        return this;
    }

    /** Adds the digest that edges compare. */
    public RecordDraft forEdges() {
        isForEdges = true;
        return this;
    }

    /** Narrows it to these organizations, which may be none. */
    public RecordDraft organizations(List<String> value) {
        organizations = List.copyOf(value);
        return this;
    }

    /** Narrows it to these IP addresses and CIDR prefixes, which may be none. */
    public RecordDraft addresses(List<String> value) {
        addresses = List.copyOf(value);
        return this;
    }

    /** What its owner calls it. */
    public RecordDraft name(String value) {
        name = value;
        return this;
    }

    /** A JSON object of the issuer's own. */
    public RecordDraft metadata(byte[] value) {
        metadata = value;
        return this;
    }

    /** From when on it is good, in seconds since the epoch; at once unless it is said. */
    public RecordDraft notBefore(long value) {
        notBefore = value;
        return this;
    }

    /** Until when it is good, in seconds since the epoch; without end unless it is said. */
    public RecordDraft expiresAt(long value) {
        expiresAt = value;
        return this;
    }
}
