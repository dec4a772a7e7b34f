/*
 * credentials.c - the text of one Authorization header that Sofia parsed
 */
#include "sip/credentials.h"

#include <stdio.h>
#include <string.h>

char *sip_credentials_text(su_home_t *home, const msg_auth_t *au)
{
	size_t n = strlen(au->au_scheme) + 2, used;
	char *text;

	for (size_t i = 0; au->au_params && au->au_params[i]; i++)
		n += strlen(au->au_params[i]) + 1;
	text = su_alloc(home, (isize_t)n);
	if (!text)
		return NULL;
	used = (size_t)snprintf(text, n, "%s ", au->au_scheme);
	for (size_t i = 0; au->au_params && au->au_params[i]; i++) {
		size_t len = strlen(au->au_params[i]);

		if (i > 0)
			text[used++] = ',';
		memcpy(text + used, au->au_params[i], len);
		used += len;
	}
	text[used] = '\0';
	return text;
}
