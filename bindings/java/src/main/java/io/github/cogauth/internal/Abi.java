package io.github.cogauth.internal;

/**
 * The numbers of the C header that must be spelled, in one place. A test compares them with the
 * header. Names are the header's without {@code COGAUTH_}.
 */
public final class Abi {
    public static final int ABI_MAJOR = 1;
    public static final int ABI_MINOR = 3;
    public static final int FEATURE_FULL = 1;

    /** An unknown number, or no time: all bits set. */
    public static final long NONE = -1L;

    public static final int E_WRONG_LENGTH = 103;
    public static final int E_UNKNOWN_KIND = 104;
    public static final int E_TIME_OUT_OF_RANGE = 135;
    public static final int E_INVALID_UNICODE = 202;
    public static final int E_INVALID_ARGUMENT = 701;
    public static final int E_FREED = 702;
    public static final int E_FAULT = 703;
    public static final int E_BUFFER_TOO_SMALL = 705;
    public static final int E_WRONG_STEP = 706;
    public static final int E_OUT_OF_MEMORY = 707;

    public static final int STEP_REFUSED = 0;
    public static final int STEP_RECORD = 1;
    public static final int STEP_FACTS = 2;
    public static final int STEP_ALLOWED = 3;
    public static final int STEP_PASS_ON = 4;
    public static final int STEP_PREFLIGHT = 5;

    public static final int TEXT_CREDENTIAL_ID = 1;
    public static final int TEXT_CREDENTIAL_HANDLE = 2;
    public static final int TEXT_CREDENTIAL_KIND = 3;
    public static final int TEXT_PRINCIPAL = 4;
    public static final int TEXT_PRINCIPAL_TYPE = 5;
    public static final int TEXT_ORGANIZATION = 6;
    public static final int TEXT_ACTION = 7;
    public static final int TEXT_CODE = 8;
    public static final int TEXT_BODY = 9;
    public static final int TEXT_AUDIT = 10;
    public static final int TEXT_RESOURCE_TYPE = 11;
    public static final int TEXT_RESOURCE_ID = 12;

    public static final int LIST_HEADERS = 1;
    public static final int LIST_UNDECIDED = 2;
    public static final int LIST_ADVICE = 3;
    public static final int LIST_PARAMETERS = 4;

    public static final int GATE_RETRY_AFTER = 1;
    public static final int GATE_MAX_RECORD_AGE = 2;
    public static final int GATE_PASS_ON = 4;
    public static final int GATE_PREFLIGHT = 8;

    public static final int DENY = 0;
    public static final int ALLOW = 1;
    public static final int DENIAL_NONE = 0;
    public static final int DENIAL_FORBIDDEN = 1;
    public static final int DENIAL_REQUIREMENT = 2;
    public static final int DENIAL_NO_GRANT = 3;
    public static final int DENIAL_INDETERMINATE = 4;

    public static final int NO_HARD_EXPIRY = 1852796517;
    public static final int DRAFT_FOR_EDGES = 1;
    public static final int DRAFT_ORGANIZATIONS = 2;
    public static final int DRAFT_NOT_BEFORE = 4;
    public static final int DRAFT_EXPIRES_AT = 8;
    public static final int DRAFT_ADDRESSES = 16;
    public static final int ROTATE_LATER_EXPIRY = 1;

    public static final int SCHEME_NOTHING = 0;
    public static final int SCHEME_OTHER = 1;
    public static final int SCHEME_BEARER = 2;

    public static final int KIND_NONE = 0;
    public static final int KIND_SERVICE_USER_KEY = 1;
    public static final int KIND_PERSONAL_ACCESS_TOKEN = 2;
    public static final int KIND_SAMPLE = 3;

    public static final int TOKEN_LENGTH = 81;
    public static final int MINT_RANDOM_LENGTH = 64;
    /** Said in the text of {@code cogauth_root_keys_new}. */
    public static final int ROOT_KEY_RANDOM_LENGTH = 32;

    /** {@code cogauth_token}: its size and where its fields are, the same everywhere. */
    public static final int TOKEN_SIZE = 64;
    public static final int TOKEN_KIND = 4;
    public static final int TOKEN_HARD_EXPIRY = 8;
    public static final int TOKEN_KEY_ID = 12;
    public static final int TOKEN_KEY_ID_ROOM = 4;
    public static final int TOKEN_ID = 16;
    public static final int TOKEN_ID_ROOM = 16;
    public static final int TOKEN_HANDLE = 32;
    public static final int TOKEN_HANDLE_ROOM = 32;

    /** {@code cogauth_finding}. */
    public static final int FINDING_SIZE = 56;
    public static final int FINDING_IS_TOKEN = 4;
    public static final int FINDING_START = 8;
    public static final int FINDING_END = 16;
    public static final int FINDING_HANDLE = 24;
    public static final int FINDING_HANDLE_ROOM = 32;

    /** {@code cogauth_decision}. */
    public static final int DECISION_SIZE = 16;
    public static final int DECISION_DECISION = 4;
    public static final int DECISION_DENIAL = 8;

    /** {@code cogauth_error}: what stands before its pointer. */
    public static final int ERROR_CODE = 4;
    public static final int ERROR_JSON = 40;

    private Abi() {
    }

    /** A time as the library takes it. What is below 0 becomes one that it refuses with 135. */
    public static long time(long seconds) {
        return seconds < 0 ? Long.MIN_VALUE : seconds;
    }
}
