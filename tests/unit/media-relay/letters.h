/*
 * letters.h - clips of letters: "abc" are three packets of 20 ms
 */
#ifndef LETTERS_H
#define LETTERS_H

#include "core/player.h"

/** It may still grow: clip_append(), clip_end(). */
struct clip *letters_begun(const char *letters);
struct clip *letters_whole(const char *letters);

/** A list of them, each played once */
struct playlist *letters_list(uint64_t id, struct clip **clips, size_t n);

#endif
