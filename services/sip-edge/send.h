/*
 * send.h - messages leave: on a flow, to one of our processes, to a URI
 */
#ifndef EDGE_SEND_H
#define EDGE_SEND_H

#include "app.h"

enum { SEND_SOURCE_SIZE = ADDRESS_TEXT_SIZE + 16 };

/** Send on exactly this flow. @return 0 or an errno */
int send_on_flow(struct app *app, const struct flow *flow, struct slice text);

/** Answer it ourselves; says nothing to an ACK. */
void send_answer(struct app *app, const struct message *m,
                 const struct flow *from, const struct answer *answer);

/** Value of X-Trestle-Source: `ip:port;transport=udp`. @return @p out */
struct slice send_print_source(const struct flow *from,
                               char out[SEND_SOURCE_SIZE]);

/** A request from outside, to the instance of ours at @p to. */
void send_inside(struct app *app, const struct message *m,
                 const struct flow *from, const struct route *r,
                 const struct address *to);

/** A request from inside, to a flow: r->flow. */
void send_outside(struct app *app, const struct message *m,
                  const struct flow *from, const struct route *r);

/** A request from inside, to a URI: r->target. */
void send_to_uri(struct app *app, const struct message *m,
                 const struct flow *from, const struct route *r);

/** A connection to @p failed could not be opened for our own message @p m: send
 *  it to another server of its target, or step_undeliverable(). */
void send_again(struct app *app, const struct message *m,
                const struct flow *failed);

/** The text that leaves for the outside; n = 0: too large. It is borrowed until
 *  the next message. */
struct slice send_print(struct app *app, const struct message *m,
                        const struct flow *from, const struct route *r,
                        enum transport transport, const struct flow *flow);

/** Answer it ourselves with this status. */
void send_refuse(struct app *app, const struct message *m,
                 const struct flow *from, unsigned status, const char *phrase);

#endif
