/*
 * record_names.h - words of the records, those of media.proto; private to
 * record.c and record_write.c
 */
#ifndef MEDIA_ADAPTERS_RECORD_NAMES_H
#define MEDIA_ADAPTERS_RECORD_NAMES_H

enum { DIRECTIONS = 4, SOURCES = 5, KINDS = 6 };

extern const char *const record_directions[DIRECTIONS]; /* enum direction */
extern const char *const record_sources[SOURCES];       /* enum source */
extern const char *const record_kinds[KINDS];           /* enum play_kind */

#endif
