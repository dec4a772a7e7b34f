/*
 * snapshot_parts.c - memory and field readers of a snapshot
 */
#include "store/snapshot_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_FIRST = 448, BLOCK_SIZE = 4096, ALIGN = 16 };

/* Blocks are only ever freed together. */
struct block {
	struct block *next;
	size_t used, size;
	_Alignas(ALIGN) unsigned char bytes[];
};

static void *take(struct piece *p, size_t size, size_t align)
{
	struct block *b = p->blocks;
	size_t at = b ? (b->used + align - 1) & ~(align - 1) : 0;

	if (!b || at > b->size || b->size - at < size) {
		size_t room = b ? BLOCK_SIZE : BLOCK_FIRST;

		if (room < size)
			room = size;
		b = calloc(1, sizeof(*b) + room);
		if (!b)
			return NULL;
		b->size = room;
		b->next = p->blocks;
		p->blocks = b;
		at = 0;
	}
	b->used = at + size;
	return b->bytes + at;
}

void *snapshot_get(struct snapshot *s, size_t size)
{
	return take(s->taken, size, ALIGN);
}

void *snapshot_entry(struct snapshot *s, size_t size)
{
	s->taken->entry = snapshot_get(s, size);
	return s->taken->entry;
}

int piece_alloc(struct piece **pp, enum family family, const char *name)
{
	size_t n = strlen(name);
	struct piece *p = calloc(1, sizeof(*p) + n + 2);

	if (!p)
		return ENOMEM;
	p->family = family;
	p->key[0] = (char)('a' + (int)family);
	memcpy(p->key + 1, name, n + 1);
	*pp = p;
	return 0;
}

void piece_free(struct piece *p)
{
	if (!p)
		return;
	while (p->blocks) {
		struct block *b = p->blocks;

		p->blocks = b->next;
		explicit_bzero(b->bytes, b->used);
		free(b);
	}
	free(p);
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
	char *to = take(s->taken, n + 1, 1);

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
