package abi

// What cogauth.h spells as numbers. A test compares each with the header.
const (
	ABIMajor = 1
	ABIMinor = 3

	FeatureFull = 1

	None = ^uint64(0)

	ETimeOutOfRange  = 135
	EInvalidArgument = 701
	EFreed           = 702
	EFault           = 703
	EBufferTooSmall  = 705
	EOutOfMemory     = 707

	StepRefused   = 0
	StepRecord    = 1
	StepFacts     = 2
	StepAllowed   = 3
	StepPassOn    = 4
	StepPreflight = 5

	TextCredentialID     = 1
	TextCredentialHandle = 2
	TextCredentialKind   = 3
	TextPrincipal        = 4
	TextPrincipalType    = 5
	TextOrganization     = 6
	TextAction           = 7
	TextCode             = 8
	TextBody             = 9
	TextAudit            = 10
	TextResourceType     = 11
	TextResourceID       = 12

	ListHeaders    = 1
	ListUndecided  = 2
	ListAdvice     = 3
	ListParameters = 4

	GateRetryAfter   = 1
	GateMaxRecordAge = 2
	GatePassOn       = 4
	GatePreflight    = 8

	Deny  = 0
	Allow = 1

	DenialNone          = 0
	DenialForbidden     = 1
	DenialRequirement   = 2
	DenialNoGrant       = 3
	DenialIndeterminate = 4

	NoHardExpiry = 1852796517

	DraftForEdges      = 1
	DraftOrganizations = 2
	DraftNotBefore     = 4
	DraftExpiresAt     = 8
	DraftAddresses     = 16

	RotateLaterExpiry = 1

	SchemeNothing = 0
	SchemeOther   = 1
	SchemeBearer  = 2

	KindNone                = 0
	KindServiceUserKey      = 1
	KindPersonalAccessToken = 2
	KindSample              = 3

	TokenLength      = 81
	MintRandomLength = 64
)
