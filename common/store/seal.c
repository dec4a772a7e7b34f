/*
 * seal.c - secrets at rest: AES-256-GCM under a key from the environment
 */
#include "store/seal.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/percent.h"

enum { NONCE = 12, TAG = 16, PREFIX = sizeof(SEAL_PREFIX) - 1 };
enum { KEYS = 2 }; /* the one that seals, and the one before it */
enum { TEXT_MAX = INT_MAX / 4 };

struct seal {
	unsigned char keys[KEYS][SEAL_KEY_SIZE];
	bool has[KEYS];
	bool told;
	uint64_t told_at; /* monotonic [ms] */
};

const char seal_remedy[] =
	"a secret in Redis was sealed with another key: set TRESTLE_SECRET_KEY "
	"to the key that it was sealed with, or TRESTLE_SECRET_KEY_OLD when "
	"the key was changed";

static int read_key(struct seal *s, size_t k, const char *hex)
{
	if (!*hex)
		return 0;
	if (strlen(hex) != 2 * (size_t)SEAL_KEY_SIZE)
		return EINVAL;
	for (size_t i = 0; i < SEAL_KEY_SIZE; i++) {
		int high = percent_digit(hex[2 * i]),
		    low = percent_digit(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return EINVAL;
		s->keys[k][i] = (unsigned char)(high * 16 + low);
	}
	s->has[k] = true;
	return 0;
}

int seal_alloc(struct seal **sp, const char *key, const char *old)
{
	struct seal *s = calloc(1, sizeof(*s));
	int err = ENOMEM;

	if (!s)
		goto out;
	err = read_key(s, 0, key);
	if (!err)
		err = read_key(s, 1, old);
out:
	if (err)
		seal_free(s);
	else
		*sp = s;
	return err;
}

void seal_free(struct seal *s)
{
	if (!s)
		return;
	explicit_bzero(s, sizeof(*s));
	free(s);
}

void seal_cleanse(char *text)
{
	if (!text)
		return;
	explicit_bzero(text, strlen(text));
	free(text);
}

bool seal_complain(struct seal *s, uint64_t now_ms, uint64_t every_ms)
{
	if (!s)
		return true;
	if (s->told && now_ms - s->told_at < every_ms)
		return false;
	s->told = true;
	s->told_at = now_ms;
	return true;
}

bool seal_is_sealed(const char *value)
{
	return strncmp(value, SEAL_PREFIX, PREFIX) == 0;
}

/* ---- sealing ------------------------------------------------------------- */

/* @p box: room for nonce, n bytes of text and tag. @return whether all went well */
static bool encrypt(const unsigned char *key, const char *text, size_t n,
                    unsigned char *box)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	unsigned char *out = box + NONCE;
	int len = 0;
	bool ok = c && RAND_bytes(box, NONCE) == 1 &&
	          EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, box) &&
	          EVP_EncryptUpdate(c, out, &len, (const unsigned char *)text,
	                            (int)n) &&
	          EVP_EncryptFinal_ex(c, out + len, &len) &&
	          EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG, out + n);

	EVP_CIPHER_CTX_free(c);
	return ok;
}

int seal_text(const struct seal *s, const char *text, char **out)
{
	size_t n = strlen(text), size = NONCE + n + TAG;
	unsigned char *box = NULL;
	char *sealed = NULL;
	int err = ENOMEM;

	*out = NULL;
	if (!s || !s->has[0] || n == 0 || n > TEXT_MAX)
		return 0;
	box = malloc(size);
	sealed = malloc(PREFIX + (size + 2) / 3 * 4 + 1);
	if (!box || !sealed)
		goto out;
	err = EIO;
	if (!encrypt(s->keys[0], text, n, box))
		goto out;
	err = 0;
	memcpy(sealed, SEAL_PREFIX, PREFIX);
	(void)EVP_EncodeBlock((unsigned char *)sealed + PREFIX, box, (int)size);
	*out = sealed;
out:
	free(box);
	if (err)
		free(sealed);
	return err;
}

/* ---- opening ------------------------------------------------------------- */

static bool decrypt(const unsigned char *key, unsigned char *box, size_t n,
                    char *text)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	unsigned char *in = box + NONCE, *out = (unsigned char *)text;
	int len = 0;
	bool ok = c &&
	          EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, box) &&
	          EVP_DecryptUpdate(c, out, &len, in, (int)n) &&
	          EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG, in + n) &&
	          EVP_DecryptFinal_ex(c, out + len, &len) > 0;

	EVP_CIPHER_CTX_free(c);
	return ok;
}

/* Undo base64. @return bytes, or 0 when it is none */
static size_t decode(const char *base64, size_t n, unsigned char *box)
{
	size_t padding = 0;
	int len;

	if (n == 0 || n % 4 != 0 || n > TEXT_MAX)
		return 0;
	while (padding < 2 && base64[n - 1 - padding] == '=')
		padding++;
	len = EVP_DecodeBlock(box, (const unsigned char *)base64, (int)n);
	return len < 0 ? 0 : (size_t)len - padding;
}

static bool open_box(const struct seal *s, unsigned char *box, size_t size,
                     char *text)
{
	size_t n = size - NONCE - TAG;

	for (size_t k = 0; s && k < KEYS; k++) {
		if (s->has[k] && decrypt(s->keys[k], box, n, text)) {
			text[n] = '\0';
			return strlen(text) == n;
		}
	}
	return false;
}

int seal_open(const struct seal *s, const char *value, char **out)
{
	const char *base64 = value + PREFIX;
	unsigned char *box = NULL;
	size_t n, size;
	char *text = NULL;
	int err = ENOMEM;

	*out = NULL;
	if (!seal_is_sealed(value))
		return 0;
	n = strlen(base64);
	box = malloc(n + 4);
	text = calloc(1, n + 1);
	if (!box || !text)
		goto out;
	size = decode(base64, n, box);
	err = size > NONCE + TAG && open_box(s, box, size, text) ? 0 : EACCES;
	if (!err)
		*out = text;
out:
	free(box);
	if (err && text) {
		explicit_bzero(text, n + 1);
		free(text);
	}
	return err;
}
