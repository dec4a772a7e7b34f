/*
 * bins.c - would this TwiML Bin render, and to XML?
 *
 * Rendered without parameters a section `{{#x}}…{{/x}}` is empty, so what stands
 * in one is checked as a template only.
 */
#include "adapters/bins.h"

#include <errno.h>
#include <string.h>

#include <libxml/parser.h>

#include "base/strbuf.h"
#include "twiml_bin/template.h"

/* The parser tells of a problem as it finds it: on its own, not on standard
 * error. The text of libxml2 ends with a line feed. */
static void say_xml(const struct object *o, unsigned line, struct problems *p)
{
	const xmlError *error = xmlGetLastError();
	const char *text = error && error->message ? error->message : "no XML";

	problems_error(p, line,
	               "bin \"%s\" is no XML in its line %d: %.*s; correct "
	               "it, or its calls end with an error",
	               object_name(o), error ? error->line : 1,
	               (int)strcspn(text, "\n"), text);
}

static void check_xml(const struct object *o, const struct strbuf *xml,
                      unsigned line, struct problems *p)
{
	xmlDoc *doc = xmlReadMemory(xml->s, (int)xml->len, NULL, NULL,
	                            XML_PARSE_NONET | XML_PARSE_NOERROR |
	                                    XML_PARSE_NOWARNING);
	const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;

	if (!doc)
		say_xml(o, line, p);
	else if (!root || strcmp((const char *)root->name, "Response") != 0)
		problems_error(p, line,
		               "bin \"%s\" begins with <%s>; a document begins "
		               "with <Response>",
		               object_name(o),
		               root ? (const char *)root->name : "");
	xmlFreeDoc(doc);
}

static int check(const struct object *o, struct problems *p)
{
	unsigned line = object_value(o, "twiml")->line;
	struct template_error error = {0, 0, NULL};
	struct strbuf xml = {0};
	int err =
		template_render(object_text(o, "twiml"), NULL, 0, &xml, &error);

	if (err == EINVAL)
		problems_error(p, line, "bin \"%s\", its line %u: %s",
		               object_name(o), error.line, error.why);
	else if (!err)
		check_xml(o, &xml, line, p);
	strbuf_close(&xml);
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
