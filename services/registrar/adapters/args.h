/*
 * args.h - the keys and arguments of the script of a REGISTER (script.h)
 */
#ifndef REGISTRAR_ADAPTERS_ARGS_H
#define REGISTRAR_ADAPTERS_ARGS_H

#include <stddef.h>
#include <stdint.h>

#include "base/decimal.h"
#include "core/aor.h"
#include "core/binding.h"
#include "core/owned.h"
#include "core/registration.h"
#include "store/time.h"

enum {
	ARGS_KEYS = 1,
	ARGS_FIXED = ARGS_KEYS + 5, /* what stands before the changes */
	ARGS_CHANGE = 5,            /* values of each change          */
	ARGS_MAX = ARGS_FIXED + ARGS_CHANGE * BINDINGS_MAX
};

/** The key and the arguments; most texts are borrowed */
struct args {
	int n;
	const char *v[ARGS_MAX];
	char aor_key[AOR_TEXT_SIZE + 8];
	char now[TIME_TEXT_SIZE];
	char cseq[DECIMAL_SIZE], limit[DECIMAL_SIZE];
	char ends[BINDINGS_MAX][DECIMAL_SIZE];
	char instances[BINDINGS_MAX][BINDING_INSTANCE_MAX + 1];
};

/** The script's word for it. */
const char *args_mode(enum registration_kind kind);

/** Write what stands before the changes. */
void args_begin(struct args *a, const char *aor, const char *mode,
                const char *call_id, uint32_t cseq);

/** Append change @p i, whose instance is in instances[i] already. */
void args_add(struct args *a, size_t i, const struct owned_binding *b,
              const char *contact);

#endif
