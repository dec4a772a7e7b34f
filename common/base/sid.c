/*
 * sid.c - make identifiers; sid_valid.c judges them
 */
#include "base/sid.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sys/random.h>

void sid_make(const char *prefix, char out[SID_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char random[16];
	char *p = out + 2;

	/* 16 bytes come at once or, before the kernel's pool is seeded, with
	 * EINTR (getrandom(2)). */
	while (getrandom(random, sizeof(random), 0) != sizeof(random)) {
		if (errno != EINTR)
			abort();
	}
	memcpy(out, prefix, 2);
	for (size_t i = 0; i < sizeof(random); i++) {
		*p++ = digits[random[i] >> 4];
		*p++ = digits[random[i] & 15];
	}
	*p = '\0';
}
