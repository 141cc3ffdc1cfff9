// Right calls: what comes out, when it is written, and what stays as it is where a call fails.
#include "support.h"

#define UNTOUCHED 0x77

// The token of the inputs, in hexadecimal digits.
static const char ENCODED[] =
    "636f675f3173303130303041414141424242424343434353535353545454545555555556565656575"
    "7575758585858595959595a5a33613070354c755137657450784861505267464d623730326b463556";

static char room[65536];
static size_t length;

static int holds(const char *part) {
  room[length < sizeof room ? length : 0] = '\0';
  return strstr(room, part) != NULL;
}

// A call that writes text: the length alone, a byte too little, and exactly enough.
#define WRITES(function, ...)                                                               \
  do {                                                                                      \
    size_t needed_ = 0, again_ = 0;                                                         \
    CODE(function(__VA_ARGS__, NULL, 0, &needed_, NULL), COGAUTH_E_BUFFER_TOO_SMALL);       \
    CHECK(needed_ > 0 && needed_ < sizeof room);                                            \
    memset(room, UNTOUCHED, sizeof room);                                                   \
    CODE(function(__VA_ARGS__, room, needed_ - 1, &again_, NULL), COGAUTH_E_BUFFER_TOO_SMALL); \
    CHECK(again_ == needed_);                                                               \
    CHECK(room[0] == UNTOUCHED && memcmp(room, room + 1, sizeof room - 1) == 0);            \
    CODE(function(__VA_ARGS__, room, needed_, &length, NULL), COGAUTH_OK);                  \
    CHECK(length == needed_ && room[needed_] == UNTOUCHED);                                 \
  } while (0)

static void tokens(const world *made) {
  cogauth_token token;
  cogauth_error error;
  cogauth_slice credential;
  cogauth_slice line = slice(AUTHORIZATION);
  cogauth_finding finding = {.struct_size = sizeof finding};
  int32_t scheme = -1, found = -1;
  unsigned char random[COGAUTH_MINT_RANDOM_LENGTH];

  memset(&token, 0, sizeof token);
  token.struct_size = sizeof token;
  CODE(cogauth_token_parse(TEXT(TOKEN), &token, NULL), 0);
  CHECK(token.kind == COGAUTH_KIND_SERVICE_USER_KEY && strcmp(token.id, "AAAABBBBCCCC") == 0);
  CODE(cogauth_token_parse(TEXT(TOKEN), NULL, NULL), 0);
  CODE(cogauth_token_verify(made->keys, TEXT(TOKEN), NOW, &token, NULL), 0);
  CHECK(token.kind == COGAUTH_KIND_SERVICE_USER_KEY);
  // A struct that is used again shows no older kind.
  CODE(cogauth_token_verify(made->keys, TEXT(TOKEN) - 1, NOW, &token, NULL),
       COGAUTH_E_WRONG_LENGTH);
  CHECK(token.kind == COGAUTH_KIND_NONE);

  memset(&error, 0, sizeof error);
  error.struct_size = sizeof error;
  error.json = room;
  error.json_capacity = sizeof room;
  CODE(cogauth_token_parse("cog_2", 5, NULL, &error), error.code);
  CHECK(error.code != 0 && error.json_length > 0 && room[0] == '{');
  error.json_capacity = 3;
  memset(room, UNTOUCHED, sizeof room);
  CHECK(cogauth_token_parse("cog_2", 5, NULL, &error) == error.code);
  CHECK(error.json_length > 3 && room[0] == UNTOUCHED);
  CODE(cogauth_token_parse(TEXT(TOKEN), NULL, &error), 0);
  CHECK(error.code == 0);

  WRITES(cogauth_token_digest, made->peppers, TEXT(TOKEN), "su_ci", 5);
  CHECK(holds("$cog1$01$"));
  WRITES(cogauth_token_edge_digest, TEXT(TOKEN), "su_ci", 5);
  CHECK(holds("$cog1e$"));
  CODE(cogauth_authorization_read(&line, 1, &scheme, &credential, NULL), 0);
  CHECK(scheme == COGAUTH_SCHEME_BEARER && credential.length == COGAUTH_TOKEN_LENGTH);
  CHECK(credential.data == AUTHORIZATION + 7);
  CODE(cogauth_authorization_read(NULL, 0, &scheme, &credential, NULL), 0);
  CHECK(scheme == COGAUTH_SCHEME_NOTHING && credential.data == NULL && credential.length == 0);
  CODE(cogauth_text_scan(TEXT(AUTHORIZATION), 0, &found, &finding, NULL), 0);
  CHECK(found == 1 && finding.start == 7 && finding.end == 88 && finding.is_token == 1);
  CODE(cogauth_text_scan(TEXT(AUTHORIZATION), 88, &found, &finding, NULL), 0);
  CHECK(found == 0 && finding.start == 7);
  CODE(cogauth_text_scan(TEXT(AUTHORIZATION), SIZE_MAX, &found, &finding, NULL), 0);
  CHECK(found == 0);
  WRITES(cogauth_text_redact, TEXT(AUTHORIZATION));
  CHECK(holds("cog_1s01000AAAABBBBCCCC") && !holds("SSSS"));
  WRITES(cogauth_text_scan_decoding, TEXT(AUTHORIZATION), NULL);
  CHECK(holds("{\"start\":7,\"end\":88,\"certainty\":\"parsed\",") && !holds("genuine"));
  WRITES(cogauth_text_scan_decoding, TEXT(ENCODED), made->keys);
  CHECK(holds("\"encodings\":[\"hex\"],\"genuine\":true}") && !holds("SSSS"));
  WRITES(cogauth_text_redact_decoding, TEXT(ENCODED));
  CHECK(holds("cog_1s01000AAAABBBBCCCC") && !holds("5353"));
  CODE(cogauth_text_scan_decoding(NULL, 0, NULL, room, sizeof room, &length, NULL), 0);
  CHECK(length == 2 && room[0] == '[');
  WRITES(cogauth_accept_at_edge, made->keys, TEXT(TOKEN), NOW, TEXT(RECORD), NOW);
  CHECK(holds("\"principal\":\"su_ci\""));
  CODE(cogauth_accept_at_edge(made->keys, TEXT(TOKEN), NOW, NULL, 0, NOW, room, sizeof room,
                              &length, NULL),
       COGAUTH_E_UNKNOWN_CREDENTIAL);
  CODE(cogauth_accept_at_origin(made->keys, made->peppers, TEXT(TOKEN), NOW, NULL, 0, NOW, room,
                                sizeof room, &length, NULL),
       COGAUTH_E_UNKNOWN_CREDENTIAL);

  for (size_t at = 0; at < sizeof random; at++) random[at] = (unsigned char)(at * 5);
  // A day that nobody worked out is no token for ever.
  CODE(cogauth_token_mint(made->roots, "01", 2, 1, 0, random, sizeof random, room, sizeof room,
                          &length, NULL),
       COGAUTH_E_TIME_OUT_OF_RANGE);
  WRITES(cogauth_token_mint, made->roots, "01", 2, COGAUTH_KIND_PERSONAL_ACCESS_TOKEN, 30000,
         random, sizeof random);
  CHECK(length == COGAUTH_TOKEN_LENGTH);
  CODE(cogauth_token_verify(made->keys, room, length, NOW, &token, NULL), 0);
  CHECK(token.kind == COGAUTH_KIND_PERSONAL_ACCESS_TOKEN && token.hard_expiry == 30000);
}

static void keys(const world *made) {
  cogauth_root_keys *roots = NULL;
  cogauth_edge_keys *edge = NULL;
  cogauth_peppers *peppers = NULL;
  unsigned char random[32];
  memset(random, 'r', sizeof random);
  CODE(cogauth_root_keys_new("A1", 2, random, sizeof random, &roots, NULL), 0);
  CODE(cogauth_root_keys_edge_keys(roots, &edge, NULL), 0);
  CODE(cogauth_root_keys_peppers(roots, &peppers, NULL), 0);
  WRITES(cogauth_root_keys_expose, roots);
  CHECK(holds("\"use\":\"root\""));
  WRITES(cogauth_edge_keys_expose, edge);
  CHECK(holds("\"use\":\"edge-tag\""));
  WRITES(cogauth_peppers_expose, peppers);
  CHECK(holds("\"use\":\"digest-pepper\""));
  CHECK(cogauth_root_keys_retain(roots) == roots);
  cogauth_root_keys_release(roots);
  WRITES(cogauth_root_keys_expose, roots);
  cogauth_root_keys_release(roots);
  cogauth_edge_keys_release(edge);
  cogauth_peppers_release(peppers);
  (void)made;
}

static void records(const world *made) {
  static char record[2048], other[2048];
  size_t record_length, other_length;
  int32_t why = -1;
  const cogauth_slice scopes[] = {{"*", 1}};
  cogauth_record_draft draft;
  memset(&draft, 0, sizeof draft);
  draft.struct_size = sizeof draft;
  draft.flags = COGAUTH_DRAFT_FOR_EDGES;
  draft.token = slice(TOKEN);
  draft.principal = slice("su_ci");
  draft.scopes = scopes;
  draft.scopes_count = 1;
  draft.peppers = made->peppers;
  draft.name = slice("deploy");
  draft.created_at = NOW - 10;
  WRITES(cogauth_record_issue, &draft);
  CHECK(holds("$cog1$") && holds("$cog1e$") && holds("deploy"));
  record_length = length;
  memcpy(record, room, length);
  WRITES(cogauth_record_read, record, record_length);
  CHECK(length == record_length && memcmp(room, record, length) == 0);
  WRITES(cogauth_record_for_edges, record, record_length);
  CHECK(!holds("$cog1$"));
  WRITES(cogauth_record_for_display, record, record_length);
  CHECK(!holds("$cog1"));
  WRITES(cogauth_record_revoke, record, record_length, NOW);
  CHECK(holds("revoked_at"));
  memcpy(other, RECORD, LEN(RECORD));
  other_length = LEN(RECORD);
  memcpy(strstr(other, "AAAABBBBCCCC"), "DDDDEEEEFFFF", 12);
  WRITES(cogauth_record_rotate, record, record_length, other, other_length, NOW + 100, NOW);
  CHECK(holds("\"rotated_to\":\"DDDDEEEEFFFF\""));
  WRITES(cogauth_record_rotate_within, record, record_length, other, other_length, NOW + 100, NOW,
         COGAUTH_ROTATE_LATER_EXPIRY, 100);
  CHECK(holds("\"rotated_to\":\"DDDDEEEEFFFF\""));
  WRITES(cogauth_record_used, record, record_length, NOW);
  CHECK(holds("\"last_used_at\":1795000000"));
  WRITES(cogauth_record_merge, record, record_length, record, record_length);
  CHECK(holds("\"id\":\"AAAABBBBCCCC\""));
  CODE(cogauth_record_inactive(record, record_length, NOW, &why, NULL), 0);
  CHECK(why == 0);
  // The record that was just issued goes at both places.
  WRITES(cogauth_accept_at_origin, made->keys, made->peppers, TEXT(TOKEN), NOW, record,
         record_length, NOW);
  CHECK(holds("\"record\":"));
  draft.struct_size = 8;
  CODE(cogauth_record_issue(&draft, room, sizeof room, &length, NULL), COGAUTH_E_INVALID_ARGUMENT);
  draft.struct_size = sizeof draft;
  // A time without its flag is no time that gets lost.
  draft.expires_at = NOW;
  CODE(cogauth_record_issue(&draft, room, sizeof room, &length, NULL), COGAUTH_E_INVALID_ARGUMENT);
  draft.flags |= COGAUTH_DRAFT_EXPIRES_AT;
  CODE(cogauth_record_issue(&draft, room, sizeof room, &length, NULL), COGAUTH_OK);
  CHECK(holds("\"expires_at\":"));
  draft.flags = 1U << 31;
  CODE(cogauth_record_issue(&draft, room, sizeof room, &length, NULL), COGAUTH_E_INVALID_ARGUMENT);
}

static void policies(const world *made) {
  static const char NOTHING[] = "{\"v\":1}";
  const cogauth_document documents[] = {{{"a.json", 6}, {NOTHING, LEN(NOTHING)}}};
  cogauth_slice image;
  cogauth_policy *loaded = NULL;
  cogauth_decision decision = {.struct_size = sizeof decision};
  struct {
    cogauth_decision known;
    uint32_t more[4];
  } newer;

  WRITES(cogauth_policy_digest, made->policy);
  CHECK(length == 64);
  WRITES(cogauth_policy_image_digest, made->policy);
  CODE(cogauth_policy_image(made->policy, &image, NULL), 0);
  CODE(cogauth_policy_from_image((const uint8_t *)image.data, image.length, room, length, &loaded,
                                 NULL),
       0);
  cogauth_policy_release(loaded);
  loaded = NULL;
  room[0] = room[0] == '0' ? '1' : '0';
  CODE(cogauth_policy_from_image((const uint8_t *)image.data, image.length, room, length, &loaded,
                                 NULL),
       COGAUTH_E_UNEXPECTED_DIGEST);
  CHECK(loaded == NULL);
  WRITES(cogauth_policy_actions, made->policy);
  CHECK(holds("\"ViewOrgSessions\""));
  WRITES(cogauth_policy_explain, made->policy, TEXT(POLICY_REQUEST));
  CHECK(holds("\"decision\":true"));
  WRITES(cogauth_policy_evaluate, made->policy, TEXT(POLICY_REQUEST));
  CHECK(holds("\"decision\":true"));
  WRITES(cogauth_policy_search_actions, made->policy, TEXT(POLICY_REQUEST));
  CHECK(holds("\"results\""));
  WRITES(cogauth_policy_route, made->policy, TEXT(METHOD), TEXT(TARGET));
  CHECK(holds("\"found\":true"));

  CODE(cogauth_policy_decide(made->policy, TEXT(POLICY_REQUEST), &decision, NULL), 0);
  CHECK(decision.decision == COGAUTH_ALLOW && decision.denial == COGAUTH_DENIAL_NONE);
  // It is denied before anything else: an older allow does not stay where a call fails.
  CODE(cogauth_policy_decide(made->policy, "{}", 2, &decision, NULL), COGAUTH_E_MALFORMED_REQUEST);
  CHECK(decision.decision == COGAUTH_DENY);
  decision.decision = COGAUTH_ALLOW;
  CODE(cogauth_policy_decide(NULL, TEXT(POLICY_REQUEST), &decision, NULL),
       COGAUTH_E_INVALID_ARGUMENT);
  CHECK(decision.decision == COGAUTH_DENY);
  // A newer header has more fields: what this library does not know stays as it is.
  memset(&newer, UNTOUCHED, sizeof newer);
  newer.known.struct_size = sizeof newer;
  CODE(cogauth_policy_decide(made->policy, TEXT(POLICY_REQUEST), &newer.known, NULL), 0);
  CHECK(newer.known.decision == COGAUTH_ALLOW && newer.more[0] == 0x77777777);
  CHECK(newer.known.struct_size == sizeof newer);

  CODE(cogauth_policy_from_documents(documents, 1, NULL, 0, &loaded, NULL), COGAUTH_E_NO_SCHEMA);
  CHECK(loaded == NULL);
  CODE(cogauth_policy_check(documents, 1, room, sizeof room, &length, NULL), 0);
  CHECK(room[0] == '[' && holds("no_schema"));
  CODE(cogauth_policy_warnings(documents, 1, room, sizeof room, &length, NULL),
       COGAUTH_E_NO_SCHEMA);
  CODE(cogauth_policy_bundle(documents, 1, room, sizeof room, &length, NULL), COGAUTH_E_NO_SCHEMA);
  CHECK(cogauth_policy_retain(made->policy) == made->policy);
  cogauth_policy_release(made->policy);
}

static void exchanges(const world *made) {
  const cogauth_slice line = slice(AUTHORIZATION);
  struct {
    cogauth_request known;
    uint64_t more;
  } newer;
  cogauth_request request = make_request(&line);
  cogauth_exchange *exchange = NULL;
  cogauth_slice text, name;
  cogauth_gate *origin = NULL;
  cogauth_gate_options options;

  CODE(cogauth_exchange_begin(made->gate, &request, NOW, &exchange, NULL), 0);
  CHECK(cogauth_exchange_step(exchange) == COGAUTH_STEP_RECORD);
  CHECK(cogauth_exchange_status(exchange) == 503);
  CHECK(cogauth_exchange_code(exchange) == COGAUTH_E_WRONG_STEP);
  CODE(cogauth_exchange_text(exchange, COGAUTH_TEXT_CREDENTIAL_ID, &text), 0);
  CHECK(text.length == 12 && memcmp(text.data, "AAAABBBBCCCC", 12) == 0);
  CODE(cogauth_exchange_text(exchange, COGAUTH_TEXT_ACTION, &text), 0);
  CHECK(text.data == NULL && text.length == 0);
  CODE(cogauth_exchange_text(exchange, 99, &text), COGAUTH_E_INVALID_ARGUMENT);
  // The wrong question, then the right one, then the right one again.
  CODE(cogauth_exchange_found(exchange, COGAUTH_STEP_FACTS, TEXT(FACTS), COGAUTH_NONE, NULL),
       COGAUTH_E_WRONG_STEP);
  CODE(cogauth_exchange_found(exchange, COGAUTH_STEP_ALLOWED, TEXT(FACTS), COGAUTH_NONE, NULL),
       COGAUTH_E_WRONG_STEP);
  CODE(cogauth_exchange_absent(exchange, COGAUTH_STEP_FACTS, NULL), COGAUTH_E_WRONG_STEP);
  CODE(cogauth_exchange_record(exchange, room, sizeof room, &length, NULL), COGAUTH_E_WRONG_STEP);
  CHECK(cogauth_exchange_step(exchange) == COGAUTH_STEP_RECORD);
  CODE(cogauth_exchange_found(exchange, COGAUTH_STEP_RECORD, TEXT(RECORD), COGAUTH_NONE, NULL), 0);
  CODE(cogauth_exchange_found(exchange, COGAUTH_STEP_RECORD, TEXT(RECORD), COGAUTH_NONE, NULL),
       COGAUTH_E_WRONG_STEP);
  CHECK(cogauth_exchange_step(exchange) == COGAUTH_STEP_FACTS);
  CODE(cogauth_exchange_text(exchange, COGAUTH_TEXT_PRINCIPAL, &text), 0);
  CHECK(text.length == 5 && memcmp(text.data, "su_ci", 5) == 0);
  CODE(cogauth_exchange_found(exchange, COGAUTH_STEP_FACTS, TEXT(FACTS), COGAUTH_NONE, NULL), 0);
  CHECK(cogauth_exchange_step(exchange) == COGAUTH_STEP_ALLOWED);
  CODE(cogauth_exchange_found(exchange, COGAUTH_STEP_FACTS, TEXT(FACTS), COGAUTH_NONE, NULL),
       COGAUTH_E_WRONG_STEP);
  CODE(cogauth_exchange_unavailable(exchange, COGAUTH_STEP_FACTS, NULL), COGAUTH_E_WRONG_STEP);
  CHECK(cogauth_exchange_status(exchange) == 0 && cogauth_exchange_code(exchange) == 0);
  CHECK(cogauth_exchange_valid_until(exchange) == COGAUTH_NONE);
  CHECK(cogauth_exchange_count(exchange, COGAUTH_LIST_HEADERS) == 0);
  WRITES(cogauth_exchange_json, exchange);
  CHECK(holds("\"step\":\"allowed\""));
  WRITES(cogauth_exchange_record, exchange);
  CHECK(holds("deploy"));
  cogauth_exchange_release(exchange);

  // Each other answer is a refusal, with what to send.
  for (int32_t absent = 0; absent < 2; absent++) {
    CODE(cogauth_exchange_begin(made->gate, &request, NOW, &exchange, NULL), 0);
    CODE(absent ? cogauth_exchange_absent(exchange, COGAUTH_STEP_RECORD, NULL)
                : cogauth_exchange_unavailable(exchange, COGAUTH_STEP_RECORD, NULL),
         0);
    CHECK(cogauth_exchange_step(exchange) == COGAUTH_STEP_REFUSED);
    CHECK(cogauth_exchange_status(exchange) == (absent ? 401 : 503));
    CHECK(cogauth_exchange_count(exchange, COGAUTH_LIST_HEADERS) > 0);
    CODE(cogauth_exchange_entry(exchange, COGAUTH_LIST_HEADERS, 0, &name, &text), 0);
    CHECK(name.length > 0 && text.length > 0);
    CODE(cogauth_exchange_entry(exchange, COGAUTH_LIST_HEADERS, 0, NULL, &text), 0);
    CODE(cogauth_exchange_entry(exchange, COGAUTH_LIST_HEADERS, 99, &name, &text),
         COGAUTH_E_INVALID_ARGUMENT);
    CODE(cogauth_exchange_text(exchange, COGAUTH_TEXT_BODY, &text), 0);
    CHECK(text.length > 0);
    cogauth_exchange_release(exchange);
  }

  // A request that says more than this library knows is not taken, unless that is zero.
  memset(&newer, 0, sizeof newer);
  newer.known = request;
  newer.known.struct_size = sizeof newer;
  CODE(cogauth_exchange_begin(made->gate, &newer.known, NOW, &exchange, NULL), 0);
  cogauth_exchange_release(exchange);
  exchange = NULL;
  newer.more = 1;
  CODE(cogauth_exchange_begin(made->gate, &newer.known, NOW, &exchange, NULL),
       COGAUTH_E_INVALID_ARGUMENT);
  CHECK(exchange == NULL);
  request.context = slice("{\"time\":1}");
  CODE(cogauth_exchange_begin(made->gate, &request, NOW, &exchange, NULL),
       COGAUTH_E_RESERVED_CONTEXT);
  request.context = slice(NULL);
  CODE(cogauth_exchange_begin(made->gate, &request, UINT64_MAX, &exchange, NULL),
       COGAUTH_E_TIME_OUT_OF_RANGE);

  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.flags = COGAUTH_GATE_PREFLIGHT | COGAUTH_GATE_RETRY_AFTER;
  options.realm = slice("here");
  options.retry_after = 9;
  CODE(cogauth_gate_new(made->policy, made->keys, made->peppers, &options, &origin, NULL), 0);
  request.method = slice("OPTIONS");
  CODE(cogauth_exchange_begin(origin, &request, NOW, &exchange, NULL), 0);
  CHECK(cogauth_exchange_step(exchange) == COGAUTH_STEP_PREFLIGHT);
  // It goes on without the caller's reference to its gate.
  CHECK(cogauth_gate_retain(origin) == origin);
  cogauth_gate_release(origin);
  cogauth_gate_release(origin);
  CHECK(cogauth_exchange_step(exchange) == COGAUTH_STEP_PREFLIGHT);
  cogauth_exchange_release(exchange);
}

static void library(void) {
  char wiped[8] = "secret";
  CHECK(cogauth_abi_version() >> 16 == COGAUTH_ABI_MAJOR);
  CHECK((int)(cogauth_abi_version() & 0xffff) >= COGAUTH_ABI_MINOR);
  CHECK(strcmp(cogauth_version(), COGAUTH_VERSION) == 0);
  CHECK((cogauth_features() & COGAUTH_FEATURE_FULL) != 0);
  CHECK(memcmp(cogauth_code_name(COGAUTH_E_EXPIRED, &length), "expired", 7) == 0 && length == 7);
  CHECK(cogauth_code_sentence(COGAUTH_E_EXPIRED, &length) != NULL && length > 7);
  CHECK(cogauth_code_name(0, &length) == NULL && length == 0);
  cogauth_wipe(wiped, sizeof wiped);
  CHECK(memcmp(wiped, "\0\0\0\0\0\0\0\0", sizeof wiped) == 0);
}

int main(void) {
  // What zeroed memory says.
  CHECK(COGAUTH_DENY == 0 && COGAUTH_STEP_REFUSED == 0 && COGAUTH_KIND_NONE == 0);
  const world made = make_world();
  library();
  tokens(&made);
  keys(&made);
  records(&made);
  policies(&made);
  exchanges(&made);
  CHECK(pass_through(made.gate) == COGAUTH_STEP_ALLOWED);
  CHECK(cogauth_edge_keys_retain(made.keys) == made.keys);
  CHECK(cogauth_peppers_retain(made.peppers) == made.peppers);
  cogauth_edge_keys_release(made.keys);
  cogauth_peppers_release(made.peppers);
  release_world(made);
  return failures != 0;
}
