/*
 * template.h - the language of TwiML Bins: a subset of Mustache
 *
 *     {{x}}           the value of x, escaped for XML
 *     {{{x}}} {{&x}}  the value as it is
 *     {{#x}}…{{/x}}   once if x is not empty; for a list once for each item
 *     {{^x}}…{{/x}}   if x is empty or absent
 *     {{.}}           the present item
 *     {{! … }}        nothing
 *     {{#e164}}…{{/e164}}  renders what is in it, then takes the phone number
 *                          out of a SIP URI (sip_number.h)
 *
 * A list is a name that ends with [] and comes several times, `Dest[]=…`; it is
 * used as {{#Dest}} or {{#Dest[]}}.
 */
#ifndef TWIML_BIN_TEMPLATE_H
#define TWIML_BIN_TEMPLATE_H

#include <stddef.h>
#include <stdint.h>

struct strbuf;

enum { TEMPLATE_TAGS_MAX = 2000 };        /* in a template */
enum { TEMPLATE_DEPTH_MAX = 16 };         /* sections in sections */
enum { TEMPLATE_STEPS_MAX = 100000 };     /* tags rendered, with repetition */
enum { TEMPLATE_OUTPUT_MAX = 64 * 1024 }; /* bytes */

struct template_var {
	const char *name;  /**< "Dest[]" for an item of a list; borrowed */
	const char *value; /**< borrowed */
};

/** Why a template can not be rendered */
struct template_error {
	uint32_t
		code; /**< 11310 (a tag), 11320 (brackets), 11750 (too large) */
	unsigned line;   /**< 1.. */
	const char *why; /**< a sentence, static */
};

/**
 * Append the rendered template.
 *
 * @param error set on EINVAL
 * @return 0, EINVAL or ENOMEM; on an error @p out may hold a part
 */
int template_render(const char *text, const struct template_var *vars,
                    size_t n_vars, struct strbuf *out,
                    struct template_error *error);

#endif
