/*
 * plan_account.c - where an account may call (`dialing-permissions:<AC>`)
 *
 * Pure: no I/O, no clock, no log.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "numbering/country.h"

#include "plan_impl.h"

/* Fields of the file, in the order of enum country_kind */
static const char *const fields[COUNTRY_KINDS] = {
	"dialing_countries", "dialing_special", "dialing_tollfraud"};

static bool lists(const struct node *list, const char *country)
{
	for (size_t i = 0; list && i < list->n; i++)
		if (strcmp(list->values[i]->text, country) == 0)
			return true;
	return false;
}

/* What is open there: "low special". What is open everywhere is so there, too. */
static void country_pair(struct plan *p, const struct object *o,
                         const char *country)
{
	struct strbuf words = {0};

	for (int k = 0; k < COUNTRY_KINDS; k++) {
		const struct node *list = object_value(o, fields[k])->node;

		if (lists(list, country) || lists(list, "*"))
			strbuf_addf(&words, "%s%s", words.len ? " " : "",
			            country_kind_word((enum country_kind)k));
	}
	p->w.failed = p->w.failed || words.failed;
	plan_pair(p, country, strbuf_str(&words));
	strbuf_close(&words);
}

int plan_account(struct plan *p, const struct object *o)
{
	bool said = false;
	char key[64];
	int err;

	for (int k = 0; k < COUNTRY_KINDS; k++)
		said = said || object_value(o, fields[k])->node;
	if (!said) /* then as the installation has it */
		return 0;
	(void)snprintf(key, sizeof(key), "dialing-permissions:%s", o->sid);
	plan_word(p, "HSET");
	plan_word(p, key);
	plan_pair(p, "account_sid", o->sid);
	plan_pair(p, "inheritance", "true");
	country_pair(p, o, "*");
	for (int k = 0; k < COUNTRY_KINDS; k++) {
		const struct node *list = object_value(o, fields[k])->node;

		for (size_t i = 0; list && i < list->n; i++)
			if (strcmp(list->values[i]->text, "*") != 0)
				country_pair(p, o, list->values[i]->text);
	}
	err = plan_give(p);
	if (err)
		return err;
	plan_word(p, "SADD");
	plan_pair(p, "dialing-permissions", o->sid);
	return plan_give(p);
}
