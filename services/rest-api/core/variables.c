/*
 * variables.c - what a template can name: the parameters of a request
 *
 * Pure: no I/O, no clock, no log.
 */
#include "variables.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/form.h"

/* While the text grows it may move, so pairs are kept in it one after another
 * and pointed to at the end. */
static int add_pair(void *arg, const char *name, const char *value)
{
	struct variables *vars = arg;

	if (vars->n == VARIABLES_MAX)
		return E2BIG;
	strbuf_addn(&vars->text, name, strlen(name) + 1);
	strbuf_addn(&vars->text, value, strlen(value) + 1);
	vars->n++;
	return vars->text.failed ? ENOMEM : 0;
}

static bool is_list(const char *name)
{
	size_t n = strlen(name);

	return n > 2 && strcmp(name + n - 2, "[]") == 0;
}

static bool known(const struct variables *vars, const char *name)
{
	for (size_t i = 0; i < vars->n; i++) {
		if (strcmp(vars->v[i].name, name) == 0)
			return true;
	}
	return false;
}

static void point_to(struct variables *vars)
{
	const char *s = strbuf_str(&vars->text);
	size_t total = vars->n;

	vars->n = 0;
	for (size_t i = 0; i < total; i++) {
		const char *name = s, *value = s + strlen(s) + 1;

		s = value + strlen(value) + 1;
		if (!is_list(name) && known(vars, name))
			continue;
		vars->v[vars->n++] = (struct template_var){name, value};
	}
}

int variables_take(struct variables *vars, const char *query, const char *body,
                   size_t body_len)
{
	int err = form_parse(body, body_len, add_pair, vars);

	if (!err)
		err = form_parse(query, strlen(query), add_pair, vars);
	if (err)
		vars->n = 0;
	else
		point_to(vars);
	return err;
}

void variables_close(struct variables *vars)
{
	strbuf_close(&vars->text);
	vars->n = 0;
}

const char *variables_get(const struct variables *vars, const char *name)
{
	for (size_t i = 0; i < vars->n; i++) {
		if (strcmp(vars->v[i].name, name) == 0)
			return vars->v[i].value;
	}
	return "";
}
