/*
 * replies.h - the same question gets the same answer, once
 *
 * A call-controller repeats a request under its key when it did not hear the
 * reply. While the first is under way the repetition waits for the same
 * answer; for a minute afterwards the answer is given again.
 */
#ifndef FETCHER_CORE_REPLIES_H
#define FETCHER_CORE_REPLIES_H

#include <stddef.h>
#include <stdint.h>

struct replies;

enum { REPLIES_KEPT_MS = 60000 };
enum { REPLIES_MAX = 50000 };                  /* entries */
enum { REPLIES_BYTES_MAX = 64 * 1024 * 1024 }; /* of their bodies */

/** What is answered; a value without pointers of its own in core terms: the
 *  strings live in the same block */
struct reply {
	uint32_t status;
	uint32_t code;
	uint32_t attempts;
	uint32_t elapsed_ms;
	size_t body_len;
	const char *content_type, *url, *text;
	const unsigned char *body;
};

/** One key */
struct kept {
	void *owner; /**< who is working on it; NULL once there is a reply */
	struct reply *reply; /**< NULL until then */
};

int replies_alloc(struct replies **rp); /**< @return 0 or ENOMEM */
void replies_free(struct replies *r);   /**< NULL is a no-op */

/** @return what is known of @p key; NULL = nothing. Borrowed until the next call. */
const struct kept *replies_find(struct replies *r, const char *key,
                                uint64_t now_ms);

/** @p owner begins to work on @p key, which is not known yet.
 *  @return 0 or ENOMEM, after which the key is simply not remembered */
int replies_begin(struct replies *r, const char *key, void *owner,
                  uint64_t now_ms);

/** Keep a copy of @p reply under @p key, if it is still there. */
void replies_end(struct replies *r, const char *key, const struct reply *reply,
                 uint64_t now_ms);

/** There will be no reply: a repetition starts anew. */
void replies_forget(struct replies *r, const char *key);

#endif
