//go:build cogauth_cgo

#include "shim.h"

#include <stdlib.h>
#include <string.h>

#include "ops.h"

static cogauth_error error_at(char *json, size_t capacity) {
  cogauth_error error;
  memset(&error, 0, sizeof error);
  error.struct_size = sizeof error;
  error.json = json;
  error.json_capacity = capacity;
  return error;
}

static cogauth_slice slice_of(const char *arena, const cogauth_go_span *spans, size_t count,
                              size_t index) {
  cogauth_slice slice = {NULL, 0};
  if (index < count && spans[index].start != SIZE_MAX) {
    slice.data = arena + spans[index].start;
    slice.length = spans[index].length;
  }
  return slice;
}

// The texts from one on, as an array that the caller frees. NULL if there is no memory.
static cogauth_slice *slices_of(const char *arena, const cogauth_go_span *spans, size_t count,
                                size_t from) {
  cogauth_slice *slices = malloc((count - from + 1) * sizeof *slices);
  for (size_t index = from; slices != NULL && index < count; index++)
    slices[index - from] = slice_of(arena, spans, count, index);
  return slices;
}

int32_t cogauth_go_make(uint32_t op, const void *parent, const char *arena,
                        const cogauth_go_span *spans, size_t count, void **handle, char *json,
                        size_t capacity, size_t *json_length) {
  cogauth_error error = error_at(json, capacity);
  cogauth_slice a = slice_of(arena, spans, count, 0);
  cogauth_slice b = slice_of(arena, spans, count, 1);
  int32_t code = COGAUTH_E_INVALID_ARGUMENT;
  switch (op) {
    case OP_EdgeKeysRead:
      code = cogauth_edge_keys_read(a.data, a.length, (cogauth_edge_keys **)handle, &error);
      break;
    case OP_PeppersRead:
      code = cogauth_peppers_read(a.data, a.length, (cogauth_peppers **)handle, &error);
      break;
    case OP_RootKeysRead:
      code = cogauth_root_keys_read(a.data, a.length, (cogauth_root_keys **)handle, &error);
      break;
    case OP_RootKeysNew:
      code = cogauth_root_keys_new(a.data, a.length, (const uint8_t *)b.data, b.length,
                                   (cogauth_root_keys **)handle, &error);
      break;
    case OP_RootKeysEdgeKeys:
      code = cogauth_root_keys_edge_keys(parent, (cogauth_edge_keys **)handle, &error);
      break;
    case OP_RootKeysPeppers:
      code = cogauth_root_keys_peppers(parent, (cogauth_peppers **)handle, &error);
      break;
    case OP_PolicyFromImage:
      code = cogauth_policy_from_image((const uint8_t *)a.data, a.length, b.data, b.length,
                                       (cogauth_policy **)handle, &error);
      break;
    case OP_PolicyFromDocuments: {
      cogauth_slice *slices = slices_of(arena, spans, count, 1);
      if (slices == NULL) return COGAUTH_E_OUT_OF_MEMORY;
      code = cogauth_policy_from_documents((const cogauth_document *)slices, (count - 1) / 2,
                                           a.data, a.length, (cogauth_policy **)handle, &error);
      free(slices);
      break;
    }
    case OP_PolicyBuiltin:
      code = cogauth_policy_builtin((cogauth_policy **)handle, &error);
      break;
  }
  *json_length = error.json_length;
  return code;
}

int32_t cogauth_go_gate(const void *policy, const void *edge_keys, const void *peppers,
                        uint32_t flags, const char *realm, size_t realm_length,
                        uint64_t retry_after, uint64_t max_record_age, void **gate, char *json,
                        size_t capacity, size_t *json_length) {
  cogauth_error error = error_at(json, capacity);
  cogauth_gate_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.flags = flags;
  options.realm.data = realm_length == 0 ? NULL : realm;
  options.realm.length = realm_length;
  options.retry_after = retry_after;
  options.max_record_age = max_record_age;
  int32_t code =
      cogauth_gate_new(policy, edge_keys, peppers, &options, (cogauth_gate **)gate, &error);
  *json_length = error.json_length;
  return code;
}

void cogauth_go_free(uint32_t kind, void *handle) {
  switch (kind) {
    case KIND_EdgeKeys:
      cogauth_edge_keys_release(handle);
      break;
    case KIND_Peppers:
      cogauth_peppers_release(handle);
      break;
    case KIND_RootKeys:
      cogauth_root_keys_release(handle);
      break;
    case KIND_Policy:
      cogauth_policy_release(handle);
      break;
    case KIND_Gate:
      cogauth_gate_release(handle);
      break;
  }
}

static int32_t issue(const void *peppers, const char *arena, const cogauth_go_span *spans,
                     size_t count, const uint64_t *numbers, char *text, size_t text_capacity,
                     size_t *text_length, cogauth_error *error) {
  cogauth_slice *lists = slices_of(arena, spans, count, 4);
  if (lists == NULL) return COGAUTH_E_OUT_OF_MEMORY;
  cogauth_record_draft draft;
  memset(&draft, 0, sizeof draft);
  draft.struct_size = sizeof draft;
  draft.flags = (uint32_t)numbers[0];
  draft.token = slice_of(arena, spans, count, 0);
  draft.principal = slice_of(arena, spans, count, 1);
  draft.name = slice_of(arena, spans, count, 2);
  draft.metadata = slice_of(arena, spans, count, 3);
  draft.scopes = lists;
  draft.scopes_count = (size_t)numbers[1];
  if (draft.flags & COGAUTH_DRAFT_ORGANIZATIONS) {
    draft.organizations = lists + numbers[1];
    draft.organizations_count = (size_t)numbers[5];
  }
  if (draft.flags & COGAUTH_DRAFT_ADDRESSES) {
    draft.addresses = lists + numbers[1] + numbers[5];
    draft.addresses_count = count - 4 - (size_t)numbers[1] - (size_t)numbers[5];
  }
  draft.peppers = peppers;
  draft.created_at = numbers[2];
  draft.not_before = numbers[3];
  draft.expires_at = numbers[4];
  int32_t code = cogauth_record_issue(&draft, text, text_capacity, text_length, error);
  free(lists);
  return code;
}

static int32_t image(const void *policy, char *text, size_t text_capacity, size_t *text_length,
                     cogauth_error *error) {
  cogauth_slice image;
  int32_t code = cogauth_policy_image(policy, &image, error);
  if (code != COGAUTH_OK) return code;
  *text_length = image.length;
  if (image.length > text_capacity) return COGAUTH_E_BUFFER_TOO_SMALL;
  memcpy(text, image.data, image.length);
  return COGAUTH_OK;
}

static int32_t written(uint32_t op, const void *h, const void *second, const char *arena,
                       const cogauth_go_span *spans, size_t count, const uint64_t *n, char *text,
                       size_t size, size_t *length, cogauth_error *error) {
  cogauth_slice a = slice_of(arena, spans, count, 0);
  cogauth_slice b = slice_of(arena, spans, count, 1);
  switch (op) {
    case OP_TokenDigest:
      return cogauth_token_digest(h, a.data, a.length, b.data, b.length, text, size, length,
                                  error);
    case OP_TokenEdgeDigest:
      return cogauth_token_edge_digest(a.data, a.length, b.data, b.length, text, size, length,
                                       error);
    case OP_TokenMint:
      return cogauth_token_mint(h, a.data, a.length, (uint32_t)n[0], (uint32_t)n[1],
                                (const uint8_t *)b.data, b.length, text, size, length, error);
    case OP_AcceptAtEdge:
      return cogauth_accept_at_edge(h, a.data, a.length, n[0], b.data, b.length, n[1], text, size,
                                    length, error);
    case OP_AcceptAtOrigin:
      return cogauth_accept_at_origin(h, second, a.data, a.length, n[0], b.data, b.length, n[1],
                                      text, size, length, error);
    case OP_TextRedact:
      return cogauth_text_redact(a.data, a.length, text, size, length, error);
    case OP_TextRedactDecoding:
      return cogauth_text_redact_decoding(a.data, a.length, text, size, length, error);
    case OP_TextScanDecoding:
      return cogauth_text_scan_decoding(a.data, a.length, h, text, size, length, error);
    case OP_RecordIssue:
      return issue(h, arena, spans, count, n, text, size, length, error);
    case OP_RecordRead:
      return cogauth_record_read(a.data, a.length, text, size, length, error);
    case OP_RecordForEdges:
      return cogauth_record_for_edges(a.data, a.length, text, size, length, error);
    case OP_RecordForDisplay:
      return cogauth_record_for_display(a.data, a.length, text, size, length, error);
    case OP_RecordRevoke:
      return cogauth_record_revoke(a.data, a.length, n[0], text, size, length, error);
    case OP_RecordRotate:
      return cogauth_record_rotate(a.data, a.length, b.data, b.length, n[0], n[1], text, size,
                                   length, error);
    case OP_RecordRotateWithin:
      return cogauth_record_rotate_within(a.data, a.length, b.data, b.length, n[0], n[1],
                                          (uint32_t)n[2], n[3], text, size, length, error);
    case OP_RecordUsed:
      return cogauth_record_used(a.data, a.length, n[0], text, size, length, error);
    case OP_RecordMerge:
      return cogauth_record_merge(a.data, a.length, b.data, b.length, text, size, length, error);
    case OP_EdgeKeysExpose:
      return cogauth_edge_keys_expose(h, text, size, length, error);
    case OP_PeppersExpose:
      return cogauth_peppers_expose(h, text, size, length, error);
    case OP_RootKeysExpose:
      return cogauth_root_keys_expose(h, text, size, length, error);
    case OP_PolicyCheck:
    case OP_PolicyWarnings:
    case OP_PolicyBundle: {
      cogauth_slice *slices = slices_of(arena, spans, count, 0);
      if (slices == NULL) return COGAUTH_E_OUT_OF_MEMORY;
      const cogauth_document *documents = (const cogauth_document *)slices;
      int32_t code =
          op == OP_PolicyCheck
              ? cogauth_policy_check(documents, count / 2, text, size, length, error)
          : op == OP_PolicyWarnings
              ? cogauth_policy_warnings(documents, count / 2, text, size, length, error)
              : cogauth_policy_bundle(documents, count / 2, text, size, length, error);
      free(slices);
      return code;
    }
    case OP_PolicyImage:
      return image(h, text, size, length, error);
    case OP_PolicyDigest:
      return cogauth_policy_digest(h, text, size, length, error);
    case OP_PolicyImageDigest:
      return cogauth_policy_image_digest(h, text, size, length, error);
    case OP_PolicyActions:
      return cogauth_policy_actions(h, text, size, length, error);
    case OP_PolicyExplain:
      return cogauth_policy_explain(h, a.data, a.length, text, size, length, error);
    case OP_PolicyEvaluate:
      return cogauth_policy_evaluate(h, a.data, a.length, text, size, length, error);
    case OP_PolicySearchActions:
      return cogauth_policy_search_actions(h, a.data, a.length, text, size, length, error);
    case OP_PolicyRoute:
      return cogauth_policy_route(h, a.data, a.length, b.data, b.length, text, size, length,
                                  error);
    case OP_ExchangeJSON:
      return cogauth_exchange_json(h, text, size, length, error);
    case OP_ExchangeRecord:
      return cogauth_exchange_record(h, text, size, length, error);
    default:
      return COGAUTH_E_INVALID_ARGUMENT;
  }
}

int32_t cogauth_go_write(uint32_t op, const void *first, const void *second, const char *arena,
                         const cogauth_go_span *spans, size_t count, const uint64_t *numbers,
                         char *text, size_t text_capacity, size_t *text_length, char *json,
                         size_t capacity, size_t *json_length) {
  cogauth_error error = error_at(json, capacity);
  int32_t code = written(op, first, second, arena, spans, count, numbers, text, text_capacity,
                         text_length, &error);
  *json_length = error.json_length;
  return code;
}

int32_t cogauth_go_parse(const char *token, size_t length, cogauth_token *result, char *json,
                         size_t capacity, size_t *json_length) {
  result->struct_size = sizeof *result;
  if (json == NULL) return cogauth_token_parse(token, length, result, NULL);
  cogauth_error error = error_at(json, capacity);
  int32_t code = cogauth_token_parse(token, length, result, &error);
  *json_length = error.json_length;
  return code;
}

int32_t cogauth_go_verify(const void *keys, const char *token, size_t length, uint64_t now,
                          cogauth_token *result, char *json, size_t capacity,
                          size_t *json_length) {
  result->struct_size = sizeof *result;
  if (json == NULL) return cogauth_token_verify(keys, token, length, now, result, NULL);
  cogauth_error error = error_at(json, capacity);
  int32_t code = cogauth_token_verify(keys, token, length, now, result, &error);
  *json_length = error.json_length;
  return code;
}

int32_t cogauth_go_decide(const void *policy, const char *request, size_t length,
                          cogauth_decision *decision, char *json, size_t capacity,
                          size_t *json_length) {
  decision->struct_size = sizeof *decision;
  if (json == NULL) return cogauth_policy_decide(policy, request, length, decision, NULL);
  cogauth_error error = error_at(json, capacity);
  int32_t code = cogauth_policy_decide(policy, request, length, decision, &error);
  *json_length = error.json_length;
  return code;
}

int32_t cogauth_go_authorization(const char *arena, const cogauth_go_span *spans, size_t count,
                                 int32_t *scheme, cogauth_go_span *credential, char *json,
                                 size_t capacity, size_t *json_length) {
  cogauth_slice *values = slices_of(arena, spans, count, 0);
  if (values == NULL) return COGAUTH_E_OUT_OF_MEMORY;
  cogauth_error error = error_at(json, capacity);
  cogauth_slice found = {NULL, 0};
  int32_t code = cogauth_authorization_read(values, count, scheme, &found, &error);
  if (code == COGAUTH_OK && found.data != NULL) {
    credential->start = (size_t)(found.data - arena);
    credential->length = found.length;
  }
  free(values);
  *json_length = error.json_length;
  return code;
}

int32_t cogauth_go_scan(const char *text, size_t length, uint64_t from, int32_t *found,
                        cogauth_finding *finding, char *json, size_t capacity,
                        size_t *json_length) {
  cogauth_error error = error_at(json, capacity);
  finding->struct_size = sizeof *finding;
  int32_t code = cogauth_text_scan(text, length, (size_t)from, found, finding, &error);
  *json_length = error.json_length;
  return code;
}

int32_t cogauth_go_inactive(const char *record, size_t length, uint64_t now, int32_t *result,
                            char *json, size_t capacity, size_t *json_length) {
  cogauth_error error = error_at(json, capacity);
  int32_t code = cogauth_record_inactive(record, length, now, result, &error);
  *json_length = error.json_length;
  return code;
}

// How many lines of the header are looked at without asking for memory.
enum { USUAL_LINES = 4 };

int32_t cogauth_go_begin(const void *gate, const char *arena, const cogauth_go_span *spans,
                         size_t count, uint64_t now, cogauth_exchange **exchange, char *json,
                         size_t capacity, size_t *json_length) {
  size_t lines = count - 4;
  cogauth_slice usual[USUAL_LINES];
  cogauth_slice *values = usual;
  if (lines > USUAL_LINES) {
    values = slices_of(arena, spans, count, 4);
    if (values == NULL) return COGAUTH_E_OUT_OF_MEMORY;
  } else {
    for (size_t index = 0; index < lines; index++)
      values[index] = slice_of(arena, spans, count, index + 4);
  }
  cogauth_error error = error_at(json, capacity);
  cogauth_request request;
  memset(&request, 0, sizeof request);
  request.struct_size = sizeof request;
  request.method = slice_of(arena, spans, count, 0);
  request.target = slice_of(arena, spans, count, 1);
  request.context = slice_of(arena, spans, count, 2);
  request.client_address = slice_of(arena, spans, count, 3);
  request.authorization = values;
  request.authorization_count = lines;
  int32_t code = cogauth_exchange_begin(gate, &request, now, exchange, &error);
  if (values != usual) free(values);
  *json_length = error.json_length;
  return code;
}

int32_t cogauth_go_answer(cogauth_exchange *exchange, uint32_t answer, int32_t step,
                          const char *text, size_t length, uint64_t fetched_at, char *json,
                          size_t capacity, size_t *json_length) {
  cogauth_error error = error_at(json, capacity);
  int32_t code;
  switch (answer) {
    case ANSWER_Found:
      code = cogauth_exchange_found(exchange, step, text, length, fetched_at, &error);
      break;
    case ANSWER_Absent:
      code = cogauth_exchange_absent(exchange, step, &error);
      break;
    default:
      code = cogauth_exchange_unavailable(exchange, step, &error);
  }
  *json_length = error.json_length;
  return code;
}

void cogauth_go_state_of(const cogauth_exchange *exchange, cogauth_go_state *state) {
  state->step = cogauth_exchange_step(exchange);
  state->status = cogauth_exchange_status(exchange);
  state->code = cogauth_exchange_code(exchange);
  state->valid_until = cogauth_exchange_valid_until(exchange);
}
