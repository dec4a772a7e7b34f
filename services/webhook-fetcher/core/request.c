/*
 * request.c - what will be sent: method, URL and parameters made into a request
 *
 * Pure: no I/O, no clock, no log.
 */
#include "request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/form.h"
#include "base/strbuf.h"

static int refuse(struct problem *problem, uint32_t code, const char *why)
{
	*problem = (struct problem){code, why};
	return EINVAL;
}

/* By name; equal names stay in the order in which they came, which is that of
 * their addresses in the one block that copy_params() makes. */
static int by_name(const void *a, const void *b)
{
	const struct param *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	if (order)
		return order;
	return x->name < y->name ? -1 : x->name > y->name;
}

static size_t without_repetition(struct param *params, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (kept == 0 ||
		    strcmp(params[kept - 1].name, params[i].name) != 0)
			params[kept++] = params[i];
	}
	return kept;
}

static char *put(char **to, const char *s)
{
	size_t n = strlen(s) + 1;
	char *at = memcpy(*to, s, n);

	*to += n;
	return at;
}

/* The array and all its strings in one block */
static int copy_params(struct request *r, const struct request_spec *spec)
{
	size_t size = sizeof(*r->params) * spec->n_params;
	char *text;

	for (size_t i = 0; i < spec->n_params; i++)
		size += strlen(spec->params[i].name) +
		        strlen(spec->params[i].value) + 2;
	r->params = malloc(size + 1); /* never of 0 bytes */
	if (!r->params)
		return ENOMEM;
	text = (char *)(r->params + spec->n_params);
	for (size_t i = 0; i < spec->n_params; i++) {
		r->params[i].name = put(&text, spec->params[i].name);
		r->params[i].value = put(&text, spec->params[i].value);
	}
	if (spec->n_params)
		qsort(r->params, spec->n_params, sizeof(*r->params), by_name);
	r->n_params = without_repetition(r->params, spec->n_params);
	return 0;
}

/* The encoded parameters become the body, or are added to the query. */
static int place_form(struct request *r, struct strbuf *form)
{
	struct strbuf text = {0};

	if (form->failed)
		return ENOMEM;
	if (r->post) {
		r->body_len = form->len;
		r->body = form->s ? strbuf_take(form) : strdup("");
		return r->body ? 0 : ENOMEM;
	}
	if (form->len == 0)
		return 0;
	strbuf_add(&text, r->url->text);
	strbuf_addc(&text, strchr(r->url->text, '?') ? '&' : '?');
	strbuf_addn(&text, form->s, form->len);
	free(r->url->text);
	r->url->text = strbuf_take(&text);
	return r->url->text ? 0 : ENOMEM;
}

static int encode_params(struct request *r, struct problem *problem)
{
	struct strbuf form = {0};
	int err;

	for (size_t i = 0; i < r->n_params; i++)
		form_add(&form, r->params[i].name, r->params[i].value);
	err = form.len > REQUEST_BODY_MAX
	              ? refuse(problem, 11100,
	                       "The parameters of the request are larger "
	                       "than 64 KB.")
	              : place_form(r, &form);
	strbuf_close(&form);
	return err;
}

static int fill(struct request *r, const struct request_spec *spec,
                struct problem *problem)
{
	const char *why = NULL;
	uint32_t code;
	int err;

	r->post = spec->method[0] == '\0' || strcmp(spec->method, "POST") == 0;
	if (!r->post && strcmp(spec->method, "GET") != 0)
		return refuse(problem, 11322,
		              "The method must be GET or "
		              "POST.");
	if (spec->n_params > REQUEST_PARAMS_MAX)
		return refuse(problem, 11100,
		              "The request has more than 256 "
		              "parameters.");
	err = url_parse(&r->url, spec->url, &why);
	if (err)
		return err == EINVAL ? refuse(problem, 11100, why) : err;
	code = overrides_parse(r->url->fragment, &r->overrides, &why);
	if (code)
		return refuse(problem, code, why);
	err = copy_params(r, spec);
	return err ? err : encode_params(r, problem);
}

int request_alloc(struct request **rp, const struct request_spec *spec,
                  struct problem *problem)
{
	struct request *r = calloc(1, sizeof(*r));
	int err = r ? fill(r, spec, problem) : ENOMEM;

	if (err)
		request_free(r);
	else
		*rp = r;
	return err;
}

void request_free(struct request *r)
{
	if (!r)
		return;
	url_free(r->url);
	free(r->params);
	free(r->body);
	free(r);
}
