/*
 * sphinx.c - what a caller says, by PocketSphinx
 *
 * Speech is recognised with the general language model while it comes. The
 * first second is heard again when it has told what the line is like (line.h).
 * Where there are hints, the end is listened to once more with nothing but them
 * to choose from: that costs a hundredth of the time and gets words right that
 * the telephone made unclear.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pocketsphinx.h>

#include "base/strbuf.h"
#include "core/grammar.h"
#include "core/upsample.h"
#include "engine/engine.h"
#include "engine/line.h"

enum { MODEL_RATE = 16000 };
enum { KEPT_MAX = 60 * MODEL_RATE }; /* samples for the second hearing */
enum { END_SILENCE_MS = 700 };
enum { PART = 800 }; /* samples processed at once */

struct hint {
	char *text;  /* as it was given */
	char *words; /* as the dictionary has it */
};

struct sphinx {
	ps_decoder_t *ps;
	struct line *line; /* owned */
	struct upsample upsample;
	struct frame_hear hear;
	struct hint hints[GRAMMAR_HINTS_MAX];
	size_t n_hints;
	int16_t *kept; /* the utterance */
	size_t n_kept;
	bool settled;     /* the line is known, or the utterance is over */
	bool spoke;       /* there was speech */
	size_t silent_ms; /* since then */
	struct strbuf text;
};

static ps_decoder_t *open_decoder(const char *model)
{
	char hmm[512], dict[512], lm[512];
	cmd_ln_t *config;
	ps_decoder_t *ps;

	(void)snprintf(hmm, sizeof(hmm), "%s/en-us", model);
	(void)snprintf(dict, sizeof(dict), "%s/cmudict-en-us.dict", model);
	(void)snprintf(lm, sizeof(lm), "%s/en-us.lm.bin", model);
	config = cmd_ln_init(NULL, ps_args(), TRUE, "-hmm", hmm, "-dict", dict,
	                     "-lm", lm, "-logfn", "/dev/null", NULL);
	if (!config)
		return NULL;
	ps = ps_init(config);
	cmd_ln_free_r(config);
	return ps;
}

int sphinx_alloc(struct sphinx **sp, const char *model)
{
	struct sphinx *s = calloc(1, sizeof(*s));

	if (!s)
		return ENOMEM;
	s->kept = malloc(KEPT_MAX * sizeof(*s->kept));
	s->ps = open_decoder(model);
	if (!s->kept || !s->ps || line_alloc(&s->line, s->ps)) {
		if (s->ps)
			ps_free(s->ps);
		free(s->kept);
		free(s);
		return EINVAL;
	}
	*sp = s;
	return 0;
}

/* --- hints ----------------------------------------------------------------- */

/* A word that the dictionary has not would spoil the whole grammar. */
static bool known(struct sphinx *s, const char *words)
{
	char *copy = strdup(words), *rest = copy, *word;
	bool all = copy != NULL;

	while (all && (word = strsep(&rest, " "))) {
		char *phones = ps_lookup_word(s->ps, word);

		all = phones != NULL;
		free(phones);
	}
	free(copy);
	return all;
}

static void add_hint(struct sphinx *s, const char *text, size_t n)
{
	struct hint *hint = &s->hints[s->n_hints];
	struct strbuf words = {0};

	if (s->n_hints == GRAMMAR_HINTS_MAX)
		return;
	hint->text = strndup(text, n);
	if (!hint->text)
		return;
	if (grammar_words(hint->text, &words) == 0 ||
	    !known(s, strbuf_str(&words))) {
		free(hint->text);
		strbuf_close(&words);
		return;
	}
	hint->words = strbuf_take(&words);
	if (hint->words)
		s->n_hints++;
	else
		free(hint->text);
}

static void read_hints(struct sphinx *s, const char *hints)
{
	while (*hints) {
		size_t n = strcspn(hints, "\n");

		add_hint(s, hints, n);
		hints += n + (hints[n] == '\n');
	}
}

static bool use_hints(struct sphinx *s)
{
	struct strbuf jsgf = {0};
	bool well;

	grammar_begin(&jsgf);
	for (size_t i = 0; i < s->n_hints; i++)
		grammar_add(&jsgf, s->hints[i].words, i == 0);
	grammar_end(&jsgf);
	well = !jsgf.failed &&
	       ps_set_jsgf_string(s->ps, "hints", strbuf_str(&jsgf)) == 0 &&
	       ps_set_search(s->ps, "hints") == 0;
	strbuf_close(&jsgf);
	return well;
}

static const char *given_text(const struct sphinx *s, const char *words)
{
	for (size_t i = 0; i < s->n_hints; i++) {
		if (strcmp(s->hints[i].words, words) == 0)
			return s->hints[i].text;
	}
	return NULL;
}

/* --- an utterance ---------------------------------------------------------- */

void sphinx_begin(struct sphinx *s, const struct frame_hear *hear,
                  const char *hints)
{
	s->hear = *hear;
	s->n_kept = 0;
	s->spoke = false;
	s->silent_ms = 0;
	s->settled = false;
	upsample_init(&s->upsample);
	line_begin(s->line);
	read_hints(s, hints);
	ps_start_utt(s->ps);
}

static void follow_speech(struct sphinx *s, bool speech, size_t n)
{
	if (speech) {
		s->spoke = true;
		s->silent_ms = 0;
	} else if (s->spoke) {
		s->silent_ms += n * 1000 / MODEL_RATE;
	}
}

/* What was heard until now was heard as if over a microphone: once more. */
static void settle(struct sphinx *s)
{
	if (s->settled)
		return;
	s->settled = true;
	if (s->hear.partial) {
		ps_end_utt(s->ps);
		ps_start_stream(s->ps);
		ps_start_utt(s->ps);
	}
	line_use(s->line);
	ps_process_raw(s->ps, s->kept, s->n_kept, FALSE, FALSE);
}

/* At the model's rate */
static void process(struct sphinx *s, const int16_t *samples, size_t n)
{
	size_t room = KEPT_MAX - s->n_kept;

	follow_speech(s, line_put(s->line, samples, n), n);
	if (room < n)
		settle(s); /* a minute of hardly any speech */
	if (s->settled || s->hear.partial)
		ps_process_raw(s->ps, samples, n, FALSE, FALSE);
	if (room > n)
		room = n;
	memcpy(s->kept + s->n_kept, samples, room * sizeof(*samples));
	s->n_kept += room;
	if (line_known(s->line))
		settle(s);
}

void sphinx_put(struct sphinx *s, const int16_t *samples, size_t n)
{
	int16_t made[2 * PART];

	while (n) {
		size_t part = n < PART ? n : PART;

		if (s->hear.rate == MODEL_RATE) {
			process(s, samples, part);
		} else {
			upsample_put(&s->upsample, samples, part, made);
			process(s, made, 2 * part);
		}
		samples += part;
		n -= part;
	}
}

static void keep_text(struct sphinx *s, const char *text)
{
	strbuf_reset(&s->text);
	strbuf_add(&s->text, text ? text : "");
}

const char *sphinx_so_far(struct sphinx *s, struct frame_text *out)
{
	int32 score;

	memset(out, 0, sizeof(*out));
	if (s->spoke && s->silent_ms >= END_SILENCE_MS)
		out->ended = FRAME_SILENT;
	keep_text(s, s->hear.partial ? ps_get_hyp(s->ps, &score) : NULL);
	return strbuf_str(&s->text);
}

/* The mean of the words' posterior probabilities; fillers are no words. */
static uint32_t confidence(struct sphinx *s)
{
	double sum = 0;
	size_t n = 0;

	for (ps_seg_t *seg = ps_seg_iter(s->ps); seg; seg = ps_seg_next(seg)) {
		const char *word = ps_seg_word(seg);

		if (strchr("<[+", *word))
			continue;
		sum += logmath_exp(ps_get_logmath(s->ps),
		                   ps_seg_prob(seg, NULL, NULL, NULL));
		n++;
	}
	if (!n || !(sum > 0))
		return 0;
	return sum >= (double)n ? 1000 : (uint32_t)(sum * 999 / (double)n) + 1;
}

static void hear_hints(struct sphinx *s, struct frame_text *out)
{
	const char *words, *text;
	int32 score;

	if (!use_hints(s))
		return;
	ps_start_utt(s->ps);
	ps_process_raw(s->ps, s->kept, s->n_kept, FALSE, TRUE);
	ps_end_utt(s->ps);
	words = ps_get_hyp(s->ps, &score);
	text = words ? given_text(s, words) : NULL;
	if (text && grammar_believable(words, strbuf_str(&s->text))) {
		keep_text(s, text);
		out->confidence_x1000 = 0;
	}
}

const char *sphinx_end(struct sphinx *s, struct frame_text *out)
{
	int32 score;

	memset(out, 0, sizeof(*out));
	out->ended = FRAME_LAST;
	settle(s);
	ps_end_utt(s->ps);
	keep_text(s, ps_get_hyp(s->ps, &score));
	if (s->text.len)
		out->confidence_x1000 = confidence(s);
	if (s->n_hints && s->spoke)
		hear_hints(s, out);
	return strbuf_str(&s->text);
}
