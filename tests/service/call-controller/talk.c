/*
 * talk.c - one call between alice, who calls, and bob, both behind the edge
 */
#include "talk.h"

#include "phone.h"
#include "unit/test.h"

const char talk_dial_bob[] =
	"<Response><Dial answerOnBridge=\"true\">"
	"<Sip>sip:bob@acme.example</Sip></Dial></Response>";

void talk_reset(struct platform *p, const char *document)
{
	p->document = document;
	p->bindings[0] = "sip:bob@192.0.2.2:5062";
	p->bindings[1] = NULL;
	p->binding_at = "192.0.2.2";
	p->username = "alice";
	p->lookups = 0;
	p->verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__USER;
	p->n_notes = p->fetches = p->puts = p->releases = 0;
	p->authorizations = 0;
	while (p->edge.n)
		free(p->edge.inbox[--p->edge.n]);
}

static void uri_of(const char *header, char *out, size_t size)
{
	const char *at = strchr(header, '<');

	assert_non_null(at);
	snprintf(out, size, "%.*s", (int)strcspn(at + 1, ">"), at + 1);
}

static void tag_of(const char *header, char *out, size_t size)
{
	const char *at = strstr(header, ";tag=");

	assert_non_null(at);
	snprintf(out, size, "%s", at + 5);
}

void talk_invite(struct platform *p, struct talk *d, const char *more)
{
	static unsigned n;

	memset(d, 0, sizeof(*d));
	snprintf(d->callid, sizeof(d->callid), "alice-%u-%d", ++n,
	         (int)p->controller[0]);
	phone_send(&p->edge,
	           "INVITE sip:bob@acme.example SIP/2.0\n"
	           "Via: SIP/2.0/UDP %s;branch=z9hG4bK-%s\n"
	           "Record-Route: <sip:flow-a@%s;lr>\n"
	           "X-Trestle-Source: 192.0.2.1:5061;transport=udp\n"
	           "From: <sip:alice@acme.example>;tag=a\n"
	           "To: <sip:bob@acme.example>\n"
	           "Call-ID: %s\nCSeq: 1 INVITE\n"
	           "Contact: <sip:alice@192.0.2.1:5061>\n"
	           "Max-Forwards: 70\nX-Color: red\n%s" TALK_SDP,
	           p->edge.address, d->callid, p->edge.address, d->callid,
	           more);
}

/* In alice's dialog; @p cseq counts on */
void talk_from_alice(struct platform *p, const struct talk *d,
                     const char *method, unsigned cseq, const char *more)
{
	phone_send(&p->edge,
	           "%s %s SIP/2.0\n"
	           "Via: SIP/2.0/UDP %s;branch=z9hG4bK-%s-%s-%u\n"
	           "From: <sip:alice@acme.example>;tag=a\n"
	           "To: <sip:bob@acme.example>;tag=%s\n"
	           "X-Trestle-Source: %s:5061;transport=udp\n"
	           "Call-ID: %s\nCSeq: %u %s\nMax-Forwards: 70\n%s",
	           method, d->contact, p->edge.address, d->callid, method, cseq,
	           d->tag, d->alice_at ? d->alice_at : "192.0.2.1", d->callid,
	           cseq, method, more);
}

/* In bob's dialog, from bob */
void talk_from_bob(struct platform *p, const struct talk *d, const char *method,
                   unsigned cseq)
{
	phone_send(&p->edge,
	           "%s %s SIP/2.0\n"
	           "Via: SIP/2.0/UDP %s;branch=z9hG4bK-%s-%s-%u\n"
	           "From: %s\nTo: %s\n"
	           "X-Trestle-Source: %s:5062;transport=udp\n"
	           "Call-ID: %s\nCSeq: %u %s\nMax-Forwards: 70",
	           method, d->child_contact, p->edge.address, d->sid, method,
	           cseq, d->child_to, d->child_from,
	           d->bob_at ? d->bob_at : "192.0.2.2", d->child_callid, cseq,
	           method);
}

/* bob's phone gets its INVITE; it stays the present message */
/* An INVITE to a phone that is silent is repeated for 32 s: into later cases. */
static bool is_repeated(const char *callid)
{
	static char seen[64][sizeof(((struct talk *)0)->child_callid)];
	static size_t n;

	for (size_t i = 0; i < n && i < 64; i++)
		if (strcmp(seen[i], callid) == 0)
			return true;
	snprintf(seen[n++ % 64], sizeof(seen[0]), "%s", callid);
	return false;
}

void talk_wait_child(struct platform *p, struct talk *d)
{
	struct phone *edge = &p->edge;

	do
		phone_wait(edge, "INVITE sip:bob@192.0.2.2:5062", "");
	while (is_repeated(phone_header(edge, "Call-ID")));
	snprintf(d->child_callid, sizeof(d->child_callid), "%s",
	         phone_header(edge, "Call-ID"));
	snprintf(d->child_from, sizeof(d->child_from), "%s",
	         phone_header(edge, "From"));
	snprintf(d->child_to, sizeof(d->child_to), "%s;tag=b",
	         phone_header(edge, "To"));
	uri_of(phone_header(edge, "Contact"), d->child_contact,
	       sizeof(d->child_contact));
	snprintf(d->sid, sizeof(d->sid), "%s", d->child_contact + 4);
}

void talk_answer_child(struct platform *p)
{
	char more[1024];

	snprintf(more, sizeof(more),
	         "Record-Route: <sip:token@%s;lr>\n"
	         "X-Trestle-Source: 192.0.2.2:5062;transport=udp\n"
	         "Contact: <sip:bob@192.0.2.2:5062>\n" TALK_SDP,
	         p->edge.address);
	phone_answer(&p->edge, "200 OK", "b", more);
}

static void wait_answer(struct platform *p, struct talk *d)
{
	struct phone *edge = &p->edge;

	phone_wait(edge, "SIP/2.0 200", "INVITE");
	uri_of(phone_header(edge, "Contact"), d->contact, sizeof(d->contact));
	tag_of(phone_header(edge, "To"), d->tag, sizeof(d->tag));
	talk_from_alice(p, d, "ACK", 1, "");
}

void talk_answer(struct platform *p, struct talk *d)
{
	talk_answer_child(p);
	phone_wait(&p->edge, "ACK sip:bob@192.0.2.2:5062", d->child_callid);
	wait_answer(p, d);
}

/* A bridged call: alice and bob talk */
void talk_bridge(struct platform *p, struct talk *d)
{
	talk_reset(p, talk_dial_bob);
	talk_invite(p, d, "");
	phone_wait(&p->edge, "SIP/2.0 100", d->callid);
	phone_wait(&p->edge, "SIP/2.0 180", d->callid);
	talk_wait_child(p, d);
	phone_answer(&p->edge, "180 Ringing", "b", "");
	talk_answer(p, d);
}

void talk_expect(struct platform *p, const struct talk *d, const char *field,
                 const char *expect)
{
	char key[64];

	snprintf(key, sizeof(key), "call:{%s}", d->sid);
	platform_expect(p, key, field, expect);
}
