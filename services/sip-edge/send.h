/*
 * send.h - messages leave: on a flow, to one of our processes, to a URI
 */
#ifndef EDGE_SEND_H
#define EDGE_SEND_H

#include "app.h"

/** Send on exactly this flow. @return 0 or an errno */
int send_on_flow(struct app *app, const struct flow *flow, struct slice text);

/** Answer it ourselves; says nothing to an ACK. */
void send_answer(struct app *app, const struct message *m,
                 const struct flow *from, const struct answer *answer);

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

#endif
