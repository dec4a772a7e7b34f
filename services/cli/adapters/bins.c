/*
 * bins.c - would this TwiML Bin render, and to XML?
 */
#include "adapters/bins.h"

#include <errno.h>

#include "twiml_bin/check.h"

static int check(const struct object *o, struct problems *p)
{
	struct bin_problem problem;
	int err = bin_check(object_text(o, "twiml"), &problem);

	if (err == EINVAL)
		problems_error(p, object_value(o, "twiml")->line,
		               "bin \"%s\", its line %u: %s", object_name(o),
		               problem.line, problem.text);
	return err == ENOMEM ? ENOMEM : 0;
}

int bins_check(const struct model *m, struct problems *p)
{
	int err = 0;

	for (const struct object *o = m->first; o && !err; o = o->next) {
		if (o->id == KIND_BIN && object_text(o, "twiml")[0])
			err = check(o, p);
	}
	return err;
}
