// What the tests share.
#ifndef COGAUTH_TEST_SUPPORT_H
#define COGAUTH_TEST_SUPPORT_H

#include "inputs.h"

#include <cogauth.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEN(text) (sizeof(text) - 1)
#define TEXT(text) text, LEN(text)

static int failures = 0;

#define CHECK(what)                                                    \
  do {                                                                 \
    if (!(what)) {                                                     \
      failures++;                                                      \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #what); \
    }                                                                  \
  } while (0)

// A code that is not the one expected is printed with its name.
#define CODE(call, expected)                                                            \
  do {                                                                                  \
    int32_t found_ = (call);                                                            \
    if (found_ != (expected)) {                                                         \
      failures++;                                                                       \
      fprintf(stderr, "%s:%d: %d, not %d: %s\n", __FILE__, __LINE__, (int)found_,       \
              (int)(expected), #call);                                                  \
    }                                                                                   \
  } while (0)

static inline cogauth_slice slice(const char *text) {
  cogauth_slice made = {text, text == NULL ? 0 : strlen(text)};
  return made;
}

/// The handles that most tests need.
typedef struct {
  cogauth_edge_keys *keys;
  cogauth_peppers *peppers;
  cogauth_root_keys *roots;
  cogauth_policy *policy;
  cogauth_gate *gate;
} world;

static inline world make_world(void) {
  world made = {0};
  CODE(cogauth_edge_keys_read(TEXT(EDGE_KEYS), &made.keys, NULL), 0);
  CODE(cogauth_peppers_read(TEXT(PEPPERS), &made.peppers, NULL), 0);
  CODE(cogauth_root_keys_read(TEXT(ROOT_KEYS), &made.roots, NULL), 0);
  CODE(cogauth_policy_builtin(&made.policy, NULL), 0);
  CODE(cogauth_gate_new(made.policy, made.keys, NULL, NULL, &made.gate, NULL), 0);
  return made;
}

static inline void release_world(world made) {
  cogauth_gate_release(made.gate);
  cogauth_policy_release(made.policy);
  cogauth_root_keys_release(made.roots);
  cogauth_peppers_release(made.peppers);
  cogauth_edge_keys_release(made.keys);
}

/// The request of the inputs. `line` has to stay where it is.
static inline cogauth_request make_request(const cogauth_slice *line) {
  cogauth_request made;
  memset(&made, 0, sizeof made);
  made.struct_size = sizeof made;
  made.method = slice(METHOD);
  made.target = slice(TARGET);
  made.authorization = line;
  made.authorization_count = 1;
  return made;
}

/// A request all the way, with what a store found. Answers the step where it ends.
static inline int32_t pass_through(const cogauth_gate *gate) {
  const cogauth_slice line = slice(AUTHORIZATION);
  const cogauth_request request = make_request(&line);
  cogauth_exchange *exchange = NULL;
  int32_t step;
  if (cogauth_exchange_begin(gate, &request, NOW, &exchange, NULL) != COGAUTH_OK) return -1;
  if (cogauth_exchange_step(exchange) == COGAUTH_STEP_RECORD) {
    cogauth_exchange_found(exchange, COGAUTH_STEP_RECORD, TEXT(RECORD), COGAUTH_NONE, NULL);
  }
  if (cogauth_exchange_step(exchange) == COGAUTH_STEP_FACTS) {
    cogauth_exchange_found(exchange, COGAUTH_STEP_FACTS, TEXT(FACTS), COGAUTH_NONE, NULL);
  }
  step = cogauth_exchange_step(exchange);
  cogauth_exchange_release(exchange);
  return step;
}

#endif
