package pure

// Where the fields of cogauth.h's structs are in wasm32, where a pointer and a size_t have 4 bytes.
// A test lays the header's structs out and compares.
const (
	sliceLength = 4
	sizeofSlice = 8

	errorCode         = 4
	errorJSON         = 40
	errorJSONCapacity = 44
	errorJSONLength   = 48
	sizeofError       = 56

	tokenKind       = 4
	tokenHardExpiry = 8
	tokenKeyID      = 12
	tokenID         = 16
	tokenHandle     = 32
	sizeofToken     = 64

	decisionDecision = 4
	decisionDenial   = 8
	sizeofDecision   = 16

	findingIsToken = 4
	findingStart   = 8
	findingEnd     = 16
	findingHandle  = 24
	sizeofFinding  = 56

	requestMethod             = 8
	requestTarget             = 16
	requestAuthorization      = 24
	requestAuthorizationCount = 28
	requestContext            = 32
	requestClientAddress      = 40
	sizeofRequest             = 48

	optionsFlags        = 4
	optionsRealm        = 8
	optionsRetryAfter   = 16
	optionsMaxRecordAge = 24
	sizeofOptions       = 32

	draftFlags              = 4
	draftToken              = 8
	draftPrincipal          = 16
	draftScopes             = 24
	draftScopesCount        = 28
	draftOrganizations      = 32
	draftOrganizationsCount = 36
	draftPeppers            = 40
	draftName               = 44
	draftMetadata           = 52
	draftCreatedAt          = 64
	draftNotBefore          = 72
	draftExpiresAt          = 80
	draftAddresses          = 88
	draftAddressesCount     = 92
	sizeofDraft             = 96
)
