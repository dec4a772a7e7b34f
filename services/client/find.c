/*
 * find.c - what the API has: paths of it, lists, and the sid of what has a name
 */
#include "find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/api.h"
#include "base/json_read.h"
#include "base/sid.h"
#include "base/strbuf.h"

static const char root[] = "/2010-04-01/Accounts";

int find_problem(const char *text)
{
	(void)fprintf(stderr, "trestle: %s\n", text);
	return 1;
}

void find_path(struct strbuf *b, const struct api *a, const struct noun *noun,
               const char *parent, const char *sid)
{
	const char *hole = strstr(noun->path, "{}");

	if (noun->path[0] != '/')
		strbuf_addf(b, "%s/%s/", root, api_account(a));
	strbuf_addn(b, noun->path,
	            hole ? (size_t)(hole - noun->path) : strlen(noun->path));
	if (hole)
		strbuf_addf(b, "%s%s", parent ? parent : "", hole + 2);
	if (sid)
		strbuf_addf(b, "/%s", sid);
	if (strncmp(noun->path, "/v1", 3) != 0)
		strbuf_add(b, ".json");
}

/* The path of the next page, without scheme and host; NULL = there is none */
static const char *next_page(const json_t *page)
{
	const json_t *meta = json_object_get(page, "meta");
	const char *next = json_string_value(
		meta ? json_object_get(meta, "next_page_url")
		     : json_object_get(page, "next_page_uri"));
	const char *host = next ? strstr(next, "://") : NULL;

	return host ? strchr(host + 3, '/') : next;
}

json_t *find_rows(struct api *a, const char *path, const char *key, size_t max)
{
	json_t *rows = json_array(), *page = NULL;
	char *next = strdup(path);

	while (next && json_array_size(rows) < max) {
		long status = api_ask(a, "GET", next, NULL, &page);
		const char *more;

		free(next);
		next = NULL;
		if (status != 200) {
			json_decref(page);
			json_decref(rows);
			(void)find_problem(api_problem(a));
			return NULL;
		}
		(void)json_array_extend(rows, json_object_get(page, key));
		more = next_page(page);
		next = more ? strdup(more) : NULL;
		json_decref(page);
	}
	free(next);
	while (json_array_size(rows) > max)
		(void)json_array_remove(rows, json_array_size(rows) - 1);
	return rows;
}

/* Several are called so: "…: CL…, CL…; say which" */
static void refuse(const struct noun *noun, const char *word, size_t n,
                   const struct strbuf *sids)
{
	(void)fprintf(stderr,
	              "trestle: %zu of the %s are called \"%s\": %s%s; say "
	              "which by its sid\n",
	              n, noun->name, word, strbuf_str(sids),
	              n > FIND_SAID_MAX ? " …" : "");
}

/* @return the sid of the only one, owned */
static char *choose(const struct noun *noun, const char *word,
                    const json_t *rows)
{
	struct strbuf sids = {0};
	const char *sid = NULL;
	size_t n = 0;
	char *only = NULL;

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);

		if (strcmp(json_read_text(row, noun->label), word) != 0)
			continue;
		sid = json_read_text(row, "sid");
		if (++n <= FIND_SAID_MAX)
			strbuf_addf(&sids, "%s%s", n > 1 ? ", " : "", sid);
	}
	if (n == 1)
		only = strdup(sid);
	else if (n > 1)
		refuse(noun, word, n, &sids);
	else
		(void)fprintf(stderr,
		              "trestle: there is no \"%s\" among the %s; "
		              "`trestle %s` lists them\n",
		              word, noun->name, noun->name);
	strbuf_close(&sids);
	return only;
}

char *find_sid(struct api *a, const struct noun *noun, const char *parent,
               const char *word)
{
	struct strbuf path = {0};
	char *sid = NULL;
	json_t *rows;

	if (sid_valid(word, noun->prefix))
		return strdup(word);
	find_path(&path, a, noun, parent, NULL);
	strbuf_add(&path, "?PageSize=1000");
	rows = find_rows(a, strbuf_str(&path), noun->key, FIND_LOOKUP_MAX);
	strbuf_close(&path);
	if (rows)
		sid = choose(noun, word, rows);
	json_decref(rows);
	return sid;
}
