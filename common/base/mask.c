/*
 * mask.c - passwords in texts that people read
 */
#include "base/mask.h"

#include <string.h>
#include <strings.h>

#include "base/strbuf.h"

/* What follows "://" up to the last @ of the authority; 0 = no user in it */
static size_t user_length(const char *authority)
{
	size_t n = strcspn(authority, "/?#\"'<> \t\r\n");

	while (n > 0 && authority[n - 1] != '@')
		n--;
	return n > 0 ? n - 1 : 0;
}

/* The value of an attribute password="..." at @p p; 0 = there is none here */
static size_t password_length(const char *p, size_t *name)
{
	static const char word[] = "password";
	char quote[2] = "";

	if (strncmp(p, word, sizeof(word) - 1) != 0)
		return 0;
	*name = sizeof(word) - 1;
	*name += strspn(p + *name, " \t\r\n");
	if (p[*name] != '=')
		return 0;
	*name += 1 + strspn(p + *name + 1, " \t\r\n");
	if (p[*name] != '"' && p[*name] != '\'')
		return 0;
	quote[0] = p[(*name)++];
	return strcspn(p + *name, quote);
}

size_t mask_length(const char *p, size_t *before)
{
	static const char *const schemes[] = {"http://", "https://"};

	for (size_t i = 0; i < 2; i++) {
		*before = strlen(schemes[i]);
		if (strncasecmp(p, schemes[i], *before) == 0)
			return user_length(p + *before);
	}
	return password_length(p, before);
}

/* Where a URL or the word may begin */
static size_t secret_at(const char *p, size_t *before)
{
	return *p && strchr("hHp", *p) ? mask_length(p, before) : 0;
}

bool mask_add(struct strbuf *b, const char *text)
{
	size_t before, hidden;
	bool any = false;

	while (*text) {
		hidden = secret_at(text, &before);
		if (hidden == 0) {
			strbuf_addc(b, *text++);
			continue;
		}
		strbuf_addn(b, text, before);
		strbuf_add(b, "***");
		text += before + hidden;
		any = true;
	}
	return any;
}
