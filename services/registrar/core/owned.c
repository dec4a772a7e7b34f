/*
 * owned.c - the bindings that this instance acknowledged, kept in memory
 *
 * A hash table by AoR, and a list from the quietest AoR to the one that was
 * heard last. Pure: no I/O, no clock, no log.
 */
#include "owned.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

/* A binding and its texts in one block */
struct kept {
	uint64_t expires_ms;
	const char *json; /* into text, behind the key */
	char text[];      /* key NUL json NUL */
};

struct owned_aor {
	struct hash_entry entry;
	struct owned_aor *quieter, *louder;
	size_t n;
	struct kept *kept[BINDINGS_MAX];
	char name[];
};

struct owned {
	struct hash table;
	struct owned_aor *quietest, *loudest;
	struct owned_aor *cursor; /* next of the walk */
	size_t max;
};

int owned_alloc(struct owned **op, size_t max)
{
	struct owned *o = calloc(1, sizeof(*o));
	int err;

	if (!o)
		return ENOMEM;
	o->max = max;
	err = hash_init(&o->table);
	if (err)
		free(o);
	else
		*op = o;
	return err;
}

static void unlink_aor(struct owned *o, struct owned_aor *a)
{
	if (o->cursor == a)
		o->cursor = a->louder;
	if (a->quieter)
		a->quieter->louder = a->louder;
	else
		o->quietest = a->louder;
	if (a->louder)
		a->louder->quieter = a->quieter;
	else
		o->loudest = a->quieter;
}

static void link_loudest(struct owned *o, struct owned_aor *a)
{
	a->quieter = o->loudest;
	a->louder = NULL;
	if (o->loudest)
		o->loudest->louder = a;
	else
		o->quietest = a;
	o->loudest = a;
}

static void remove_aor(struct owned *o, struct owned_aor *a)
{
	unlink_aor(o, a);
	hash_remove(&o->table, &a->entry);
	for (size_t i = 0; i < a->n; i++)
		free(a->kept[i]);
	free(a);
}

void owned_free(struct owned *o)
{
	if (!o)
		return;
	while (o->quietest)
		remove_aor(o, o->quietest);
	hash_close(&o->table);
	free(o);
}

size_t owned_count(const struct owned *o)
{
	return o->table.n;
}

static struct owned_aor *find(const struct owned *o, const char *aor)
{
	struct hash_entry *e = hash_find(&o->table, aor);

	return e ? hash_object(e, struct owned_aor, entry) : NULL;
}

static struct owned_aor *add_aor(struct owned *o, const char *aor)
{
	size_t n = strlen(aor) + 1;
	struct owned_aor *a = calloc(1, sizeof(*a) + n);

	if (!a)
		return NULL;
	if (o->table.n >= o->max && o->quietest)
		remove_aor(o, o->quietest);
	memcpy(a->name, aor, n);
	hash_add(&o->table, &a->entry, a->name);
	link_loudest(o, a);
	return a;
}

static struct kept *make_kept(const struct owned_binding *b)
{
	size_t key = strlen(b->key) + 1, json = strlen(b->json) + 1;
	struct kept *k = malloc(sizeof(*k) + key + json);

	if (!k)
		return NULL;
	k->expires_ms = b->expires_ms;
	memcpy(k->text, b->key, key);
	memcpy(k->text + key, b->json, json);
	k->json = k->text + key;
	return k;
}

static void remove_kept(struct owned_aor *a, size_t i)
{
	free(a->kept[i]);
	a->kept[i] = a->kept[--a->n];
}

void owned_put(struct owned *o, const char *aor, const struct owned_binding *b)
{
	struct owned_aor *a = find(o, aor);
	struct kept *k = make_kept(b);

	if (!a && k)
		a = add_aor(o, aor);
	if (!a || !k) {
		free(k);
		return;
	}
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->kept[i]->text, b->key) == 0)
			remove_kept(a, i--);
	if (a->n == BINDINGS_MAX) /* those of others that ended */
		remove_kept(a, 0);
	a->kept[a->n++] = k;
	unlink_aor(o, a);
	link_loudest(o, a);
}

static bool among(const char *key, const char *const *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

void owned_keep(struct owned *o, const char *aor, const char *const *keys,
                size_t n_keys)
{
	struct owned_aor *a = find(o, aor);

	if (!a)
		return;
	for (size_t i = a->n; i > 0; i--)
		if (!among(a->kept[i - 1]->text, keys, n_keys))
			remove_kept(a, i - 1);
	if (a->n == 0)
		remove_aor(o, a);
}

void owned_expire(struct owned *o, uint64_t now_ms, size_t steps)
{
	for (; steps > 0 && o->quietest; steps--) {
		struct owned_aor *a = o->quietest;

		for (size_t i = a->n; i > 0; i--)
			if (a->kept[i - 1]->expires_ms <= now_ms)
				remove_kept(a, i - 1);
		if (a->n > 0)
			return; /* heard later: most of them end later */
		remove_aor(o, a);
	}
}

void owned_rewind(struct owned *o)
{
	o->cursor = o->quietest;
}

const struct owned_aor *owned_next(struct owned *o)
{
	struct owned_aor *a = o->cursor;

	if (a)
		o->cursor = a->louder;
	return a;
}

const char *owned_aor_name(const struct owned_aor *a)
{
	return a->name;
}

size_t owned_aor_bindings(const struct owned_aor *a,
                          struct owned_binding out[BINDINGS_MAX])
{
	for (size_t i = 0; i < a->n; i++)
		out[i] = (struct owned_binding){.key = a->kept[i]->text,
		                                .json = a->kept[i]->json,
		                                .expires_ms =
		                                        a->kept[i]->expires_ms};
	return a->n;
}
