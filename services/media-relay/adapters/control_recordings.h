/*
 * control_recordings.h - recordings in media.proto; inside of adapters/ only
 */
#ifndef MEDIA_ADAPTERS_CONTROL_RECORDINGS_H
#define MEDIA_ADAPTERS_CONTROL_RECORDINGS_H

#include "app.h"

/** At most SESSION_WANTED_MAX. @return NULL, or what is wrong */
const char *control_read_recordings(const Trestle__SessionPut *m,
                                    struct recording_spec *out);

void control_delete_recording(struct app *app, const struct bus_return *from,
                              const Trestle__RecordingDelete *m);

#endif
