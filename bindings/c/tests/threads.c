// Eight threads use the same gate, policy and keys, and count references up and down.
//
// ThreadSanitizer sees this file and what it allocates, and not the library's own instructions.
// Helgrind sees all of them. It knows no order between atomics, and takes the last release for a
// race with the others: with KEEP, that comes after the threads.
#include "support.h"

#include <pthread.h>

#define THREADS 8
#ifndef ROUNDS
#define ROUNDS 2000
#endif

static world shared;

static void *hammer(void *wrong) {
  for (int round = 0; round < ROUNDS; round++) {
    cogauth_gate *gate = cogauth_gate_retain(shared.gate);
    cogauth_policy *policy = cogauth_policy_retain(shared.policy);
    cogauth_edge_keys *keys = cogauth_edge_keys_retain(shared.keys);
    cogauth_token token = {.struct_size = sizeof token};
    cogauth_decision decision = {.struct_size = sizeof decision};
    int right = pass_through(gate) == COGAUTH_STEP_ALLOWED;
    right &= cogauth_token_verify(keys, TEXT(TOKEN), NOW, &token, NULL) == COGAUTH_OK;
    right &= token.kind == COGAUTH_KIND_SERVICE_USER_KEY;
    right &= cogauth_policy_decide(policy, TEXT(POLICY_REQUEST), &decision, NULL) == COGAUTH_OK;
    right &= decision.decision == COGAUTH_ALLOW;
    *(int *)wrong += !right;
    cogauth_edge_keys_release(keys);
    cogauth_policy_release(policy);
    cogauth_gate_release(gate);
  }
  // Without KEEP, the last one to come here frees everything.
  release_world(shared);
  return NULL;
}

int main(void) {
  pthread_t threads[THREADS];
  int wrong[THREADS] = {0};
  shared = make_world();
  for (int at = 0; at < THREADS; at++) {
    cogauth_gate_retain(shared.gate);
    cogauth_policy_retain(shared.policy);
    cogauth_root_keys_retain(shared.roots);
    cogauth_peppers_retain(shared.peppers);
    cogauth_edge_keys_retain(shared.keys);
  }
  for (int at = 0; at < THREADS; at++) {
    CHECK(pthread_create(&threads[at], NULL, hammer, &wrong[at]) == 0);
  }
#ifndef KEEP
  release_world(shared);
#endif
  for (int at = 0; at < THREADS; at++) {
    pthread_join(threads[at], NULL);
    CHECK(wrong[at] == 0);
  }
#ifdef KEEP
  release_world(shared);
#endif
  return failures != 0;
}
