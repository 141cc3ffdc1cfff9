package io.github.cogauth;

/** Where the records of credentials are. */
@FunctionalInterface
public interface RecordStore {
    /**
     * Fetches the record of a credential. An exception, or null, says that the store cannot be
     * asked.
     */
    Answer record(String credentialId) throws Exception;
}
