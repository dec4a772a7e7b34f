/*
 * args.c - the keys and arguments of the script of a REGISTER
 */
#include "adapters/args.h"

#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "loop/loop.h"

const char *args_mode(enum registration_kind kind)
{
	switch (kind) {
	case REGISTRATION_QUERY: return "query";
	case REGISTRATION_CLEAR: return "clear";
	case REGISTRATION_UPDATE: return "update";
	}
	return "query";
}

void args_begin(struct args *a, const char *aor, const char *mode,
                const char *call_id, uint32_t cseq)
{
	(void)snprintf(a->aor_key, sizeof(a->aor_key), "aor:{%s}", aor);
	time_text(loop_wall_ms(), a->now);
	(void)decimal(cseq, a->cseq);
	(void)decimal(BINDINGS_MAX, a->limit);
	a->v[0] = a->aor_key;
	a->v[1] = a->now;
	a->v[2] = mode;
	a->v[3] = call_id;
	a->v[4] = a->cseq;
	a->v[5] = a->limit;
	a->n = ARGS_FIXED;
}

void args_add(struct args *a, size_t i, const struct owned_binding *b,
              const char *contact)
{
	(void)decimal(b->expires_ms, a->ends[i]);
	a->v[a->n++] = b->key;
	a->v[a->n++] = contact;
	a->v[a->n++] = a->instances[i];
	a->v[a->n++] = a->ends[i];
	a->v[a->n++] = b->json;
}
