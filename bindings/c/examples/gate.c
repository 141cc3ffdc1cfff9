// Takes a request through the gate: gate KEYS SECONDS TARGET AUTHORIZATION RECORD FACTS
//
// RECORD and FACTS stand for what a service fetches from its stores; empty is absent.
#include <cogauth.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static cogauth_slice slice(const char *text) {
  return (cogauth_slice){text, strlen(text)};
}

/// Answers a question of the exchange with what a store has.
static void answer(cogauth_exchange *exchange, int32_t step, const char *stored) {
  if (stored[0] == '\0') {
    cogauth_exchange_absent(exchange, step, NULL);
  } else {
    cogauth_exchange_found(exchange, step, stored, strlen(stored), COGAUTH_NONE, NULL);
  }
}

static void print(const cogauth_exchange *exchange, const char *name, int32_t which) {
  cogauth_slice text = {NULL, 0};
  if (cogauth_exchange_text(exchange, which, &text) == COGAUTH_OK && text.data != NULL) {
    printf("%s: %.*s\n", name, (int)text.length, text.data);
  }
}

int main(int count, char **arguments) {
  if (count != 7) return fprintf(stderr, "usage: gate KEYS SECONDS TARGET ...\n"), 2;

  // Once, when the service starts.
  cogauth_edge_keys *keys = NULL;
  cogauth_policy *policy = NULL;
  cogauth_gate *gate = NULL;
  if (cogauth_edge_keys_read(arguments[1], strlen(arguments[1]), &keys, NULL) != COGAUTH_OK ||
      cogauth_policy_builtin(&policy, NULL) != COGAUTH_OK ||
      cogauth_gate_new(policy, keys, NULL, NULL, &gate, NULL) != COGAUTH_OK) {
    return fprintf(stderr, "no gate\n"), 1;
  }

  // For every request. All lines of its Authorization header are given.
  const cogauth_slice line = slice(arguments[4]);
  cogauth_request request = {.struct_size = sizeof request};
  request.method = slice("GET");
  request.target = slice(arguments[3]);
  request.authorization = &line;
  request.authorization_count = 1;
  cogauth_exchange *exchange = NULL;
  cogauth_exchange_begin(gate, &request, strtoull(arguments[2], NULL, 10), &exchange, NULL);
  if (cogauth_exchange_step(exchange) == COGAUTH_STEP_RECORD) {
    answer(exchange, COGAUTH_STEP_RECORD, arguments[5]);
  }
  if (cogauth_exchange_step(exchange) == COGAUTH_STEP_FACTS) {
    answer(exchange, COGAUTH_STEP_FACTS, arguments[6]);
  }

  // Whatever failed, the step is a refusal then: it is none of the others by mistake.
  const int is_allowed = cogauth_exchange_step(exchange) == COGAUTH_STEP_ALLOWED;
  if (is_allowed) {
    print(exchange, "allowed", COGAUTH_TEXT_ACTION);
    print(exchange, "principal", COGAUTH_TEXT_PRINCIPAL);
  } else {
    printf("refused: %d\n", (int)cogauth_exchange_status(exchange));
    print(exchange, "code", COGAUTH_TEXT_CODE);
    print(exchange, "body", COGAUTH_TEXT_BODY);
  }
  cogauth_exchange_release(exchange);
  cogauth_gate_release(gate);
  cogauth_policy_release(policy);
  cogauth_edge_keys_release(keys);
  return is_allowed ? 0 : 1;
}
