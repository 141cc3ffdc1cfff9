// Memory runs out at the n-th allocation, for every n. Each n has a process of its own, which ends
// in one of three ways: the right answer, a code (707 or what a refusal is), or an abort. Never an
// allow that does not come to the end of its work, and never another crash.
#define _GNU_SOURCE
#include "support.h"

#include <dlfcn.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long left = -1;
static int ran_out = 0;

/// Whether this allocation fails. From the first that does, all do.
static int is_out(void) {
  if (left < 0) return 0;
  if (left > 0) return left--, 0;
  return ran_out = 1;
}

void *malloc(size_t size) {
  static void *(*next)(size_t);
  if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, "malloc");
  return is_out() ? NULL : next(size);
}

void *realloc(void *block, size_t size) {
  static void *(*next)(void *, size_t);
  if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, "realloc");
  return is_out() ? NULL : next(block, size);
}

enum { RIGHT, REFUSED, CODE_707, ALLOWED_WITHOUT_MEMORY, ANOTHER_CODE };

static int work(long n) {
  static const struct rlimit no_core = {0, 0};
  world made = {0};
  int32_t code, step;
  cogauth_decision decision = {.struct_size = sizeof decision};
  setrlimit(RLIMIT_CORE, &no_core);
  left = n;
  code = cogauth_edge_keys_read(TEXT(EDGE_KEYS), &made.keys, NULL);
  if (code == COGAUTH_OK) code = cogauth_policy_builtin(&made.policy, NULL);
  if (code == COGAUTH_OK) {
    code = cogauth_gate_new(made.policy, made.keys, NULL, NULL, &made.gate, NULL);
  }
  if (code == COGAUTH_OK) {
    code = cogauth_policy_decide(made.policy, TEXT(POLICY_REQUEST), &decision, NULL);
  }
  if (code != COGAUTH_OK && decision.decision != COGAUTH_DENY) return ALLOWED_WITHOUT_MEMORY;
  if (code == COGAUTH_E_OUT_OF_MEMORY) return CODE_707;
  if (code != COGAUTH_OK) return ANOTHER_CODE;
  step = pass_through(made.gate);
  release_world(made);
  left = -1;
  if (step == COGAUTH_STEP_ALLOWED) return ran_out ? ALLOWED_WITHOUT_MEMORY : RIGHT;
  return ran_out ? REFUSED : ANOTHER_CODE;
}

int main(void) {
  int ends[5] = {0}, aborted = 0;
  for (long n = 0; ends[RIGHT] == 0; n++) {
    int status;
    const pid_t child = fork();
    if (child == 0) _exit(work(n));
    if (child < 0 || waitpid(child, &status, 0) != child) return 2;
    if (WIFEXITED(status) && WEXITSTATUS(status) < 5) {
      ends[WEXITSTATUS(status)]++;
    } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) {
      aborted++;
    } else {
      fprintf(stderr, "allocation %ld: ended with %#x\n", n, status);
      failures++;
    }
  }
  CHECK(ends[ALLOWED_WITHOUT_MEMORY] == 0);
  CHECK(ends[ANOTHER_CODE] == 0);
  CHECK(ends[CODE_707] > 0);
  printf("out of memory: %d times 707, %d refused, %d aborted\n", ends[CODE_707], ends[REFUSED],
         aborted);
  return failures != 0;
}
