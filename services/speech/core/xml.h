/*
 * xml.h - tags and text of a small XML fragment, one after another
 *
 * No DTD, no entities but the five of XML and character references. Pure.
 */
#ifndef SPEECH_CORE_XML_H
#define SPEECH_CORE_XML_H

#include <stdbool.h>
#include <stddef.h>

struct strbuf;

enum { XML_NAME_SIZE = 32 }; /* longer names are cut: none of ours is */

enum xml_token { XML_END, XML_TEXT, XML_OPEN, XML_CLOSE, XML_BAD };

/** Zero but for `at`: the text to read */
struct xml {
	const char *at;
	char name[XML_NAME_SIZE]; /**< of the tag, in lower case */
	bool empty;               /**< XML_OPEN that closes itself */
	const char *attributes;   /**< of XML_OPEN: where they stand */
	const char *why;          /**< XML_BAD: for a person */
};

/** Read the next token; XML_TEXT is added to @p text, decoded. */
enum xml_token xml_next(struct xml *x, struct strbuf *text);

/** Value of an attribute of the last XML_OPEN, decoded into @p out (cut to
 *  @p size). @return whether it is there */
bool xml_attribute(const struct xml *x, const char *name, char *out,
                   size_t size);

#endif
