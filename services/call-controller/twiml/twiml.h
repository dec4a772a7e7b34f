/*
 * twiml.h - text to a tree of elements; the only user of libxml2
 *
 * No network, no entities but the five of XML, any DTD refused, all limited.
 */
#ifndef CC_TWIML_TWIML_H
#define CC_TWIML_TWIML_H

#include <stddef.h>
#include <stdint.h>

enum { TWIML_SIZE_MAX = 65536 };      /* bytes of a document */
enum { TWIML_DEPTH_MAX = 16 };        /* elements within elements */
enum { TWIML_NODES_MAX = 2000 };      /* elements of a document */
enum { TWIML_ATTRIBUTE_MAX = 57344 }; /* bytes of a value: 500 hints */

struct twiml;

struct twiml_attr {
	const struct twiml_attr *next;
	const char *name;
	const char *value;
};

struct twiml_node {
	const struct twiml_node *next; /**< sibling */
	const struct twiml_node *children;
	const struct twiml_attr *attrs;
	const char *name;
	const char *text; /**< directly inside, without white space around */
	const char
		*lead; /**< as it stands between the sibling before and this */
	const char *trail; /**< as it stands behind the last child; or "" */
	unsigned line;
};

struct twiml_error {
	uint32_t code; /**< 12100 not XML, 12101 of another version, 12102 root
	                *   is not Response, 11750 too large, 11770 empty,
	                *   12400 out of memory */
	unsigned line; /**< 0 = of the whole document */
	char text[160];
};

/**
 * Read a document.
 *
 * @param docp set on success only; free it with twiml_free()
 * @return 0, EINVAL (see @p error) or ENOMEM
 */
int twiml_alloc(struct twiml **docp, const char *text, size_t n,
                struct twiml_error *error);
void twiml_free(struct twiml *doc); /**< NULL is a no-op */

/** The Response element; lives as long as @p doc. */
const struct twiml_node *twiml_root(const struct twiml *doc);

/** Value of an attribute, or NULL. */
const char *twiml_attr(const struct twiml_node *node, const char *name);

#endif
