/*
 * snippets.h - the lines that point a helper library at another host
 *
 * Pure: no I/O.
 */
#ifndef CLIENT_CORE_SNIPPETS_H
#define CLIENT_CORE_SNIPPETS_H

struct strbuf;

struct snippet {
	const char *language; /**< "node" */
	const char
		*text; /**< {API} and {ACCOUNT} stand for what is filled in */
};

extern const struct snippet snippets[]; /**< ends with one without language */

/** Append a text with its places filled. */
void snippet_fill(struct strbuf *b, const char *text, const char *api,
                  const char *account);

#endif
