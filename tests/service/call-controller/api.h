/*
 * api.h - what rest-api asks a call-controller
 */
#ifndef API_H
#define API_H

#include <stdbool.h>

#include "platform.h"
#include "talk.h"

struct api_reply {
	bool done;
	int err;       /* of the bus */
	unsigned code; /* of the ControlReply; 0 = done */
	char status[32];
	char text[128]; /* also of a Refusal */
	bool refused;
	char recording_sid[40], recording_status[16];
};

/** Ask, and wait for the reply. @p instance NULL: any controller */
struct api_reply api_ask(struct platform *p, Trestle__Envelope *env,
                         const char *instance);

/** A call to bob, with status callbacks of all events. Change it, then place
 *  it. Strings live as long as the process. */
Trestle__CallCreate api_call(char sid[35]);
struct api_reply api_place(struct platform *p, Trestle__CallCreate *call);

/** Change a live call. @p instance NULL: any controller */
Trestle__CallUpdate api_update(const char *sid);
struct api_reply api_change(struct platform *p, Trestle__CallUpdate *update,
                            const char *instance);
/** … so that it has this status */
struct api_reply api_set_status(struct platform *p, const char *sid,
                                const char *status, const char *instance);
struct api_reply api_delete(struct platform *p, const char *sid);

/** Place a call to bob and wait for the INVITE of his phone. */
void api_ring(struct platform *p, struct talk *d, Trestle__CallCreate *call);

#endif
