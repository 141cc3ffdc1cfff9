package io.github.cogauth;

import io.github.cogauth.internal.Abi;

/**
 * A decision without an explanation.
 *
 * @param isAllowed whether it is allowed
 * @param denial why it is denied; {@link Denial#NONE} if it is allowed
 */
public record Decision(boolean isAllowed, Denial denial) {
    /** Why something is denied. */
    public enum Denial {
        /** It is not. */
        NONE,
        /** A rule forbids it. */
        FORBIDDEN,
        /** A requirement is not met. */
        REQUIREMENT,
        /** No rule permits it. */
        NO_GRANT,
        /** Something that is needed to decide is missing or cannot be used. */
        INDETERMINATE,
    }

    private static final Decision ALLOWED = new Decision(true, Denial.NONE);

    static Decision of(int decision, int denial) {
        if (decision == Abi.ALLOW && denial == Abi.DENIAL_NONE) {
            return ALLOWED;
        }
        switch (denial) {
            case Abi.DENIAL_FORBIDDEN:
                return new Decision(false, Denial.FORBIDDEN);
            case Abi.DENIAL_REQUIREMENT:
                return new Decision(false, Denial.REQUIREMENT);
            case Abi.DENIAL_NO_GRANT:
                return new Decision(false, Denial.NO_GRANT);
            default:
                return new Decision(false, Denial.INDETERMINATE);
        }
    }
}
