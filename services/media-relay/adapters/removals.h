/*
 * removals.h - recordings that are deleted
 *
 * The file is gone at once. `recording:{RE…}` stays for REMOVALS_DAYS with the
 * status `deleted`, in the lists too, and then is forgotten: `recordings:deleted`
 * is a sorted set of the sids by when that is (unix seconds).
 *
 * Of recordings older than TRESTLE_RECORDINGS_KEEP_DAYS nothing stays.
 */
#ifndef MEDIA_ADAPTERS_REMOVALS_H
#define MEDIA_ADAPTERS_REMOVALS_H

#include "app.h"

struct writer_event;

enum { REMOVALS_MAX = 256 };   /* that are under way */
enum { REMOVALS_BATCH = 200 }; /* old ones at a time */
enum { REMOVALS_DAYS = 40 };   /* contract 6.7 */
/* How often what is over is looked for, and after the start */
enum { REMOVALS_EVERY_MS = 3600000, REMOVALS_FIRST_MS = 3000 };
enum { REMOVALS_SOON_MS = 2000 }; /* when there are more old ones */

/** @return 0 or an errno */
int removals_init(struct app *app);
void removals_close(struct app *app);

/** Answer RecordingDelete, now or later. @param busy it is being written here */
void removals_ask(struct app *app, const struct bus_return *from,
                  const char *sid, bool busy);

/** Its file is gone, or was not there. */
void removals_done(struct app *app, const struct writer_event *ev);

#endif
