/*
 * args.c - the keys and arguments of the script of a REGISTER
 */
#include "adapters/args.h"

#include <stdio.h>
#include <string.h>

#include "core/decimal.h"
#include "loop/loop.h"

void args_begin(struct args *a, const char *aor, const char *mode,
                const char *call_id, uint32_t cseq)
{
	const char *at = strrchr(aor, '@');

	(void)snprintf(a->aor_key, sizeof(a->aor_key), "aor:{%s}", aor);
	(void)snprintf(a->domain_key, sizeof(a->domain_key), "aors:%s",
	               at ? at + 1 : "");
	time_text(loop_wall_ms(), a->now);
	(void)decimal(cseq, a->cseq);
	(void)decimal(BINDINGS_MAX, a->limit);
	a->v[0] = a->aor_key;
	a->v[1] = a->domain_key;
	a->v[2] = a->now;
	a->v[3] = mode;
	a->v[4] = call_id;
	a->v[5] = a->cseq;
	a->v[6] = a->limit;
	a->n = ARGS_FIXED; /* the user is filled by the caller */
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
