// Wrong calls of every function: each gives a code, and leaves what it would have written as it
// was.
//
// It prints the name of each function that it called wrongly. `xtask/src/bindings/c.rs` compares
// that with the declarations of the header.
#include "support.h"

#define UNTOUCHED 0x77

static char room[4096];
static size_t length;
static void *made_handle;
static cogauth_slice made_slice;

static void prepare(void) {
  memset(room, UNTOUCHED, sizeof room);
  length = UNTOUCHED;
  made_handle = NULL;
  memset(&made_slice, UNTOUCHED, sizeof made_slice);
}

// What is lent is as it was, or set to nothing.
static int is_untouched(void) {
  cogauth_slice untouched;
  memset(&untouched, UNTOUCHED, sizeof untouched);
  return room[0] == UNTOUCHED && memcmp(room, room + 1, sizeof room - 1) == 0 &&
         length == UNTOUCHED && made_handle == NULL &&
         (memcmp(&made_slice, &untouched, sizeof untouched) == 0 ||
          (made_slice.data == NULL && made_slice.length == 0));
}

static void called(const char *name) {
  static const char *last = "";
  if (strcmp(name, last) != 0) printf("%s\n", last = name);
}

// A call that is told by a code, and changes nothing.
#define WRONG(function, ...)                                             \
  do {                                                                   \
    called(#function);                                                   \
    prepare();                                                           \
    CODE(function(__VA_ARGS__), COGAUTH_E_INVALID_ARGUMENT);             \
    CHECK(is_untouched());                                               \
  } while (0)

// A call that has no code, and must answer this.
#define HARMLESS(function, expected, ...) \
  do {                                    \
    called(#function);                    \
    CHECK((function(__VA_ARGS__)) expected); \
  } while (0)

// A call that has no answer, and must come back.
#define COMES_BACK(function, ...) \
  do {                            \
    called(#function);            \
    function(__VA_ARGS__);        \
  } while (0)

// Where a handle, a text or a place to write to is wrong.
#define NO_TEXT NULL, 1
#define ENDLESS "x", SIZE_MAX
#define ROOM room, sizeof room, &length, NULL
#define NO_ROOM NULL, sizeof room, &length, NULL
#define NO_LENGTH room, sizeof room, NULL, NULL
#define MADE(type) (type **)&made_handle, NULL
#define NOWHERE NULL, NULL
#define ODD(type, pointer) ((type *)((char *)(pointer) + 1))

static void library(const world *made) {
  HARMLESS(cogauth_code_name, == NULL, 99999, NULL);
  HARMLESS(cogauth_code_name, == NULL, INT32_MIN, &length);
  HARMLESS(cogauth_code_sentence, == NULL, -1, NULL);
  HARMLESS(cogauth_abi_version, >> 16 == COGAUTH_ABI_MAJOR, );
  HARMLESS(cogauth_version, != NULL, );
  HARMLESS(cogauth_features, != 0, );
  COMES_BACK(cogauth_wipe, NULL, 8);
  COMES_BACK(cogauth_wipe, room, SIZE_MAX);
  (void)made;
}

static void readers(const world *made) {
  WRONG(cogauth_edge_keys_read, NO_TEXT, MADE(cogauth_edge_keys));
  WRONG(cogauth_edge_keys_read, ENDLESS, MADE(cogauth_edge_keys));
  WRONG(cogauth_peppers_read, NO_TEXT, MADE(cogauth_peppers));
  WRONG(cogauth_peppers_read, ENDLESS, MADE(cogauth_peppers));
  WRONG(cogauth_root_keys_read, NO_TEXT, MADE(cogauth_root_keys));
  WRONG(cogauth_root_keys_read, ENDLESS, MADE(cogauth_root_keys));
  WRONG(cogauth_edge_keys_read, TEXT(EDGE_KEYS), NOWHERE);
  WRONG(cogauth_peppers_read, TEXT(PEPPERS), NOWHERE);
  WRONG(cogauth_root_keys_read, TEXT(ROOT_KEYS), NOWHERE);
  WRONG(cogauth_root_keys_new, NO_TEXT, (const uint8_t *)TARGET, 32, MADE(cogauth_root_keys));
  WRONG(cogauth_root_keys_new, "01", 2, NULL, 32, MADE(cogauth_root_keys));
  WRONG(cogauth_root_keys_new, "01", 2, (const uint8_t *)TOKEN, 31, MADE(cogauth_root_keys));
  WRONG(cogauth_root_keys_new, "01", 2, (const uint8_t *)TOKEN, 32, NOWHERE);
  WRONG(cogauth_policy_from_image, NULL, 1, NULL, 0, MADE(cogauth_policy));
  WRONG(cogauth_policy_from_image, (const uint8_t *)"x", SIZE_MAX, NULL, 0, MADE(cogauth_policy));
  WRONG(cogauth_policy_from_image, (const uint8_t *)"x", 1, NO_TEXT, MADE(cogauth_policy));
  WRONG(cogauth_policy_from_image, (const uint8_t *)"x", 1, "zz", 2, MADE(cogauth_policy));
  WRONG(cogauth_policy_builtin, NOWHERE);
  (void)made;
}

static void handles(const world *made) {
  HARMLESS(cogauth_edge_keys_retain, == NULL, NULL);
  HARMLESS(cogauth_edge_keys_retain, == NULL, (cogauth_edge_keys *)(void *)made->peppers);
  HARMLESS(cogauth_edge_keys_retain, == NULL, ODD(cogauth_edge_keys, made->keys));
  COMES_BACK(cogauth_edge_keys_release, NULL);
  COMES_BACK(cogauth_edge_keys_release, (cogauth_edge_keys *)(void *)made->peppers);
  HARMLESS(cogauth_peppers_retain, == NULL, NULL);
  HARMLESS(cogauth_peppers_retain, == NULL, (cogauth_peppers *)(void *)made->keys);
  HARMLESS(cogauth_peppers_retain, == NULL, ODD(cogauth_peppers, made->peppers));
  COMES_BACK(cogauth_peppers_release, NULL);
  COMES_BACK(cogauth_peppers_release, (cogauth_peppers *)(void *)made->keys);
  HARMLESS(cogauth_root_keys_retain, == NULL, NULL);
  HARMLESS(cogauth_root_keys_retain, == NULL, (cogauth_root_keys *)(void *)made->peppers);
  HARMLESS(cogauth_root_keys_retain, == NULL, ODD(cogauth_root_keys, made->roots));
  COMES_BACK(cogauth_root_keys_release, NULL);
  COMES_BACK(cogauth_root_keys_release, (cogauth_root_keys *)(void *)made->peppers);
  HARMLESS(cogauth_policy_retain, == NULL, NULL);
  HARMLESS(cogauth_policy_retain, == NULL, (cogauth_policy *)(void *)made->peppers);
  HARMLESS(cogauth_policy_retain, == NULL, ODD(cogauth_policy, made->policy));
  COMES_BACK(cogauth_policy_release, NULL);
  COMES_BACK(cogauth_policy_release, (cogauth_policy *)(void *)made->peppers);
  HARMLESS(cogauth_gate_retain, == NULL, NULL);
  HARMLESS(cogauth_gate_retain, == NULL, (cogauth_gate *)(void *)made->peppers);
  HARMLESS(cogauth_gate_retain, == NULL, ODD(cogauth_gate, made->gate));
  COMES_BACK(cogauth_gate_release, NULL);
  COMES_BACK(cogauth_gate_release, (cogauth_gate *)(void *)made->peppers);
  COMES_BACK(cogauth_exchange_release, NULL);
  COMES_BACK(cogauth_exchange_release, (cogauth_exchange *)(void *)made->gate);
  WRONG(cogauth_root_keys_edge_keys, NULL, MADE(cogauth_edge_keys));
  WRONG(cogauth_root_keys_edge_keys, (cogauth_root_keys *)(void *)made->gate,
        MADE(cogauth_edge_keys));
  WRONG(cogauth_root_keys_edge_keys, made->roots, NOWHERE);
  WRONG(cogauth_root_keys_peppers, NULL, MADE(cogauth_peppers));
  WRONG(cogauth_root_keys_peppers, (cogauth_root_keys *)(void *)made->gate, MADE(cogauth_peppers));
  WRONG(cogauth_root_keys_peppers, made->roots, NOWHERE);
  WRONG(cogauth_root_keys_expose, NULL, ROOM);
  WRONG(cogauth_root_keys_expose, (cogauth_root_keys *)(void *)made->gate, ROOM);
  WRONG(cogauth_root_keys_expose, made->roots, NO_LENGTH);
  WRONG(cogauth_edge_keys_expose, NULL, ROOM);
  WRONG(cogauth_edge_keys_expose, (cogauth_edge_keys *)(void *)made->gate, ROOM);
  WRONG(cogauth_edge_keys_expose, made->keys, NO_LENGTH);
  WRONG(cogauth_peppers_expose, NULL, ROOM);
  WRONG(cogauth_peppers_expose, (cogauth_peppers *)(void *)made->gate, ROOM);
  WRONG(cogauth_peppers_expose, made->peppers, NO_LENGTH);
}

static void tokens(const world *made) {
  cogauth_token small = {.struct_size = 15}, large = {.struct_size = 4097};
  cogauth_token odd[2] = {{.struct_size = sizeof(cogauth_token)}};
  cogauth_finding finding = {.struct_size = 4};
  int32_t number = UNTOUCHED;
  WRONG(cogauth_token_parse, NO_TEXT, NULL, NULL);
  WRONG(cogauth_token_parse, ENDLESS, NULL, NULL);
  WRONG(cogauth_token_parse, TEXT(TOKEN), &small, NULL);
  WRONG(cogauth_token_parse, TEXT(TOKEN), &large, NULL);
  WRONG(cogauth_token_parse, TEXT(TOKEN), ODD(cogauth_token, odd), NULL);
  WRONG(cogauth_token_verify, NULL, TEXT(TOKEN), NOW, NULL, NULL);
  WRONG(cogauth_token_verify, (cogauth_edge_keys *)(void *)made->peppers, TEXT(TOKEN), NOW, NULL,
        NULL);
  WRONG(cogauth_token_verify, made->keys, NO_TEXT, NOW, NULL, NULL);
  WRONG(cogauth_token_verify, made->keys, ENDLESS, NOW, NULL, NULL);
  WRONG(cogauth_token_verify, made->keys, TEXT(TOKEN), NOW, &small, NULL);
  WRONG(cogauth_token_digest, NULL, TEXT(TOKEN), "p", 1, ROOM);
  WRONG(cogauth_token_digest, made->peppers, NO_TEXT, "p", 1, ROOM);
  WRONG(cogauth_token_digest, made->peppers, TEXT(TOKEN), NO_TEXT, ROOM);
  WRONG(cogauth_token_digest, made->peppers, TEXT(TOKEN), "p", 1, NO_LENGTH);
  WRONG(cogauth_token_edge_digest, NO_TEXT, "p", 1, ROOM);
  WRONG(cogauth_token_edge_digest, TEXT(TOKEN), ENDLESS, ROOM);
  WRONG(cogauth_token_edge_digest, TEXT(TOKEN), "p", 1, NO_LENGTH);
  WRONG(cogauth_token_mint, NULL, "01", 2, 1, COGAUTH_NO_HARD_EXPIRY,
        (const uint8_t *)TARGET, LEN(TARGET), ROOM);
  WRONG(cogauth_token_mint, made->roots, NO_TEXT, 1, COGAUTH_NO_HARD_EXPIRY,
        (const uint8_t *)TARGET, LEN(TARGET), ROOM);
  WRONG(cogauth_token_mint, made->roots, "01", 2, 1, COGAUTH_NO_HARD_EXPIRY, NULL, 64, ROOM);
  WRONG(cogauth_token_mint, made->roots, "01", 2, 1, COGAUTH_NO_HARD_EXPIRY,
        (const uint8_t *)AUTHORIZATION, 80,
        NO_LENGTH);
  WRONG(cogauth_authorization_read, NULL, 1, &number, &made_slice, NULL);
  WRONG(cogauth_authorization_read, &made_slice, SIZE_MAX, &number, &made_slice, NULL);
  WRONG(cogauth_authorization_read, NULL, 0, NULL, &made_slice, NULL);
  WRONG(cogauth_authorization_read, NULL, 0, &number, NULL, NULL);
  WRONG(cogauth_authorization_read, ODD(cogauth_slice, room), 1, &number, &made_slice, NULL);
  CHECK(number == 0);
  WRONG(cogauth_text_scan, NO_TEXT, 0, &number, &finding, NULL);
  WRONG(cogauth_text_scan, ENDLESS, 0, &number, &finding, NULL);
  WRONG(cogauth_text_scan, TEXT(TOKEN), 0, &number, NULL, NULL);
  WRONG(cogauth_text_scan, TEXT(TOKEN), 0, &number, &finding, NULL);
  CHECK(number == 0);
  finding.struct_size = sizeof finding;
  WRONG(cogauth_text_scan, TEXT(TOKEN), 0, NULL, &finding, NULL);
  WRONG(cogauth_text_redact, NO_TEXT, ROOM);
  WRONG(cogauth_text_redact, ENDLESS, ROOM);
  WRONG(cogauth_text_redact, "x", 1, NO_LENGTH);
  WRONG(cogauth_text_redact, "x", 1, NO_ROOM);
  WRONG(cogauth_text_redact_decoding, NO_TEXT, ROOM);
  WRONG(cogauth_text_redact_decoding, ENDLESS, ROOM);
  WRONG(cogauth_text_redact_decoding, "x", 1, NO_LENGTH);
  WRONG(cogauth_text_redact_decoding, "x", 1, NO_ROOM);
  WRONG(cogauth_text_scan_decoding, NO_TEXT, NULL, ROOM);
  WRONG(cogauth_text_scan_decoding, ENDLESS, NULL, ROOM);
  WRONG(cogauth_text_scan_decoding, TEXT(TOKEN), (cogauth_edge_keys *)(void *)made->peppers, ROOM);
  WRONG(cogauth_text_scan_decoding, TEXT(TOKEN), NULL, NO_LENGTH);
  WRONG(cogauth_text_scan_decoding, TEXT(TOKEN), NULL, NO_ROOM);
  WRONG(cogauth_accept_at_edge, NULL, TEXT(TOKEN), NOW, TEXT(RECORD), NOW, ROOM);
  WRONG(cogauth_accept_at_edge, made->keys, NO_TEXT, NOW, TEXT(RECORD), NOW, ROOM);
  WRONG(cogauth_accept_at_edge, made->keys, TEXT(TOKEN), NOW, NO_TEXT, NOW, ROOM);
  WRONG(cogauth_accept_at_edge, made->keys, TEXT(TOKEN), NOW, TEXT(RECORD), NOW, NO_LENGTH);
  WRONG(cogauth_accept_at_origin, NULL, made->peppers, TEXT(TOKEN), NOW, TEXT(RECORD), NOW, ROOM);
  WRONG(cogauth_accept_at_origin, made->keys, NULL, TEXT(TOKEN), NOW, TEXT(RECORD), NOW, ROOM);
  WRONG(cogauth_accept_at_origin, made->keys, (cogauth_peppers *)(void *)made->keys, TEXT(TOKEN),
        NOW, TEXT(RECORD), NOW, ROOM);
}

static void records(const world *made) {
  cogauth_record_draft draft;
  int32_t number = 0;
  memset(&draft, 0, sizeof draft);
  WRONG(cogauth_record_issue, NULL, ROOM);
  WRONG(cogauth_record_issue, &draft, ROOM);
  draft.struct_size = sizeof draft;
  draft.token.length = 1;
  WRONG(cogauth_record_issue, &draft, ROOM);
  draft.token = slice(TOKEN);
  draft.scopes_count = 1;
  WRONG(cogauth_record_issue, &draft, ROOM);
  draft.scopes_count = 0;
  draft.peppers = (cogauth_peppers *)(void *)made->keys;
  WRONG(cogauth_record_issue, &draft, ROOM);
  WRONG(cogauth_record_read, NO_TEXT, ROOM);
  WRONG(cogauth_record_read, ENDLESS, ROOM);
  WRONG(cogauth_record_read, TEXT(RECORD), NO_LENGTH);
  WRONG(cogauth_record_for_edges, NO_TEXT, ROOM);
  WRONG(cogauth_record_for_edges, ENDLESS, ROOM);
  WRONG(cogauth_record_for_edges, TEXT(RECORD), NO_LENGTH);
  WRONG(cogauth_record_for_display, NO_TEXT, ROOM);
  WRONG(cogauth_record_for_display, ENDLESS, ROOM);
  WRONG(cogauth_record_for_display, TEXT(RECORD), NO_LENGTH);
  WRONG(cogauth_record_revoke, NO_TEXT, NOW, ROOM);
  WRONG(cogauth_record_revoke, TEXT(RECORD), NOW, NO_LENGTH);
  WRONG(cogauth_record_rotate, NO_TEXT, TEXT(RECORD), NOW, NOW, ROOM);
  WRONG(cogauth_record_rotate, TEXT(RECORD), NO_TEXT, NOW, NOW, ROOM);
  WRONG(cogauth_record_rotate_within, NO_TEXT, TEXT(RECORD), NOW, NOW, 0, 0, ROOM);
  WRONG(cogauth_record_rotate_within, TEXT(RECORD), NO_TEXT, NOW, NOW, 0, 0, ROOM);
  WRONG(cogauth_record_rotate_within, TEXT(RECORD), TEXT(RECORD), NOW, NOW, 1U << 31, 0, ROOM);
  WRONG(cogauth_record_used, NO_TEXT, NOW, ROOM);
  WRONG(cogauth_record_used, TEXT(RECORD), NOW, NO_LENGTH);
  WRONG(cogauth_record_merge, NO_TEXT, TEXT(RECORD), ROOM);
  WRONG(cogauth_record_merge, TEXT(RECORD), NO_TEXT, ROOM);
  WRONG(cogauth_record_inactive, NO_TEXT, NOW, &number, NULL);
  WRONG(cogauth_record_inactive, TEXT(RECORD), NOW, NULL, NULL);
}

static void policies(const world *made) {
  const cogauth_document endless = {{"x", SIZE_MAX}, {"x", 1}}, without = {{"x", 1}, {NULL, 1}};
  cogauth_decision decision = {.struct_size = sizeof decision, .decision = COGAUTH_ALLOW};
  cogauth_decision small = {.struct_size = 8, .decision = COGAUTH_DENY};
  WRONG(cogauth_policy_from_documents, NULL, 1, NULL, 0, MADE(cogauth_policy));
  WRONG(cogauth_policy_check, NULL, 1, ROOM);
  WRONG(cogauth_policy_warnings, NULL, 1, ROOM);
  WRONG(cogauth_policy_warnings, &endless, 1, ROOM);
  WRONG(cogauth_policy_bundle, NULL, 1, ROOM);
  WRONG(cogauth_policy_from_documents, &endless, 1, NULL, 0, MADE(cogauth_policy));
  WRONG(cogauth_policy_check, &endless, 1, ROOM);
  WRONG(cogauth_policy_bundle, &endless, 1, ROOM);
  WRONG(cogauth_policy_from_documents, &without, 1, NULL, 0, MADE(cogauth_policy));
  WRONG(cogauth_policy_check, &without, 1, ROOM);
  WRONG(cogauth_policy_bundle, &without, 1, ROOM);
  WRONG(cogauth_policy_from_documents, &endless, SIZE_MAX, NULL, 0, MADE(cogauth_policy));
  WRONG(cogauth_policy_check, &endless, SIZE_MAX, ROOM);
  WRONG(cogauth_policy_bundle, &endless, SIZE_MAX, ROOM);
  WRONG(cogauth_policy_image, NULL, &made_slice, NULL);
  WRONG(cogauth_policy_image, made->policy, NULL, NULL);
  WRONG(cogauth_policy_digest, NULL, ROOM);
  WRONG(cogauth_policy_digest, (cogauth_policy *)(void *)made->gate, ROOM);
  WRONG(cogauth_policy_digest, made->policy, NO_LENGTH);
  WRONG(cogauth_policy_image_digest, NULL, ROOM);
  WRONG(cogauth_policy_image_digest, (cogauth_policy *)(void *)made->gate, ROOM);
  WRONG(cogauth_policy_image_digest, made->policy, NO_LENGTH);
  WRONG(cogauth_policy_actions, NULL, ROOM);
  WRONG(cogauth_policy_actions, (cogauth_policy *)(void *)made->gate, ROOM);
  WRONG(cogauth_policy_actions, made->policy, NO_LENGTH);
  WRONG(cogauth_policy_explain, NULL, TEXT(POLICY_REQUEST), ROOM);
  WRONG(cogauth_policy_explain, made->policy, NO_TEXT, ROOM);
  WRONG(cogauth_policy_explain, made->policy, TEXT(POLICY_REQUEST), NO_LENGTH);
  WRONG(cogauth_policy_evaluate, NULL, TEXT(POLICY_REQUEST), ROOM);
  WRONG(cogauth_policy_evaluate, made->policy, NO_TEXT, ROOM);
  WRONG(cogauth_policy_evaluate, made->policy, TEXT(POLICY_REQUEST), NO_LENGTH);
  WRONG(cogauth_policy_search_actions, NULL, TEXT(POLICY_REQUEST), ROOM);
  WRONG(cogauth_policy_search_actions, made->policy, NO_TEXT, ROOM);
  WRONG(cogauth_policy_search_actions, made->policy, TEXT(POLICY_REQUEST), NO_LENGTH);
  WRONG(cogauth_policy_route, NULL, "GET", 3, "/", 1, ROOM);
  WRONG(cogauth_policy_route, made->policy, NO_TEXT, "/", 1, ROOM);
  WRONG(cogauth_policy_route, made->policy, "GET", 3, ENDLESS, ROOM);
  WRONG(cogauth_policy_decide, made->policy, NO_TEXT, &decision, NULL);
  CHECK(decision.decision == COGAUTH_DENY);
  WRONG(cogauth_policy_decide, NULL, TEXT(POLICY_REQUEST), &decision, NULL);
  WRONG(cogauth_policy_decide, made->policy, TEXT(POLICY_REQUEST), NULL, NULL);
  WRONG(cogauth_policy_decide, made->policy, TEXT(POLICY_REQUEST), &small, NULL);
  CHECK(small.decision == COGAUTH_DENY);
}

static void gates(const world *made) {
  cogauth_gate_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.flags = 1U << 30;
  WRONG(cogauth_gate_new, NULL, made->keys, NULL, NULL, MADE(cogauth_gate));
  WRONG(cogauth_gate_new, made->policy, NULL, NULL, NULL, MADE(cogauth_gate));
  WRONG(cogauth_gate_new, (cogauth_policy *)(void *)made->keys, made->keys, NULL, NULL,
        MADE(cogauth_gate));
  WRONG(cogauth_gate_new, made->policy, made->keys, (cogauth_peppers *)(void *)made->keys, NULL,
        MADE(cogauth_gate));
  WRONG(cogauth_gate_new, made->policy, made->keys, NULL, &options, MADE(cogauth_gate));
  WRONG(cogauth_gate_new, made->policy, made->keys, NULL, NULL, NOWHERE);
  options.struct_size = 3;
  WRONG(cogauth_gate_new, made->policy, made->keys, NULL, &options, MADE(cogauth_gate));
}

static void exchanges(const world *made) {
  const cogauth_slice line = slice(AUTHORIZATION);
  cogauth_request request = make_request(&line);
  cogauth_exchange *other = (cogauth_exchange *)(void *)made->gate, *exchange = NULL;
  WRONG(cogauth_exchange_begin, NULL, &request, NOW, MADE(cogauth_exchange));
  WRONG(cogauth_exchange_begin, made->gate, NULL, NOW, MADE(cogauth_exchange));
  WRONG(cogauth_exchange_begin, made->gate, &request, NOW, NOWHERE);
  request.authorization = NULL;
  WRONG(cogauth_exchange_begin, made->gate, &request, NOW, MADE(cogauth_exchange));
  request.authorization = &line;
  request.method.length = SIZE_MAX;
  WRONG(cogauth_exchange_begin, made->gate, &request, NOW, MADE(cogauth_exchange));
  request = make_request(&line);
  CODE(cogauth_exchange_begin(made->gate, &request, NOW, &exchange, NULL), 0);
  WRONG(cogauth_exchange_found, exchange, COGAUTH_STEP_RECORD, NO_TEXT, COGAUTH_NONE, NULL);
  WRONG(cogauth_exchange_found, exchange, COGAUTH_STEP_RECORD, ENDLESS, COGAUTH_NONE, NULL);
  CHECK(cogauth_exchange_step(exchange) == COGAUTH_STEP_RECORD);
  WRONG(cogauth_exchange_found, NULL, COGAUTH_STEP_RECORD, TEXT(RECORD), COGAUTH_NONE, NULL);
  WRONG(cogauth_exchange_absent, NULL, COGAUTH_STEP_RECORD, NULL);
  WRONG(cogauth_exchange_unavailable, NULL, COGAUTH_STEP_RECORD, NULL);
  WRONG(cogauth_exchange_text, NULL, COGAUTH_TEXT_BODY, &made_slice);
  WRONG(cogauth_exchange_entry, NULL, COGAUTH_LIST_HEADERS, 0, NULL, &made_slice);
  WRONG(cogauth_exchange_json, NULL, ROOM);
  WRONG(cogauth_exchange_record, NULL, ROOM);
  HARMLESS(cogauth_exchange_step, == COGAUTH_STEP_REFUSED, NULL);
  HARMLESS(cogauth_exchange_status, == 503, NULL);
  HARMLESS(cogauth_exchange_code, == COGAUTH_E_INVALID_ARGUMENT, NULL);
  HARMLESS(cogauth_exchange_count, == 0, NULL, COGAUTH_LIST_HEADERS);
  HARMLESS(cogauth_exchange_valid_until, == 0, NULL);
  WRONG(cogauth_exchange_found, other, COGAUTH_STEP_RECORD, TEXT(RECORD), COGAUTH_NONE, NULL);
  WRONG(cogauth_exchange_absent, other, COGAUTH_STEP_RECORD, NULL);
  WRONG(cogauth_exchange_unavailable, other, COGAUTH_STEP_RECORD, NULL);
  WRONG(cogauth_exchange_text, other, COGAUTH_TEXT_BODY, &made_slice);
  WRONG(cogauth_exchange_entry, other, COGAUTH_LIST_HEADERS, 0, NULL, &made_slice);
  WRONG(cogauth_exchange_json, other, ROOM);
  WRONG(cogauth_exchange_record, other, ROOM);
  HARMLESS(cogauth_exchange_step, == COGAUTH_STEP_REFUSED, other);
  HARMLESS(cogauth_exchange_status, == 503, other);
  HARMLESS(cogauth_exchange_code, == COGAUTH_E_INVALID_ARGUMENT, other);
  HARMLESS(cogauth_exchange_count, == 0, other, COGAUTH_LIST_HEADERS);
  HARMLESS(cogauth_exchange_valid_until, == 0, other);
  WRONG(cogauth_exchange_text, exchange, COGAUTH_TEXT_CREDENTIAL_ID, NULL);
  WRONG(cogauth_exchange_json, exchange, NO_LENGTH);
  cogauth_exchange_release(exchange);
}

int main(void) {
  const world made = make_world();
  library(&made);
  readers(&made);
  handles(&made);
  tokens(&made);
  records(&made);
  policies(&made);
  gates(&made);
  exchanges(&made);
  // All of it is still good.
  CHECK(pass_through(made.gate) == COGAUTH_STEP_ALLOWED);
  release_world(made);
  return failures != 0;
}
