// After the last release, no key is left in the memory of the process, and no token in that which
// was allocated: neither in what was freed, nor in what is in use. It searches itself, all that it
// can read and write.
#include "support.h"

// The bytes of a secret as this file has them: each is stored changed, so that it finds no own
// copy.
#define CHANGED 0x5a

typedef struct {
  const char *name;
  unsigned char changed[64];
  size_t length;
} needle;

static int digit_of(char digit) {
  if (digit >= 'A' && digit <= 'Z') return digit - 'A';
  if (digit >= 'a' && digit <= 'z') return digit - 'a' + 26;
  if (digit >= '0' && digit <= '9') return digit - '0' + 52;
  return digit == '-' ? 62 : 63;
}

/// A needle of what base64url spells.
static needle of_base64(const char *name, const char *digits) {
  needle made = {0};
  unsigned held = 0, bits = 0;
  made.name = name;
  for (; *digits != '\0' && *digits != '"'; digits++) {
    held = (held << 6) | (unsigned)digit_of(*digits);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      made.changed[made.length++] = (unsigned char)((held >> bits) ^ CHANGED);
    }
  }
  return made;
}

static needle of_bytes(const char *name, const char *bytes, size_t length) {
  needle made = {0};
  made.name = name;
  made.length = length;
  for (size_t at = 0; at < length; at++) made.changed[at] = (unsigned char)(bytes[at] ^ CHANGED);
  return made;
}

static int is_at(const needle *wanted, const unsigned char *place) {
  for (size_t at = 0; at < wanted->length; at++) {
    if ((place[at] ^ CHANGED) != wanted->changed[at]) return 0;
  }
  return 1;
}

/// How often a secret is in memory that can be written.
__attribute__((noinline)) static int count(const needle *wanted) {
  static char line[512];
  int found = 0;
  FILE *maps = fopen("/proc/self/maps", "r");
  if (maps == NULL) return -1;
  while (fgets(line, sizeof line, maps) != NULL) {
    unsigned long from, to;
    char rights[5];
    if (sscanf(line, "%lx-%lx %4s", &from, &to, rights) != 3) continue;
    if (rights[0] != 'r' || rights[1] != 'w') continue;
    for (unsigned long place = from; place + wanted->length <= to; place++) {
      found += is_at(wanted, (const unsigned char *)place);
    }
  }
  fclose(maps);
  return found;
}

int main(void) {
  static char exposed[512];
  char *json = malloc(sizeof ROOT_KEYS);
  size_t length = 0;
  needle root, edge, pepper, token;
  cogauth_root_keys *roots = NULL;
  cogauth_edge_keys *keys = NULL;
  cogauth_peppers *peppers = NULL;
  cogauth_gate *gate = NULL;
  cogauth_policy *policy = NULL;
  cogauth_exchange *exchange = NULL;
  cogauth_slice line;
  cogauth_request request;
  char *header = malloc(sizeof AUTHORIZATION);

  memcpy(json, ROOT_KEYS, sizeof ROOT_KEYS);
  memcpy(header, AUTHORIZATION, sizeof AUTHORIZATION);
  CODE(cogauth_root_keys_read(json, LEN(ROOT_KEYS), &roots, NULL), 0);
  cogauth_wipe(json, sizeof ROOT_KEYS);
  CODE(cogauth_root_keys_edge_keys(roots, &keys, NULL), 0);
  CODE(cogauth_root_keys_peppers(roots, &peppers, NULL), 0);

  root = of_base64("root key", strstr(ROOT_KEYS, "AAEC"));
  CODE(cogauth_edge_keys_expose(keys, exposed, sizeof exposed, &length, NULL), 0);
  edge = of_base64("edge key", strstr(exposed, "\"01\":\"") + 6);
  CODE(cogauth_peppers_expose(peppers, exposed, sizeof exposed, &length, NULL), 0);
  pepper = of_base64("pepper", strstr(exposed, "\"01\":\"") + 6);
  cogauth_wipe(exposed, sizeof exposed);
  token = of_bytes("token", strstr(AUTHORIZATION, "CCCCSSSS") + 4, 40);
  CHECK(root.length == 32 && edge.length == 32 && pepper.length == 32);

  CODE(cogauth_policy_builtin(&policy, NULL), 0);
  CODE(cogauth_gate_new(policy, keys, peppers, NULL, &gate, NULL), 0);
  line.data = header;
  line.length = LEN(AUTHORIZATION);
  request = make_request(&line);
  CODE(cogauth_exchange_begin(gate, &request, NOW, &exchange, NULL), 0);
  cogauth_wipe(header, sizeof AUTHORIZATION);

  // What is in use is found, so that the search is one that finds.
  CHECK(count(&root) > 0);
  CHECK(count(&pepper) > 0);
  CHECK(count(&token) > 0);

  cogauth_exchange_release(exchange);
  CHECK(count(&token) == 0);
  {
    // What is decoded to be looked at is wiped too.
    static char encoded[2 * COGAUTH_TOKEN_LENGTH];
    for (size_t at = 0; at < COGAUTH_TOKEN_LENGTH; at++) {
      const unsigned char byte = (unsigned char)AUTHORIZATION[7 + at];
      encoded[2 * at] = "0123456789abcdef"[byte >> 4];
      encoded[2 * at + 1] = "0123456789abcdef"[byte & 15];
    }
    CODE(cogauth_text_scan_decoding(encoded, sizeof encoded, keys, exposed, sizeof exposed, &length,
                                    NULL),
         0);
    CHECK(length > 2 && strstr(exposed, "\"genuine\":true") != NULL);
    CHECK(count(&token) == 0);
  }
  cogauth_gate_release(gate);
  cogauth_policy_release(policy);
  cogauth_peppers_release(peppers);
  cogauth_edge_keys_release(keys);
  cogauth_root_keys_release(roots);
  {
    const needle *all[] = {&root, &edge, &pepper, &token};
    for (size_t at = 0; at < 4; at++) {
      const int found = count(all[at]);
      if (found != 0) fprintf(stderr, "%s: found %d times\n", all[at]->name, found);
      CHECK(found == 0);
    }
  }
  free(header);
  free(json);
  return failures != 0;
}
