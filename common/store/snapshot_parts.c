/*
 * snapshot_parts.c - memory and field readers of a snapshot
 */
#include "store/snapshot_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 32 * 1024, ALIGN = 16 };

/* Blocks are only ever freed together. */
struct block {
	struct block *next;
	size_t used, size;
	_Alignas(ALIGN) unsigned char bytes[];
};

void *snapshot_get(struct snapshot *s, size_t size)
{
	struct block *b = s->blocks;
	void *out;

	size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (!b || b->size - b->used < size) {
		size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;

		b = calloc(1, sizeof(*b) + room);
		if (!b)
			return NULL;
		b->size = room;
		b->next = s->blocks;
		s->blocks = b;
	}
	out = b->bytes + b->used;
	b->used += size;
	return out;
}

int snapshot_alloc(struct snapshot **sp)
{
	struct snapshot *s = calloc(1, sizeof(*s));
	int err = ENOMEM;

	if (!s)
		goto out;
	if (hash_init(&s->accounts) || hash_init(&s->domains) ||
	    hash_init(&s->domain_sids) || hash_init(&s->numbers) ||
	    hash_init(&s->access_lists) || hash_init(&s->permissions) ||
	    hash_init(&s->applications) || hash_init(&s->caller_ids) ||
	    hash_init(&s->rates))
		goto out;
	err = 0;
out:
	if (err)
		snapshot_free(s);
	else
		*sp = s;
	return err;
}

void snapshot_free(struct snapshot *s)
{
	if (!s)
		return;
	hash_close(&s->accounts);
	hash_close(&s->domains);
	hash_close(&s->domain_sids);
	hash_close(&s->numbers);
	hash_close(&s->access_lists);
	hash_close(&s->permissions);
	hash_close(&s->applications);
	hash_close(&s->caller_ids);
	hash_close(&s->rates);
	while (s->blocks) {
		struct block *b = s->blocks;

		s->blocks = b->next;
		explicit_bzero(b->bytes, b->used); /* tokens and passwords */
		free(b);
	}
	free(s->carriers);
	free(s);
}

const char *record_get(const struct record *r, const char *name,
                       const char *otherwise)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->names[i], name) == 0)
			return r->values[i];
	return otherwise;
}

static const char *copy(struct snapshot *s, const char *from, size_t n)
{
	char *to = snapshot_get(s, n + 1);

	if (to)
		memcpy(to, from, n);
	return to;
}

const char *snapshot_copy(struct snapshot *s, const char *text)
{
	return copy(s, text, strlen(text));
}

const char *record_copy(struct snapshot *s, const struct record *r,
                        const char *name, const char *otherwise)
{
	return snapshot_copy(s, record_get(r, name, otherwise));
}

bool record_bool(const struct record *r, const char *name, bool otherwise)
{
	const char *value = record_get(r, name, otherwise ? "true" : "false");

	return strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
}

uint32_t record_uint(const struct record *r, const char *name,
                     uint32_t otherwise)
{
	const char *value = record_get(r, name, "");
	char *end;
	unsigned long n = strtoul(value, &end, 10);

	return *value == '\0' || *end || n > UINT32_MAX ? otherwise
	                                                : (uint32_t)n;
}

static size_t count_words(const char *text)
{
	size_t n = 0;

	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		text += strcspn(text, " ");
		n++;
	}
	return n;
}

int record_words(struct snapshot *s, const struct record *r, const char *name,
                 size_t max, const char *const **words, size_t *n)
{
	const char *text = record_get(r, name, "");
	size_t total = count_words(text);
	const char **list;

	if (total > max)
		return E2BIG;
	list = snapshot_get(s, (total + 1) * sizeof(*list));
	if (!list)
		return ENOMEM;
	for (size_t i = 0; i < total; i++) {
		size_t len;

		text += strspn(text, " ");
		len = strcspn(text, " ");
		list[i] = copy(s, text, len);
		if (!list[i])
			return ENOMEM;
		text += len;
	}
	*words = list;
	*n = total;
	return 0;
}

int record_cidrs(struct snapshot *s, const struct record *r, const char *name,
                 struct cidr_list *out)
{
	const char *const *words;
	size_t n;
	int err = record_words(s, r, name, CIDRS_MAX, &words, &n);

	if (err)
		return err;
	out->v = snapshot_get(s, (n + 1) * sizeof(*out->v));
	if (!out->v)
		return ENOMEM;
	for (size_t i = 0; i < n; i++)
		if (cidr_parse(&out->v[i], words[i]))
			return EINVAL;
	out->n = n;
	return 0;
}
