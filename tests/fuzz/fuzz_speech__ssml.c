/*
 * fuzz_speech__ssml.c - what applications put into a <Say>
 *
 * The input is a voice, a newline, a language, a newline, and SSML.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct plan *p)
{
	if (p->error_code && (p->n || !p->text[0]))
		abort();
	if (!p->error_code && p->n == 0)
		abort();
	for (size_t i = 0; i < p->n; i++) {
		const struct plan_part *part = &p->parts[i];

		if (strlen(part->text) > SSML_PIECE_MAX + 3 ||
		    (part->text[0] != '\0') != (part->key[0] != '\0'))
			abort();
		if (part->style.rate < 20 || part->style.rate > 400 ||
		    part->style.pitch < 50 || part->style.pitch > 200)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct plan_conf conf = {.has_espeak = true,
	                               .http_model = size % 2 ? "m" : NULL,
	                               .http_voices = "man=onyx a=b",
	                               .embedded = "1"};
	char *text = malloc(size + 1), *rest = text;
	struct voice_wish wish = {.has_espeak = true};
	struct plan plan;

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	wish.voice = strsep(&rest, "\n");
	wish.language = rest ? strsep(&rest, "\n") : "";
	if (plan_make(&plan, rest ? rest : "", &wish, &conf) == 0)
		check(&plan);
	plan_close(&plan);
	free(text);
	return 0;
}
