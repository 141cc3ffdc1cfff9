package io.github.cogauth.internal;

/**
 * The functions of the C library, with what they return and take: {@code p} a pointer, {@code z} a
 * {@code size_t}, {@code i} 32 bits, {@code l} 64 bits, {@code v} nothing.
 */
public enum Function {
    ABI_VERSION("i"),
    VERSION("p"),
    FEATURES("i"),
    CODE_NAME("pip"),
    CODE_SENTENCE("pip"),
    ACCEPT_AT_EDGE("ippzlpzlpzpp"),
    ACCEPT_AT_ORIGIN("ipppzlpzlpzpp"),
    POLICY_FROM_DOCUMENTS("ipzpzpp"),
    POLICY_CHECK("ipzpzpp"),
    POLICY_WARNINGS("ipzpzpp"),
    POLICY_BUNDLE("ipzpzpp"),
    POLICY_BUILTIN("ipp"),
    EXCHANGE_BEGIN("ipplpp"),
    EXCHANGE_RELEASE("vp"),
    EXCHANGE_STEP("ip"),
    EXCHANGE_FOUND("ipipzlp"),
    EXCHANGE_ABSENT("ipip"),
    EXCHANGE_UNAVAILABLE("ipip"),
    EXCHANGE_TEXT("ipip"),
    EXCHANGE_COUNT("zpi"),
    EXCHANGE_ENTRY("ipizpp"),
    EXCHANGE_STATUS("ip"),
    EXCHANGE_CODE("ip"),
    EXCHANGE_VALID_UNTIL("lp"),
    EXCHANGE_JSON("ippzpp"),
    EXCHANGE_RECORD("ippzpp"),
    GATE_NEW("ipppppp"),
    GATE_RELEASE("vp"),
    EDGE_KEYS_READ("ipzpp"),
    EDGE_KEYS_RELEASE("vp"),
    EDGE_KEYS_EXPOSE("ippzpp"),
    PEPPERS_READ("ipzpp"),
    PEPPERS_RELEASE("vp"),
    PEPPERS_EXPOSE("ippzpp"),
    ROOT_KEYS_READ("ipzpp"),
    ROOT_KEYS_NEW("ipzpzpp"),
    ROOT_KEYS_EDGE_KEYS("ippp"),
    ROOT_KEYS_PEPPERS("ippp"),
    ROOT_KEYS_EXPOSE("ippzpp"),
    ROOT_KEYS_RELEASE("vp"),
    POLICY_FROM_IMAGE("ipzpzpp"),
    POLICY_RELEASE("vp"),
    POLICY_IMAGE("ippp"),
    POLICY_DIGEST("ippzpp"),
    POLICY_IMAGE_DIGEST("ippzpp"),
    POLICY_ACTIONS("ippzpp"),
    POLICY_DECIDE("ippzpp"),
    POLICY_EXPLAIN("ippzpzpp"),
    POLICY_EVALUATE("ippzpzpp"),
    POLICY_SEARCH_ACTIONS("ippzpzpp"),
    POLICY_ROUTE("ippzpzpzpp"),
    RECORD_ISSUE("ippzpp"),
    RECORD_READ("ipzpzpp"),
    RECORD_FOR_EDGES("ipzpzpp"),
    RECORD_FOR_DISPLAY("ipzpzpp"),
    RECORD_REVOKE("ipzlpzpp"),
    RECORD_ROTATE("ipzpzllpzpp"),
    RECORD_ROTATE_WITHIN("ipzpzllilpzpp"),
    RECORD_USED("ipzlpzpp"),
    RECORD_MERGE("ipzpzpzpp"),
    RECORD_INACTIVE("ipzlpp"),
    TOKEN_MINT("ippziipzpzpp"),
    AUTHORIZATION_READ("ipzppp"),
    TEXT_SCAN("ipzzppp"),
    TEXT_REDACT("ipzpzpp"),
    TEXT_REDACT_DECODING("ipzpzpp"),
    TEXT_SCAN_DECODING("ipzppzpp"),
    TOKEN_PARSE("ipzpp"),
    TOKEN_VERIFY("ippzlpp"),
    TOKEN_DIGEST("ippzpzpzpp"),
    TOKEN_EDGE_DIGEST("ipzpzpzpp");

    private final String shape;

    Function(String shape) {
        this.shape = shape;
    }

    /** The name in the library. */
    public String symbol() {
        return "cogauth_" + name().toLowerCase(java.util.Locale.ROOT);
    }

    /** What it returns. */
    public char result() {
        return shape.charAt(0);
    }

    /** What it takes, in order. */
    public String parameters() {
        return shape.substring(1);
    }
}
