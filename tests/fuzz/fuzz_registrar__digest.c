/*
 * fuzz_registrar__digest.c - Authorization and nonces, from anybody
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct sum *sum;

static void check(const char *text)
{
	const struct nonce_maker maker = {sum, 1};
	const struct nonce_scope scope = {"192.0.2.1", "a.example"};
	const struct digest_secret secret = {"0", "0"};
	struct nonce nonce;
	struct digest d;

	(void)nonce_check(&maker, &scope, 0, text, &nonce);
	if (digest_parse(&d, text) != DIGEST_OK)
		return;
	assert(d.nc > 0 && d.cnonce.n > 0 && d.username[0]);
	assert(strlen(d.response) == (d.algorithm == SUM_MD5 ? 32 : 64));
	/* nobody guesses a digest */
	assert(!digest_right(&d, sum, "REGISTER", &secret));
	assert(!digest_right(&d, sum, "REGISTER", NULL));
	(void)digest_uri_matches(&d, "sip:a.example;transport=udp");
	(void)nonce_check(&maker, &scope, 0, d.nonce, &nonce);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!sum && sum_alloc(&sum, "key", 3) != 0)
		abort();
	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	check(text);
	free(text);
	return 0;
}
