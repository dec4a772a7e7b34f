/*
 * page.c - one page of a list
 *
 * Pure: no I/O.
 */
#include "page.h"

#include <stdlib.h>
#include <string.h>

#include "base/form.h"
#include "base/strbuf.h"
#include "error.h"
#include "fields.h"

enum { PAGE_NUMBER_MAX = 100000000, INVALID_TOKEN = 21481 };
static const char token_prefix[] = "PA";

static bool number(const char *text, size_t least, size_t most, size_t *out)
{
	char *end;
	unsigned long v;

	if (*text < '0' || *text > '9' || strlen(text) > 9)
		return false;
	v = strtoul(text, &end, 10);
	if (*end || v < least || v > most)
		return false;
	*out = v;
	return true;
}

uint32_t page_read(struct page *page, const struct fields *params)
{
	const char *size = fields_get(params, "PageSize");
	const char *at = fields_get(params, "Page");
	const char *token = fields_get(params, "PageToken");
	const size_t n = sizeof(token_prefix) - 1;

	*page = (struct page){.size = PAGE_SIZE_DEFAULT};
	if (size && *size && !number(size, 1, PAGE_SIZE_MAX, &page->size))
		return ERROR_PAGE_SIZE;
	if (at && *at && !number(at, 0, PAGE_NUMBER_MAX, &page->number))
		return ERROR_PARAMETER;
	if (!token || !*token)
		return 0;
	if (strlen(token) != n + SID_SIZE - 1 ||
	    strncmp(token, token_prefix, n) != 0 ||
	    strspn(token + n, "0123456789abcdefABCDEFGHIJKLMNOPQRSTUVWXYZ") !=
	            SID_SIZE - 1)
		return INVALID_TOKEN;
	memcpy(page->after, token + n, SID_SIZE);
	return 0;
}

static bool is_page_param(const char *name)
{
	return strcmp(name, "Page") == 0 || strcmp(name, "PageSize") == 0 ||
	       strcmp(name, "PageToken") == 0;
}

/* The URI of a page of the same list. @return owned; NULL = no memory */
static char *uri_of(const struct page_list *l, const struct page *page,
                    const char *base, const char *after)
{
	struct strbuf query = {0}, uri = {0};

	for (size_t i = 0; i < l->params->n; i++)
		if (!is_page_param(l->params->v[i].name))
			form_add(&query, l->params->v[i].name,
			         l->params->v[i].value);
	strbuf_addf(&uri, "%s%s?%s%sPageSize=%zu&Page=%zu", base, l->path,
	            strbuf_str(&query), query.len ? "&" : "", page->size,
	            page->number);
	if (after)
		strbuf_addf(&uri, "&PageToken=%s%s", token_prefix, after);
	uri.failed = uri.failed || query.failed;
	strbuf_close(&query);
	return strbuf_take(&uri);
}

/* As a member that may be null */
static void set_uri(json_t *o, const char *name, char *uri)
{
	(void)json_object_set_new(o, name,
	                          uri ? json_string(uri) : json_null());
	free(uri);
}

struct uris {
	char *first, *next, *previous, *self;
};

static struct uris make_uris(const struct page_list *l, const char *base,
                             const char *last)
{
	struct page first = *l->page, next = *l->page, previous = *l->page;
	struct uris u = {0};

	first.number = 0;
	next.number++;
	u.first = uri_of(l, &first, base, NULL);
	u.self = uri_of(l, l->page, base,
	                l->page->after[0] ? l->page->after : NULL);
	if (last)
		u.next = uri_of(l, &next, base, last);
	if (l->page->number > 0) {
		previous.number--;
		u.previous = uri_of(l, &previous, base, NULL);
	}
	return u;
}

json_t *page_wrap(const struct page_list *l, json_t *records, const char *last)
{
	struct uris u = make_uris(l, "", last);
	size_t n = json_array_size(records);
	size_t start = l->page->number * l->page->size;
	json_t *o = json_pack("{s:o, s:I, s:I, s:I, s:I}", l->key, records,
	                      "end", (json_int_t)(n ? start + n - 1 : start),
	                      "page", (json_int_t)l->page->number, "page_size",
	                      (json_int_t)l->page->size, "start",
	                      (json_int_t)start);

	set_uri(o, "first_page_uri", u.first);
	set_uri(o, "next_page_uri", u.next);
	set_uri(o, "previous_page_uri", u.previous);
	set_uri(o, "uri", u.self);
	return o;
}

json_t *page_wrap_meta(const struct page_list *l, json_t *records,
                       const char *last)
{
	struct uris u = make_uris(l, l->base, last);
	json_t *meta = json_pack("{s:I, s:I, s:s}", "page",
	                         (json_int_t)l->page->number, "page_size",
	                         (json_int_t)l->page->size, "key", l->key);

	set_uri(meta, "first_page_url", u.first);
	set_uri(meta, "next_page_url", u.next);
	set_uri(meta, "previous_page_url", u.previous);
	set_uri(meta, "url", u.self);
	return json_pack("{s:o, s:o}", l->key, records, "meta", meta);
}
