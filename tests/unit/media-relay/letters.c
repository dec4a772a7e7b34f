/*
 * letters.c - clips of letters: "abc" are three packets of 20 ms
 */
#include "letters.h"

#include "unit/test.h"

/* Frames of one letter: "aaaa" "bbbb" … as many as the text is long */
struct clip *letters_begun(const char *letters)
{
	struct clip *c = clip_alloc(CODEC_PCMU, 20);

	assert_non_null(c);
	for (const char *l = letters; *l; l++) {
		const uint8_t bytes[4] = {(uint8_t)*l, (uint8_t)*l, (uint8_t)*l,
		                          (uint8_t)*l};
		const uint32_t starts[] = {0, 4};

		assert_int_equal(0, clip_append(c, bytes, starts, 1));
	}
	return c;
}

struct clip *letters_whole(const char *letters)
{
	struct clip *c = letters_begun(letters);

	clip_end(c);
	return c;
}

struct playlist *letters_list(uint64_t id, struct clip **clips, size_t n)
{
	struct playlist *list = playlist_alloc(n);

	assert_non_null(list);
	list->id = id;
	for (size_t i = 0; i < n; i++) {
		clip_share(clips[i]);
		list->items[i] = (struct playlist_item){
			.clip = clips[i], .rounds = 1, .play = (uint32_t)i};
	}
	return list;
}
