// What the Go side calls: the functions of cogauth.h in shapes that no Go memory with pointers in
// it has to pass through. `json` is where an error is written, and may be NULL.

#ifndef COGAUTH_GO_SHIM_H
#define COGAUTH_GO_SHIM_H

#include <cogauth.h>

// A text in an arena; without one if it begins at SIZE_MAX.
typedef struct {
  size_t start;
  size_t length;
} cogauth_go_span;

typedef struct {
  int32_t step;
  int32_t status;
  int32_t code;
  uint64_t valid_until;
} cogauth_go_state;

int32_t cogauth_go_make(uint32_t op, const void *parent, const char *arena,
                        const cogauth_go_span *spans, size_t count, void **handle, char *json,
                        size_t capacity, size_t *json_length);

int32_t cogauth_go_gate(const void *policy, const void *edge_keys, const void *peppers,
                        uint32_t flags, const char *realm, size_t realm_length,
                        uint64_t retry_after, uint64_t max_record_age, void **gate, char *json,
                        size_t capacity, size_t *json_length);

void cogauth_go_free(uint32_t kind, void *handle);

int32_t cogauth_go_write(uint32_t op, const void *first, const void *second, const char *arena,
                         const cogauth_go_span *spans, size_t count, const uint64_t *numbers,
                         char *text, size_t text_capacity, size_t *text_length, char *json,
                         size_t capacity, size_t *json_length);

int32_t cogauth_go_parse(const char *token, size_t length, cogauth_token *result, char *json,
                         size_t capacity, size_t *json_length);

int32_t cogauth_go_verify(const void *keys, const char *token, size_t length, uint64_t now,
                          cogauth_token *result, char *json, size_t capacity, size_t *json_length);

int32_t cogauth_go_decide(const void *policy, const char *request, size_t length,
                          cogauth_decision *decision, char *json, size_t capacity,
                          size_t *json_length);

// The credential is told as a place in the arena.
int32_t cogauth_go_authorization(const char *arena, const cogauth_go_span *spans, size_t count,
                                 int32_t *scheme, cogauth_go_span *credential, char *json,
                                 size_t capacity, size_t *json_length);

int32_t cogauth_go_scan(const char *text, size_t length, uint64_t from, int32_t *found,
                        cogauth_finding *finding, char *json, size_t capacity,
                        size_t *json_length);

int32_t cogauth_go_inactive(const char *record, size_t length, uint64_t now, int32_t *result,
                            char *json, size_t capacity, size_t *json_length);

// The texts are the method, the target, the context, the client's address, and then the lines of
// the header.
int32_t cogauth_go_begin(const void *gate, const char *arena, const cogauth_go_span *spans,
                         size_t count, uint64_t now, cogauth_exchange **exchange, char *json,
                         size_t capacity, size_t *json_length);

int32_t cogauth_go_answer(cogauth_exchange *exchange, uint32_t answer, int32_t step,
                          const char *text, size_t length, uint64_t fetched_at, char *json,
                          size_t capacity, size_t *json_length);

void cogauth_go_state_of(const cogauth_exchange *exchange, cogauth_go_state *state);

#endif
