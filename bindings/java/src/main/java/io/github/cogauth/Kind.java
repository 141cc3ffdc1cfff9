package io.github.cogauth;

import io.github.cogauth.internal.Abi;

/** What a token is for. */
public enum Kind {
    /** A service user's API key. */
    SERVICE_USER_KEY("service_user_key", Abi.KIND_SERVICE_USER_KEY),
    /** A personal access token. */
    PERSONAL_ACCESS_TOKEN("personal_access_token", Abi.KIND_PERSONAL_ACCESS_TOKEN),
    /** A sample for documentation and tests, valid nowhere. */
    SAMPLE("sample", Abi.KIND_SAMPLE);

    private static final Kind[] ALL = values();

    private final String text;
    final int number;

    Kind(String text, int number) {
        this.text = text;
        this.number = number;
    }

    /** The name in records and policies, such as {@code service_user_key}. */
    public String text() {
        return text;
    }

    /**
     * The kind of a name.
     *
     * @throws CogAuthException 104 {@code unknown_kind}
     */
    public static Kind of(String text) {
        for (Kind kind : ALL) {
            if (kind.text.equals(text)) {
                return kind;
            }
        }
        throw new CogAuthException(Abi.E_UNKNOWN_KIND);
    }

    static Kind of(int number) {
        for (Kind kind : ALL) {
            if (kind.number == number) {
                return kind;
            }
        }
        throw new CogAuthException(Abi.E_FAULT);
    }
}
