/*
 * check.c - would this TwiML Bin render, and to XML?
 */
#include "twiml_bin/check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <libxml/parser.h>

#include "base/strbuf.h"
#include "twiml_bin/template.h"

/* The text of libxml2 ends with a line feed. */
static int say_xml(struct bin_problem *p)
{
	const xmlError *error = xmlGetLastError();
	const char *text = error && error->message ? error->message : "no XML";

	p->line = error && error->line > 0 ? (unsigned)error->line : 1;
	(void)snprintf(p->text, sizeof(p->text), "it is no XML: %.*s",
	               (int)strcspn(text, "\n"), text);
	return EINVAL;
}

/* The parser tells of a problem as it finds it: on its own, not on standard
 * error. */
int bin_check_document(const char *twiml, struct bin_problem *p)
{
	xmlDoc *doc = xmlReadMemory(twiml, (int)strlen(twiml), NULL, NULL,
	                            XML_PARSE_NONET | XML_PARSE_NOERROR |
	                                    XML_PARSE_NOWARNING);
	const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	const char *name = root ? (const char *)root->name : "";
	int err = 0;

	if (!doc) {
		err = say_xml(p);
	} else if (strcmp(name, "Response") != 0) {
		p->line = 1;
		(void)snprintf(p->text, sizeof(p->text),
		               "it begins with <%.60s>; a document begins with "
		               "<Response>",
		               name);
		err = EINVAL;
	}
	xmlFreeDoc(doc);
	return err;
}

int bin_check(const char *twiml, struct bin_problem *problem)
{
	struct template_error error = {0, 0, NULL};
	struct strbuf xml = {0};
	int err = template_render(twiml, NULL, 0, &xml, &error);

	if (err == EINVAL) {
		problem->line = error.line;
		(void)snprintf(problem->text, sizeof(problem->text), "%s",
		               error.why);
	} else if (err) {
		problem->line = 1;
		(void)snprintf(problem->text, sizeof(problem->text),
		               "memory ran out");
	} else {
		err = bin_check_document(strbuf_str(&xml), problem);
	}
	strbuf_close(&xml);
	return err;
}
