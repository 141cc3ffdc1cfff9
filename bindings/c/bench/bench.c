// The rows of the C library in the benchmark of every binding: see bindings/bench/README.md.
//
// The inputs come as arguments, in the order of `enum input`, so that this needs no JSON.
#include <cogauth.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum input { NOW = 1, TOKEN, EDGE_KEYS, METHOD, TARGET, AUTHORIZATION, RECORD, FACTS, REQUEST, END };

static char **inputs;
static uint64_t now;
static cogauth_edge_keys *keys;
static cogauth_policy *policy;
static cogauth_gate *gate;

static cogauth_slice slice(enum input input) {
  return (cogauth_slice){inputs[input], strlen(inputs[input])};
}

// Each runs once, and says whether it came out as it should.

static int verify(void) {
  cogauth_token token;
  token.struct_size = sizeof token;
  cogauth_slice text = slice(TOKEN);
  return cogauth_token_verify(keys, text.data, text.length, now, &token, NULL) == COGAUTH_OK;
}

static int decide(void) {
  cogauth_decision decision;
  decision.struct_size = sizeof decision;
  cogauth_slice text = slice(REQUEST);
  return cogauth_policy_decide(policy, text.data, text.length, &decision, NULL) == COGAUTH_OK &&
         decision.decision == COGAUTH_ALLOW;
}

static int evaluate(void) {
  static char answer[4096];
  size_t length;
  cogauth_slice text = slice(REQUEST);
  return cogauth_policy_evaluate(policy, text.data, text.length, answer, sizeof answer, &length,
                                 NULL) == COGAUTH_OK;
}

static int guard(void) {
  cogauth_slice header = slice(AUTHORIZATION), record = slice(RECORD), facts = slice(FACTS);
  cogauth_request request = {.struct_size = sizeof request,
                             .method = slice(METHOD),
                             .target = slice(TARGET),
                             .authorization = &header,
                             .authorization_count = 1};
  cogauth_exchange *exchange;
  cogauth_slice principal, action, audit;
  if (cogauth_exchange_begin(gate, &request, now, &exchange, NULL) != COGAUTH_OK) return 0;
  cogauth_exchange_found(exchange, COGAUTH_STEP_RECORD, record.data, record.length, now, NULL);
  cogauth_exchange_found(exchange, COGAUTH_STEP_FACTS, facts.data, facts.length, COGAUTH_NONE, NULL);
  int allowed = cogauth_exchange_step(exchange) == COGAUTH_STEP_ALLOWED;
  cogauth_exchange_text(exchange, COGAUTH_TEXT_PRINCIPAL, &principal);
  cogauth_exchange_text(exchange, COGAUTH_TEXT_ACTION, &action);
  cogauth_exchange_text(exchange, COGAUTH_TEXT_AUDIT, &audit);
  cogauth_exchange_release(exchange);
  return allowed && audit.length > 0;
}

static double seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

// The median of some samples, each of at least 40 ms.
static void row(const char *work, int (*run)(void)) {
  enum { SAMPLES = 15 };
  double samples[SAMPLES];
  for (int sample = 0; sample < SAMPLES; sample++) {
    double begin = seconds();
    long count = 0;
    for (; seconds() - begin < 0.04; count += 100) {
      for (int i = 0; i < 100; i++) {
        if (!run()) exit(1);
      }
    }
    samples[sample] = (seconds() - begin) * 1e9 / (double)count;
  }
  qsort(samples, SAMPLES, sizeof *samples, ascending);
  printf("{\"language\": \"c\", \"with\": \"cog-auth\", \"work\": \"%s\", \"ns\": %.1f, "
         "\"allocations\": null}\n",
         work, samples[SAMPLES / 2]);
}

int main(int count, char **arguments) {
  if (count != END) return 2;
  inputs = arguments;
  now = strtoull(inputs[NOW], NULL, 10);
  cogauth_slice text = slice(EDGE_KEYS);
  if (cogauth_edge_keys_read(text.data, text.length, &keys, NULL) != COGAUTH_OK) return 3;
  if (cogauth_policy_builtin(&policy, NULL) != COGAUTH_OK) return 4;
  if (cogauth_gate_new(policy, keys, NULL, NULL, &gate, NULL) != COGAUTH_OK) return 5;
  row("verify", verify);
  row("decide", decide);
  row("evaluate", evaluate);
  row("gate", guard);
  cogauth_gate_release(gate);
  cogauth_policy_release(policy);
  cogauth_edge_keys_release(keys);
  return 0;
}
